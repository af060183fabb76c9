import type { Service } from '@aws-sdk/client-ecs';
import type { EcsAccess } from './access';
import { shiftsTraffic } from './deployment-configuration';
import { wasInterrupted } from './interruptions';
import type { DeploymentRecord } from './service-deployments';

const FEWEST = 3;
const MOST = 200;

/**
 * Failed tasks with which a deployment is given up: half of the desired ones, at least 3 and at most 200. That is the
 * rule of ECS's circuit breaker, which serves rolling updates only.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export const failureThreshold = (desired: number): number =>
  Math.min(MOST, Math.max(FEWEST, Math.ceil(desired / 2)));

/**
 * Why a deployment that shifts traffic is to be given up; undefined while too few tasks have failed, and for a rolling
 * update, which the circuit breaker ends.
 *
 * @param interrupted tasks that ECS counts, and whose instance AWS took away @default 0
 */
export function tooManyFailures(
  record: DeploymentRecord,
  service: Service,
  interrupted = 0,
): string | undefined {
  if (!shiftsTraffic(record.strategy)) return undefined;
  const failed = failedTasksOf(record, service) - interrupted;
  const threshold = failureThreshold(service.desiredCount ?? 0);
  if (failed < threshold) return undefined;
  return `${failed} tasks failed one after the other, the threshold is ${threshold}`;
}

/**
 * Tasks of this deployment that failed in a row, as the service counts them. Of two deployments of one task definition,
 * the newer counts.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html (failedTasks)
 */
function failedTasksOf({ taskDefinition }: DeploymentRecord, { deployments = [] }: Service): number {
  const time = (createdAt: Date | undefined) => createdAt?.getTime() ?? 0;
  const [newest] = deployments
    .filter((each) => each.taskDefinition === taskDefinition)
    .sort((a, b) => time(b.createdAt) - time(a.createdAt));
  return newest?.failedTasks ?? 0;
}

/** The same, with the tasks left out whose Spot Instance was taken away: they have not failed. */
export async function tooManyOwnFailures(
  access: EcsAccess,
  record: DeploymentRecord,
  service: Service,
): Promise<string | undefined> {
  const all = tooManyFailures(record, service);
  if (all === undefined || access.spec.capacity?.purchase !== 'spot') return all;
  return tooManyFailures(record, service, await interruptedTasks(access, record));
}

/** ECS counts a task as failed that does not come to run, whatever the reason. */
async function interruptedTasks(
  { tasks }: EcsAccess,
  { createdAt, taskDefinition }: DeploymentRecord,
): Promise<number> {
  const stopped = await tasks.tasks('STOPPED');
  return stopped.filter(
    (task) =>
      wasInterrupted(task) &&
      task.startedAt === undefined &&
      task.taskDefinitionArn === taskDefinition &&
      (task.createdAt ?? createdAt) >= createdAt,
  ).length;
}
