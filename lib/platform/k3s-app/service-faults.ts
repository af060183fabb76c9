import { appFaults, type K3sMemory } from '../../../constructs/k3s-app';
import type { Fault } from '../../../contract';
import { duplicateFaults } from '../environment-rules';
import { outside } from '../faults';
import { appProps } from './construct-props';
import { rangeFaults } from './ipv4-range';
import type { K3sApp, K3sAppService } from './k3s-app';
import { startupFaults } from './startup-faults';

/** Fields of services that contradict each other. */
export function serviceFaults(app: K3sApp, place: string): Fault[] {
  const at = (index: number) => `${place}.services[${index}]`;
  const { services } = app;
  return [
    ...objectFaults(app, place),
    ...duplicateFaults(
      services.map(({ route }, index) => (route ? `${route.host}${route.path ?? '/'}` : `#${index}`)),
      (index) => `${at(index)}.route`,
      'service',
    ),
    ...services.flatMap((service, index) => [
      ...trackNameFaults(app, service, `${at(index)}.name`),
      ...leastMemoryFaults(service.memory, `${at(index)}.memory.request`),
      ...startupFaults(app, service, `${at(index)}.probes.startupTime`),
      ...imageNameFaults(service, `${at(index)}.names`),
      ...(service.egress ?? []).flatMap(({ cidr }, rule) =>
        rangeFaults(cidr, `${at(index)}.egress[${rule}].cidr`),
      ),
    ]),
  ];
}

/** What the manifests could not hold, as their renderer knows it; each environment renders the same services. */
function objectFaults(app: K3sApp, place: string): Fault[] {
  const faults = app.environments.flatMap((environment) =>
    appFaults(appProps(app, environment, '')).map((fault) => ({
      ...fault,
      // The renderer names the workload, the platform file its place.
      place: fault.place.replace(`${app.id} `, `${place}.`),
    })),
  );
  return faults.filter(
    ({ place, value }, index) =>
      faults.findIndex((other) => other.place === place && other.value === value) === index,
  );
}

export function redisFaults({ redis }: K3sApp, place: string): Fault[] {
  if (!redis) return [];
  const { memory, storageGib } = redis;
  return [
    ...leastMemoryFaults(memory, `${place}.redis.memory.request`),
    ...(memory.requestMib <= memory.limitMib
      ? []
      : [
          {
            place: `${place}.redis.memory`,
            value: `request ${memory.requestMib} MiB, limit ${memory.limitMib} MiB`,
            allowed: 'a limit that is not below the request',
            change: 'raise the limit, or lower the request',
          },
        ]),
    ...outside(storageGib, 1, 16_384, `${place}.redis.storage`, 'GiB'),
  ];
}

/** Both tracks of a service with a route may be there: the platform file can change its update at any time. */
function trackNameFaults({ services }: K3sApp, { name }: K3sAppService, place: string): Fault[] {
  return services
    .filter((other) => other.route && [`${other.name}-blue`, `${other.name}-green`].includes(name))
    .map((other) => ({
      place,
      value: `"${name}", as a Deployment of ${other.name} is named`,
      allowed: 'a name of its own',
      change: 'give one of the two services another name',
    }));
}

function leastMemoryFaults({ requestMib }: K3sMemory, place: string): Fault[] {
  if (requestMib >= 1) return [];
  return [
    {
      place,
      value: 'less than 1 MiB',
      allowed: 'at least 1 MiB: pods that request nothing are in no memory budget',
      change: 'write what the service needs when it does nothing',
    },
  ];
}

function imageNameFaults({ image, imageNames }: K3sAppService, place: string): Fault[] {
  if (!imageNames || image.store.registry === 'ecr') return [];
  return [
    {
      place,
      value: `names in ECR of an image that is kept at Docker Hub, in ${image.store.repository}`,
      allowed: 'none with registry.dockerHub',
      change: 'remove names, or remove registry to keep the images in ECR',
    },
  ];
}
