import type { Fault } from '../../../contract';
import { outside } from '../faults';
import { logRetentionFaults } from '../log-retention';
import type { EcsServiceEnvironment, EcsServiceFields } from './ecs-service';
import { waitFaults } from './wait-faults';

/** Longest answer that the verification waits for, in milliseconds. */
const LONGEST_LATENCY_MS = 10_000;

/** What is asked of every service on ECS besides what is asked of every workload. */
export function ecsServiceFaults(service: EcsServiceFields, place: string): Fault[] {
  const { verification, logRetentionDays } = service;
  return [
    ...healthFaults(service, place),
    ...waitFaults(service, `${place}.rollout`),
    ...outside(
      verification?.latencyBudgetMs ?? 1,
      1,
      LONGEST_LATENCY_MS,
      `${place}.verification.latencyBudget`,
      'milliseconds',
    ),
    ...logRetentionFaults(logRetentionDays, place),
    ...service.environments.flatMap((environment, index) => [
      ...loadBalancerFaults(environment, `${place}.environments[${index}].loadBalancer`),
      ...taskFaults(environment, `${place}.environments[${index}].tasks`),
    ]),
  ];
}

function healthFaults({ container }: EcsServiceFields, place: string): Fault[] {
  const { intervalSeconds, timeoutSeconds, startPeriodSeconds } = container.health;
  const at = `${place}.container.health`;
  return [
    ...outside(intervalSeconds, 5, 300, `${at}.interval`, 'seconds'),
    ...outside(timeoutSeconds, 2, 60, `${at}.timeout`, 'seconds'),
    ...outside(startPeriodSeconds, 0, 300, `${at}.startPeriod`, 'seconds'),
    ...(timeoutSeconds < intervalSeconds
      ? []
      : [
          {
            place: `${at}.timeout`,
            value: `${timeoutSeconds} seconds`,
            allowed: `less than the interval of ${intervalSeconds} seconds`,
            change: 'shorten the timeout or lengthen the interval',
          },
        ]),
  ];
}

function loadBalancerFaults({ loadBalancer }: EcsServiceEnvironment, place: string): Fault[] {
  if (loadBalancer.scheme === 'internal' || loadBalancer.certificateArn !== undefined) return [];
  return [
    {
      place,
      value: 'an internet-facing load balancer without certificate',
      allowed: 'HTTPS only, once the internet can reach it',
      change: 'add certificateArn, or make the scheme internal',
    },
  ];
}

function taskFaults({ tasks }: EcsServiceEnvironment, place: string): Fault[] {
  if (tasks.min <= tasks.desired && tasks.desired <= tasks.max) return [];
  return [
    {
      place,
      value: `min ${tasks.min}, desired ${tasks.desired}, max ${tasks.max}`,
      allowed: 'min at most desired, desired at most max',
      change: 'order the three numbers',
    },
  ];
}
