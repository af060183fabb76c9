import { countFailure } from './breaker';
import { say } from './deployments';
import { type Moment, secondsSince, serviceOf } from './moment';
import type { TaskState } from './state';

/** How a task comes to its end, as `DescribeTasks` tells it. */
export type End = Pick<TaskState, 'stopCode' | 'reason' | 'exitCode' | 'containerReason'>;

/** A task that ended by itself. */
export function failTask(moment: Moment, task: TaskState, end: End): void {
  releaseTargets(moment, task);
  const { now } = moment;
  Object.assign(task, end, { desired: 'STOPPED', status: 'STOPPED', stoppingAt: now, stoppedAt: now });
  countFailure(moment, task, end.reason ?? 'it ended');
}

/**
 * Tells a task to stop: it leaves its target groups, gets its signal, and ends.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
 */
export function stopTask(moment: Moment, task: TaskState, end: End): void {
  releaseTargets(moment, task);
  Object.assign(task, end, { desired: 'STOPPED', stoppingAt: moment.now });
  if (task.status === 'PROVISIONING') Object.assign(task, { status: 'STOPPED', stoppedAt: moment.now });
  else task.status = task.targets.length > 0 ? 'DEACTIVATING' : 'STOPPING';
  if (task.status === 'STOPPING') task.stoppingAt = moment.now;
}

/** One second in the life of a task that is told to stop. */
export function goOnStopping(moment: Moment, task: TaskState): void {
  const { ports, state, now } = moment;
  if (task.status === 'DEACTIVATING') {
    const drains = task.targets.some(
      ({ group, ...target }) => ports.targets.health(group, target) === 'draining',
    );
    if (!drains) Object.assign(task, { status: 'STOPPING', stoppingAt: now });
  } else if (
    task.status === 'STOPPING' &&
    secondsSince(moment, task.stoppingAt) >= state.timing.stopsWithin
  ) {
    Object.assign(task, { status: 'STOPPED', stoppedAt: now });
  }
}

function releaseTargets(moment: Moment, task: TaskState): void {
  for (const { group, ...target } of task.targets) {
    moment.ports.targets.deregister(group, target);
    if (task.service === undefined) continue;
    const service = serviceOf(moment.state, task.service);
    say(moment, service, `deregistered 1 targets in (target-group ${group}).`);
  }
}
