import { currentOf, endDeployment, goalOf, hasEnded, rollBack, say } from './deployments';
import { type Moment, serviceOf } from './moment';
import type { DeploymentState, ServiceState, TaskState } from './state';

const DEFAULT = { type: 'BOUNDED_PERCENT', value: 50 } as const;
const BOUNDS = { least: 3, most: 200 };

/**
 * Failed tasks with which a deployment fails.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function thresholdOf({ breaker, desired }: ServiceState): number {
  const { type, value } = breaker.threshold ?? DEFAULT;
  if (type === 'COUNT') return value;
  const share = Math.ceil((value / 100) * desired);
  return type === 'UNBOUNDED_PERCENT' ? share : Math.min(BOUNDS.most, Math.max(BOUNDS.least, share));
}

/**
 * Counts a task that ended before it passed its checks. What ends later is replaced, but is no failure of the
 * deployment.
 */
export function countFailure(moment: Moment, task: TaskState, reason: string): void {
  if (task.service === undefined || task.served) return;
  const service = serviceOf(moment.state, task.service);
  const current = currentOf(service);
  if (!current || current.id !== task.startedBy || task.revision !== goalOf(service)) return;
  if (hasEnded(current)) return;
  say(moment, service, `(task ${task.id}) failed: ${reason}.`);
  if (current.rollback) countWhileGoingBack(moment, service, current);
  else count(moment, service, current);
}

/** In the consecutive model a good task ends the row of failures. */
export function countSuccess({ state }: Moment, task: TaskState): void {
  if (task.service === undefined) return;
  const service = serviceOf(state, task.service);
  const current = currentOf(service);
  const resets = service.breaker.resetOnHealthyTask ?? true;
  if (resets && current && !current.rollback && current.id === task.startedBy) current.failures = 0;
}

function count(moment: Moment, service: ServiceState, current: DeploymentState): void {
  current.failures += 1;
  const { enable, rollback } = service.breaker;
  if (!enable || current.failures < thresholdOf(service)) return;
  current.breakerTriggered = true;
  say(moment, service, `(deployment ecs-svc/${current.id}) deployment failed: tasks failed to start.`);
  if (rollback) {
    const why = 'Service deployment rolled back because the circuit breaker threshold was exceeded.';
    rollBack(moment, service, current, why);
  } else {
    endDeployment(moment, service, current, 'STOPPED', 'the circuit breaker threshold was exceeded');
  }
}

function countWhileGoingBack(moment: Moment, service: ServiceState, current: DeploymentState): void {
  current.rollbackFailures += 1;
  if (!service.breaker.enable || current.rollbackFailures < thresholdOf(service)) return;
  endDeployment(moment, service, current, 'ROLLBACK_FAILED', 'tasks failed to start');
}
