import type { Behaviour } from './behaviour';
import { definitionOf, type Moment, secondsSince, serviceOf } from './moment';
import type { TargetHealth } from './ports';
import type { TaskState } from './state';
import { hasHealthCheck, healthTiming } from './task-definitions';

/** Seconds after its start from which a task passes a check; never for one that fails it. */
export function passesFrom(behaviour: Behaviour, check: 'container' | 'loadBalancer'): number | undefined {
  if (behaviour.kind === 'healthy') return behaviour.readyAfter ?? 0;
  if (behaviour.kind !== 'unhealthy') return 0;
  return behaviour.check === undefined || behaviour.check === check ? undefined : 0;
}

/** Health of a running task as its container checks report it: by the probes that have run until now. */
export function containerHealth(moment: Moment, task: TaskState): TaskState['health'] {
  const definition = definitionOf(moment.state, task.definition);
  if (!hasHealthCheck(definition)) return 'UNKNOWN';
  const { interval, unhealthyAfter } = healthTiming(definition);
  const runs = secondsSince(moment, task.startedAt);
  const from = passesFrom(task.behaviour, 'container');
  if (from !== undefined && runs >= Math.max(1, Math.ceil(from / interval)) * interval) return 'HEALTHY';
  return runs >= unhealthyAfter ? 'UNHEALTHY' : 'UNKNOWN';
}

const targetHealths = ({ ports }: Moment, task: TaskState): readonly (TargetHealth | undefined)[] =>
  task.targets.map(({ group, ...target }) => ports.targets.health(group, target));

/**
 * Why the scheduler stops a running task of a service, if it does. It takes no notice within the grace period.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
export function failedCheck(moment: Moment, task: TaskState): string | undefined {
  if (task.service === undefined) return undefined;
  const { gracePeriod, loadBalancers } = serviceOf(moment.state, task.service);
  const graced = loadBalancers.length > 0 && secondsSince(moment, task.startedAt) < gracePeriod;
  if (graced) return undefined;
  if (task.health === 'UNHEALTHY') return 'Task failed container health checks';
  const healths = targetHealths(moment, task);
  const failed = task.targets.find((_, index) => healths[index] === 'unhealthy');
  return failed && `Task failed ELB health checks in (target-group ${failed.group})`;
}

/** True for a task that does its work as far as its checks can tell. */
export function isServing(moment: Moment, task: TaskState): boolean {
  if (task.status !== 'RUNNING') return false;
  const checked = hasHealthCheck(definitionOf(moment.state, task.definition));
  if (checked && task.health !== 'HEALTHY') return false;
  if (task.targets.length > 0) return targetHealths(moment, task).every((health) => health === 'healthy');
  return checked || secondsSince(moment, task.startedAt) >= moment.state.timing.settlesWithin;
}
