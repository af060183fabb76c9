import type { Fault } from '../../contract';
import type { K3sAppProps, K3sService } from './props';
import { routedName, TRACKS, trackName } from './app-labels';
import { egressFaults } from './egress';
import { environmentFaults } from './environment-faults';
import { LEAST_REDIS_MIB, REDIS } from './redis';

/** Names of what belongs to no service. */
const TAKEN = [REDIS, 'default-deny', 'dns'];

/** A DNS label, short enough to have a track behind it and the hash of a pod. */
const NAME = /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/;

/** Nothing in it can end the rule that Traefik is given. */
const HOST = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const PATH = /^\/[-A-Za-z0-9._~/]*$/;

/** What no schema of Kubernetes tells, because it lies between objects. */
export function appFaults(app: K3sAppProps): readonly Fault[] {
  const names = app.services.map(({ name }) => name);
  // A service with a route may have tracks one day, if it has none today.
  const tracks = app.services.flatMap(({ name, route }) =>
    route === undefined ? [] : [...TRACKS.map((track) => trackName(name, track)), routedName(name)],
  );
  const services = app.services.flatMap((service, index) => {
    const place = `${app.workload} services[${index}]`;
    return [
      ...nameFaults(service.name, names, [...TAKEN, ...tracks], place),
      ...routeFaults(service, place),
      ...callerFaults(service, names, place),
      ...egressFaults(service, place),
      ...scalerFaults(app, service, place),
      ...memoryFaults(service, place),
    ];
  });
  return [...services, ...redisFaults(app), ...environmentFaults(app)];
}

function redisFaults({ workload, redis }: K3sAppProps): Fault[] {
  if (redis === undefined || redis.memory.limitMib >= LEAST_REDIS_MIB) return [];
  return [
    {
      place: `${workload} redis.memory.limit`,
      value: `${redis.memory.limitMib} MiB`,
      allowed: `at least ${LEAST_REDIS_MIB} MiB: Redis keeps nothing in less, and of no MiB at all it makes no limit`,
      change: 'raise the limit',
    },
  ];
}

function nameFaults(
  name: string,
  names: readonly string[],
  taken: readonly string[],
  place: string,
): Fault[] {
  const isSingle = names.indexOf(name) === names.lastIndexOf(name);
  if (NAME.test(name) && isSingle && !taken.includes(name)) return [];
  return [
    {
      place: `${place}.name`,
      value: name,
      allowed: `a DNS label of at most 40 characters that is given once, and none of ${taken.join(', ')}`,
      change: 'choose another name',
    },
  ];
}

function routeFaults({ route }: K3sService, place: string): Fault[] {
  if (route === undefined) return [];
  const wrong = (field: string, value: string, allowed: string): Fault => ({
    place: `${place}.route.${field}`,
    value,
    allowed,
    change: `write such a ${field}`,
  });
  return [
    ...(HOST.test(route.host) ? [] : [wrong('host', route.host, 'a host name such as api.example.com')]),
    ...(route.path === undefined || PATH.test(route.path)
      ? []
      : [wrong('path', route.path, 'a path such as /v1, without query and escapes')]),
  ];
}

function callerFaults({ name, callers }: K3sService, names: readonly string[], place: string): Fault[] {
  const others = names.filter((other) => other !== name);
  return (callers ?? [])
    .filter((caller) => !others.includes(caller))
    .map((caller) => ({
      place: `${place}.callers`,
      value: caller,
      allowed:
        others.length > 0
          ? `other services of the workload: ${others.join(', ')}`
          : 'nothing: it is the only service',
      change: 'name a service of the workload, or leave it out',
    }));
}

/** Two Deployments share the traffic of a routed service: the number of pods of neither says what is needed. */
function scalerFaults(app: K3sAppProps, { route, autoscaler }: K3sService, place: string): Fault[] {
  if (autoscaler === undefined) return [];
  const { min, max } = autoscaler;
  return [
    ...(route !== undefined && app.strategy !== 'rolling'
      ? [
          {
            place: `${place}.autoscaler`,
            value: `an autoscaler with the strategy ${app.strategy}`,
            allowed: "the strategy 'rolling' for a service with route and autoscaler",
            change: "remove the autoscaler, or set the strategy to 'rolling'",
          },
        ]
      : []),
    ...(Number.isInteger(min) && Number.isInteger(max) && 1 <= min && min <= max
      ? []
      : [
          {
            place: `${place}.autoscaler`,
            value: `min ${min}, max ${max}`,
            allowed: 'whole numbers, 1 ≤ min ≤ max',
            change: 'write such numbers',
          },
        ]),
  ];
}

function memoryFaults({ memory, cpu }: K3sService, place: string): Fault[] {
  const faults: Fault[] = [];
  if (memory.requestMib > memory.limitMib) {
    faults.push({
      place: `${place}.memory`,
      value: `request ${memory.requestMib} MiB, limit ${memory.limitMib} MiB`,
      allowed: 'a limit that is not below the request',
      change: 'raise the limit, or lower the request',
    });
  }
  if (cpu.limitMillis !== undefined && cpu.requestMillis > cpu.limitMillis) {
    faults.push({
      place: `${place}.cpu`,
      value: `request ${cpu.requestMillis}m, limit ${cpu.limitMillis}m`,
      allowed: 'a limit that is not below the request',
      change: 'raise the limit, or lower the request',
    });
  }
  return faults;
}
