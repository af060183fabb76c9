import type { ServiceDeploymentStatus } from '@aws-sdk/client-ecs';
import { type Moment, nextId } from './moment';
import { newProgress } from './shift/progress';
import { sideOfNew } from './shift/traffic';
import type { DeploymentState, EcsState, ServiceState, TaskState } from './state';

const ENDED: readonly ServiceDeploymentStatus[] = [
  'SUCCESSFUL',
  'STOPPED',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
];

export const hasEnded = ({ status }: DeploymentState): boolean => ENDED.includes(status);

/** The newest deployment: the one by which the scheduler goes. */
export const currentOf = (service: ServiceState): DeploymentState | undefined => service.deployments[0];

/** Id of the revision that the service is to run. */
export function goalOf(service: ServiceState): string {
  const current = currentOf(service);
  return current?.rollback?.revision ?? current?.revision ?? '';
}

/** ARN of the task definition that the service is to run. */
export const targetOf = (service: ServiceState): string => service.revisions[goalOf(service)] ?? '';

/** Tasks that are to run: all of the service, or those of one revision. */
export function aliveTasks(state: EcsState, service: ServiceState, revision?: string): readonly TaskState[] {
  return state.tasks.filter(
    (task) =>
      task.service === service.arn &&
      task.desired === 'RUNNING' &&
      (revision === undefined || task.revision === revision),
  );
}

/** A message of the service scheduler. */
export function say(moment: Moment, service: ServiceState, message: string): void {
  const text = `(service ${service.name}) ${message}`;
  service.events.unshift({ id: nextId(moment, 'event'), at: moment.now, message: text });
}

/**
 * Starts a service deployment. One that is under way ends as stopped.
 *
 * @param definition ARN of the task definition
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
export function startDeployment(moment: Moment, service: ServiceState, definition: string): DeploymentState {
  const source = service.deployments.find(({ status }) => status === 'SUCCESSFUL')?.revision;
  for (const other of service.deployments.filter((each) => !hasEnded(each))) {
    endDeployment(moment, service, other, 'STOPPED', 'the deployment was replaced by a newer one');
  }
  const revision = nextId(moment, 'revision');
  const sourceRuns = aliveTasks(moment.state, service).length > 0;
  service.sides[revision] = sideOfNew(service, source);
  service.revisions[revision] = definition;
  const deployment: DeploymentState = {
    id: nextId(moment, 'deployment'),
    revision,
    source,
    createdAt: moment.now,
    status: 'PENDING',
    failures: 0,
    rollbackFailures: 0,
    counts: { requested: service.desired, running: 0, pending: 0 },
    triggeredAlarms: [],
    breakerTriggered: false,
    complained: false,
    ...(service.strategy.kind !== 'ROLLING' && {
      shift: newProgress(service.strategy, sourceRuns, moment.now),
    }),
  };
  service.deployments.unshift(deployment);
  return deployment;
}

export function endDeployment(
  { state, now }: Moment,
  service: ServiceState,
  deployment: DeploymentState,
  status: ServiceDeploymentStatus,
  reason?: string,
): void {
  deployment.counts = countsOf(state, service, deployment);
  deployment.status = status;
  deployment.finishedAt = now;
  if (reason !== undefined) deployment.reason = reason;
}

/** Why a deployment goes back that somebody stopped. */
export const STOPPED_BY_USER =
  'Service deployment rolled back because it was stopped with the ROLLBACK type.';

/**
 * Goes back to the revision of the last deployment that succeeded. Without one there is no way back.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-failure-detection.html
 */
export function rollBack(
  moment: Moment,
  service: ServiceState,
  deployment: DeploymentState,
  reason: string,
): void {
  const { source } = deployment;
  if (source === undefined) {
    const end = `${reason} There is no earlier deployment to go back to.`;
    endDeployment(moment, service, deployment, 'ROLLBACK_FAILED', end);
    return;
  }
  deployment.rollback = { reason, startedAt: moment.now, revision: source };
  deployment.reason = reason;
  deployment.status = 'ROLLBACK_REQUESTED';
  const earlier = service.deployments.find(({ revision }) => revision === source);
  say(moment, service, `rolling back to deployment ecs-svc/${earlier?.id ?? source}.`);
}

/** Tasks of the target revision: as they are, or as they were at the end. */
export function countsOf(
  state: EcsState,
  service: ServiceState,
  deployment: DeploymentState,
): DeploymentState['counts'] {
  if (hasEnded(deployment)) return deployment.counts;
  const mine = aliveTasks(state, service, deployment.revision);
  const running = mine.filter(({ status }) => status === 'RUNNING').length;
  const requested = deployment.rollback ? 0 : service.desired;
  return { requested, running, pending: mine.length - running };
}
