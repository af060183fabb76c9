import { aliveTasks, countsOf, currentOf, goalOf, hasEnded, targetOf } from './deployments';
import { thresholdOf } from './breaker';
import type { Moment } from './moment';
import { deploymentArn, revisionArn } from './names';
import { sourceCounts } from './shift/fleets';
import { describedHooks } from './shift/hooks';
import { describedStrategy } from './shift/settings';
import type { ShiftProgress } from './shift/progress';
import type { DeploymentState, EcsState, ServiceState } from './state';

/** Most events that ECS keeps. */
const EVENTS = 100;

/** Seconds since the epoch, as JSON 1.1 sends times. */
export const seconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : ms / 1_000;

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html */
export function describedService({ state }: Moment, service: ServiceState): object {
  const alive = aliveTasks(state, service);
  const running = alive.filter(({ status }) => status === 'RUNNING').length;
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster,
    status: service.status,
    createdAt: seconds(service.createdAt),
    desiredCount: service.desired,
    runningCount: running,
    pendingCount: alive.length - running,
    taskDefinition: targetOf(service),
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    deploymentConfiguration: describedConfiguration(service),
    loadBalancers: service.loadBalancers,
    healthCheckGracePeriodSeconds: service.gracePeriod,
    deployments: rollouts(state, service),
    events: service.events
      .slice(0, EVENTS)
      .map(({ id, at, message }) => ({ id, createdAt: seconds(at), message })),
  };
}

function describedConfiguration({ breaker, alarms, ...service }: ServiceState): object {
  const { enable, rollback, threshold, resetOnHealthyTask } = breaker;
  return {
    ...describedStrategy(service.strategy),
    minimumHealthyPercent: service.minimumHealthyPercent,
    maximumPercent: service.maximumPercent,
    deploymentCircuitBreaker: {
      enable,
      rollback,
      ...(threshold === undefined ? {} : { thresholdConfiguration: threshold }),
      ...(resetOnHealthyTask === undefined ? {} : { resetOnHealthyTask }),
    },
    alarms,
  };
}

/**
 * The deployments that still have tasks, as `DescribeServices` shows them: the one that is wanted is PRIMARY.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Deployment.html
 */
function rollouts(state: EcsState, service: ServiceState): readonly object[] {
  const goal = goalOf(service);
  const current = currentOf(service);
  const others = [...new Set(aliveTasks(state, service).map(({ revision }) => revision ?? goal))];
  return [goal, ...others.filter((revision) => revision !== goal)].map((revision) => {
    const mine = aliveTasks(state, service, revision);
    const running = mine.filter(({ status }) => status === 'RUNNING').length;
    const deployment = service.deployments.find((each) => each.revision === revision);
    return {
      id: `ecs-svc/${deployment?.id ?? revision}`,
      status: revision === goal ? 'PRIMARY' : 'ACTIVE',
      taskDefinition: service.revisions[revision],
      createdAt: seconds(deployment?.createdAt),
      desiredCount: revision === goal || isKept(current, revision) ? service.desired : 0,
      runningCount: running,
      pendingCount: mine.length - running,
      failedTasks: deployment?.failures ?? 0,
      rolloutState: rolloutState(deployment, revision === goal ? current : undefined),
    };
  });
}

/** The revision before keeps its tasks while traffic shifts. */
const isKept = (current: DeploymentState | undefined, revision: string): boolean =>
  current?.shift?.sourceRuns === true &&
  current.source === revision &&
  !hasEnded(current) &&
  current.shift.stage !== 'CLEAN_UP';

function rolloutState(
  deployment: DeploymentState | undefined,
  current: DeploymentState | undefined,
): 'COMPLETED' | 'FAILED' | 'IN_PROGRESS' {
  if (current && !hasEnded(current)) return 'IN_PROGRESS';
  if (deployment?.rollback || deployment?.status === 'STOPPED') return 'FAILED';
  return current?.status === 'ROLLBACK_FAILED' ? 'FAILED' : 'COMPLETED';
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeploymentBrief.html */
export function describedBrief(service: ServiceState, deployment: DeploymentState): object {
  const targetServiceRevisionArn = revisionArn(service, deployment.revision);
  return { ...inEveryForm(service, deployment), targetServiceRevisionArn };
}

/** What a deployment is described by, briefly and in full. */
function inEveryForm(service: ServiceState, deployment: DeploymentState): object {
  return {
    serviceDeploymentArn: deploymentArn(service, deployment),
    serviceArn: service.arn,
    clusterArn: service.cluster,
    createdAt: seconds(deployment.createdAt),
    startedAt: seconds(deployment.createdAt),
    finishedAt: seconds(deployment.finishedAt),
    status: deployment.status,
    statusReason: deployment.reason,
  };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html */
export function describedDeployment(
  moment: Moment,
  service: ServiceState,
  deployment: DeploymentState,
): object {
  const { rollback, source, failures, shift } = deployment;
  const counts = countsOf(moment.state, service, deployment);
  return {
    ...inEveryForm(service, deployment),
    sourceServiceRevisions:
      source === undefined
        ? []
        : [
            {
              arn: revisionArn(service, source),
              ...(shift && { ...sourceCounts(moment, service, deployment), ...weights(100, shift) }),
            },
          ],
    targetServiceRevision: {
      arn: revisionArn(service, deployment.revision),
      requestedTaskCount: counts.requested,
      runningTaskCount: counts.running,
      pendingTaskCount: counts.pending,
      ...(shift && weights(0, shift)),
    },
    ...(shift && { lifecycleHookDetails: describedHooks(shift) }),
    ...(shift && deployment.status.endsWith('IN_PROGRESS') && { lifecycleStage: shift.stage }),
    deploymentConfiguration: describedConfiguration(service),
    deploymentCircuitBreaker: {
      status: monitoring(service.breaker.enable, deployment.breakerTriggered, deployment),
      failureCount: failures,
      threshold: thresholdOf(service),
    },
    alarms: {
      status: monitoring(service.alarms.enable, deployment.triggeredAlarms.length > 0, deployment),
      alarmNames: service.alarms.alarmNames,
      triggeredAlarmNames: deployment.triggeredAlarms,
    },
    ...(rollback && {
      rollback: {
        reason: rollback.reason,
        startedAt: seconds(rollback.startedAt),
        serviceRevisionArn: revisionArn(service, rollback.revision),
      },
    }),
  };
}

/** @param all 0 for the share of the target, 100 for the rest of it */
const weights = (all: 0 | 100, { production, test }: ShiftProgress): object => ({
  requestedProductionTrafficWeight: Math.abs(all - production),
  requestedTestTrafficWeight: Math.abs(all - test),
});

function monitoring(enabled: boolean, triggered: boolean, deployment: DeploymentState): string {
  if (!enabled) return 'DISABLED';
  if (triggered) return 'TRIGGERED';
  return hasEnded(deployment) ? 'MONITORING_COMPLETE' : 'MONITORING';
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevision.html */
export function describedRevision(service: ServiceState, id: string): object {
  return {
    serviceRevisionArn: revisionArn(service, id),
    serviceArn: service.arn,
    clusterArn: service.cluster,
    taskDefinition: service.revisions[id],
    loadBalancers: service.loadBalancers,
  };
}
