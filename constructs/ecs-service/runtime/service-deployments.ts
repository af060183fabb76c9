import type {
  DeploymentStrategy,
  ServiceDeployment,
  ServiceDeploymentStatus,
  ServiceRevisionSummary,
} from '@aws-sdk/client-ecs';
import { DESCRIBED_AT_ONCE, type ServiceCalls } from './service-calls';

/** Share of the traffic that the rules of the load balancer send to the tasks of one service revision, in percent. */
export interface TrafficShare {
  /** ARN of its task definition; absent when ECS no longer keeps the revision. */
  readonly taskDefinition?: string;
  readonly production: number;
  readonly test: number;
}

/** A hook that ended the deployment. */
export interface FailedHook {
  /** ARN of the function; empty where the hook is none. */
  readonly target: string;
  readonly status: 'FAILED' | 'TIMED_OUT';
}

/** A service deployment with the task definitions behind its service revisions. */
export interface DeploymentRecord {
  readonly arn: string;
  readonly status: ServiceDeploymentStatus;
  readonly statusReason?: string;
  /** How it goes from one version to the next; absent where ECS does not say. */
  readonly strategy?: DeploymentStrategy;
  readonly stage?: string;
  /** Traffic of the version that is deployed; absent where ECS does not say. */
  readonly target?: TrafficShare;
  /** Traffic of what ran before. */
  readonly sources: readonly TrafficShare[];
  /** Hooks that answered badly or not in time. */
  readonly failedHooks: readonly FailedHook[];
  readonly createdAt: Date;
  /** ARN of the task definition that is deployed; absent when ECS no longer keeps the revision. */
  readonly taskDefinition?: string;
  readonly requested: number;
  readonly running: number;
  readonly pending: number;
  readonly breaker?: { readonly failed: number; readonly threshold: number };
  readonly triggeredAlarms: readonly string[];
  readonly rollback?: { readonly reason?: string; readonly taskDefinition?: string };
}

const UNDER_WAY: readonly ServiceDeploymentStatus[] = ['PENDING', 'IN_PROGRESS'];
const GOING_BACK: readonly ServiceDeploymentStatus[] = ['ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'];
/** STOP_REQUESTED counts as ended: nothing but STOPPED can follow it. */
const ENDED: readonly ServiceDeploymentStatus[] = [
  'SUCCESSFUL',
  'STOP_REQUESTED',
  'STOPPED',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
];

export const isKnownStatus = (status: ServiceDeploymentStatus): boolean =>
  [...UNDER_WAY, ...GOING_BACK, ...ENDED].includes(status);

/** A status that ECS has added since counts as under way: only a known end is an end. */
export const isUnderWay = (record: DeploymentRecord): boolean => !hasEnded(record) && !isGoingBack(record);
export const isGoingBack = ({ status }: DeploymentRecord): boolean => GOING_BACK.includes(status);
export const hasEnded = ({ status }: DeploymentRecord): boolean => ENDED.includes(status);

/**
 * True for a deployment that one can go back to. A service that is created with zero tasks has a
 * `SUCCESSFUL` deployment too, of an image that never ran.
 *
 * @param released task definition that the pipeline recorded as released
 */
export const isStable = (record: DeploymentRecord, released: string | undefined): boolean =>
  record.status === 'SUCCESSFUL' &&
  record.taskDefinition !== undefined &&
  (record.requested > 0 || record.taskDefinition === released);

export async function describe(
  calls: ServiceCalls,
  arns: readonly string[],
): Promise<readonly DeploymentRecord[]> {
  const deployments = await calls.describeDeployments(arns);
  const revisions = deployments.flatMap(({ targetServiceRevision, sourceServiceRevisions, rollback }) =>
    [
      targetServiceRevision?.arn,
      rollback?.serviceRevisionArn,
      ...(sourceServiceRevisions ?? []).map(({ arn }) => arn),
    ].filter((arn) => arn !== undefined),
  );
  const definitions = await calls.definitionsOf(revisions);
  return deployments.map((deployment) => recordOf(deployment, definitions));
}

/** Newest first, described page by page, so that a reader who finds what it wants stops early. */
export async function* history(
  calls: ServiceCalls,
  status?: ServiceDeploymentStatus,
): AsyncGenerator<DeploymentRecord> {
  const briefs = await calls.deployments(status);
  const arns = briefs.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
  for (let start = 0; start < arns.length; start += DESCRIBED_AT_ONCE) {
    const page = await describe(calls, arns.slice(start, start + DESCRIBED_AT_ONCE));
    yield* [...page].sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }
}

/** The newest deployment; undefined when the last one is older than the 90 days that ECS keeps. */
export async function newest(calls: ServiceCalls): Promise<DeploymentRecord | undefined> {
  const [brief] = await calls.deployments();
  if (!brief?.serviceDeploymentArn) return undefined;
  const [record] = await describe(calls, [brief.serviceDeploymentArn]);
  return record;
}

/**
 * Task definitions that one can go back to, newest first. When the history is shorter than that, the
 * recorded release stands in.
 */
export async function* stableDefinitions(
  calls: ServiceCalls,
  released: string | undefined,
): AsyncGenerator<string> {
  const told = new Set<string>();
  for await (const record of history(calls, 'SUCCESSFUL')) {
    const { taskDefinition } = record;
    if (taskDefinition === undefined || told.has(taskDefinition) || !isStable(record, released)) continue;
    told.add(taskDefinition);
    yield taskDefinition;
  }
  if (released !== undefined && !told.has(released)) yield released;
}

/** Task definition of the last stable deployment that ran something else than the excluded ones. */
export async function lastStable(
  calls: ServiceCalls,
  released: string | undefined,
  excluded: readonly (string | undefined)[],
): Promise<string | undefined> {
  for await (const arn of stableDefinitions(calls, released)) {
    if (!excluded.includes(arn)) return arn;
  }
  return undefined;
}

function recordOf(deployment: ServiceDeployment, definitions: ReadonlyMap<string, string>): DeploymentRecord {
  const { targetServiceRevision: target, rollback, deploymentCircuitBreaker: breaker } = deployment;
  const definition = (revision: string | undefined) => definitions.get(revision ?? '');
  return {
    arn: deployment.serviceDeploymentArn ?? '',
    status: deployment.status ?? 'PENDING',
    createdAt: deployment.createdAt ?? new Date(0),
    requested: target?.requestedTaskCount ?? 0,
    running: target?.runningTaskCount ?? 0,
    pending: target?.pendingTaskCount ?? 0,
    sources: (deployment.sourceServiceRevisions ?? []).flatMap((each) => shareOf(each, definitions) ?? []),
    failedHooks: (deployment.lifecycleHookDetails ?? []).flatMap(({ status, targetArn = '' }) =>
      status === 'FAILED' || status === 'TIMED_OUT' ? [{ target: targetArn, status }] : [],
    ),
    triggeredAlarms: deployment.alarms?.triggeredAlarmNames ?? [],
    ...given('strategy', deployment.deploymentConfiguration?.strategy),
    ...given('target', target && shareOf(target, definitions)),
    ...given('statusReason', deployment.statusReason),
    ...given('stage', deployment.lifecycleStage),
    ...given('taskDefinition', definition(target?.arn)),
    ...given('breaker', breaker && { failed: breaker.failureCount ?? 0, threshold: breaker.threshold ?? 0 }),
    ...given(
      'rollback',
      rollback && {
        ...given('reason', rollback.reason),
        ...given('taskDefinition', definition(rollback.serviceRevisionArn)),
      },
    ),
  };
}

/** ECS says the percentages only of deployments that shift traffic. */
function shareOf(
  { arn, requestedProductionTrafficWeight, requestedTestTrafficWeight }: ServiceRevisionSummary,
  definitions: ReadonlyMap<string, string>,
): TrafficShare | undefined {
  if (requestedProductionTrafficWeight === undefined && requestedTestTrafficWeight === undefined) {
    return undefined;
  }
  return {
    production: requestedProductionTrafficWeight ?? 0,
    test: requestedTestTrafficWeight ?? 0,
    ...given('taskDefinition', definitions.get(arn ?? '')),
  };
}

function given<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  const field: Partial<Record<K, V>> = {};
  if (value !== undefined) field[key] = value;
  return field;
}
