import type { DeployContext, DeployOutcome, DeployReceipt } from '../../../contract';
import type { EcsAccess } from './access';
import { definitionArnOf } from './deploy';
import { PlacementWatch } from './placement';
import { reportProgress } from './progress';
import { type DeploymentRecord, hasEnded, isGoingBack, newest } from './service-deployments';
import { imageOf } from './task-definition';
import { shortId, versionOf } from './version';
import { type Snapshot, watch } from './watch';

const MINUTE_MS = 60_000;
/** How long ECS is given to go back once it was asked to. */
const ROLLBACK_MS = 5 * MINUTE_MS;

type Failure = Extract<DeployOutcome, { result: 'failed' }>;

/** Follows this deployment to its end. "Stable" is not enough: a service that went back is stable too. */
export async function waitFor(
  access: EcsAccess,
  receipt: DeployReceipt,
  context: DeployContext,
): Promise<DeployOutcome> {
  const { deployment } = receipt;
  if (deployment === undefined) return recordSuccess(access, receipt, context);
  const placement = new PlacementWatch(access);
  const deadline = context.clock.now() + access.spec.deployTimeoutMinutes * MINUTE_MS;
  for await (const snapshot of watch(access, deployment, deadline, context)) {
    reportProgress(snapshot, context);
    const { record } = snapshot;
    if (hasEnded(record)) return conclude(access, receipt, snapshot, context);
    if (isGoingBack(record)) return followBack(access, receipt, record, context);
    const verdict = await placement.check(snapshot, context.clock.now());
    if (verdict) {
      return giveUp(access, receipt, 'noCapacity', `tasks cannot be placed: ${verdict.message}`, context);
    }
  }
  const minutes = `${access.spec.deployTimeoutMinutes} minutes`;
  return giveUp(
    access,
    receipt,
    'timedOut',
    `deployment ${shortId(deployment)} had not ended after ${minutes}`,
    context,
  );
}

/** Undoes the deployment, and says why and what runs then. */
async function giveUp(
  access: EcsAccess,
  receipt: DeployReceipt,
  reason: 'noCapacity' | 'timedOut',
  message: string,
  context: DeployContext,
): Promise<DeployOutcome> {
  const deployment = receipt.deployment ?? '';
  context.emit({
    code: 'deployment.stopping',
    level: 'warning',
    message: `${message}; asking ECS to roll back`,
    data: { deployment, reason },
  });
  await access.calls.stopAndRollBack(deployment);
  if (!receipt.previous) return failed(reason, `${message}; ${NOTHING_BEFORE}`);
  const last = await followUntilEnd(access, deployment, context);
  // It may have succeeded between the last look and the request to stop.
  if (last?.record.status === 'SUCCESSFUL') return conclude(access, receipt, last, context);
  return failed(reason, `${message}; ${endOf(last?.record)}`, await restored(access, last?.record));
}

async function followBack(
  access: EcsAccess,
  receipt: DeployReceipt,
  record: DeploymentRecord,
  context: DeployContext,
): Promise<DeployOutcome> {
  context.emit({
    code: 'deployment.rollingBack',
    level: 'warning',
    message: `ECS rolls the deployment back: ${whyOf(record)}`,
    data: { deployment: record.arn },
  });
  if (!receipt.previous) return failed('rolledBackByAws', `${whyOf(record)}; ${NOTHING_BEFORE}`);
  const last = await followUntilEnd(access, record.arn, context);
  const final = last?.record ?? record;
  return failed('rolledBackByAws', `${whyOf(final)}; ${endOf(final)}`, await restored(access, final));
}

/** @returns what the last poll saw; the deployment has ended unless five minutes were not enough */
export async function followUntilEnd(
  access: EcsAccess,
  deployment: string,
  context: DeployContext,
  within: number = ROLLBACK_MS,
): Promise<Snapshot | undefined> {
  let last: Snapshot | undefined;
  for await (const snapshot of watch(access, deployment, context.clock.now() + within, context)) {
    reportProgress(snapshot, context);
    last = snapshot;
    if (hasEnded(snapshot.record)) break;
  }
  return last;
}

async function conclude(
  access: EcsAccess,
  receipt: DeployReceipt,
  { record, service }: Snapshot,
  context: DeployContext,
): Promise<DeployOutcome> {
  if (record.status === 'SUCCESSFUL') {
    if ((service.desiredCount ?? 0) === 0)
      return failed('stopped', 'the service has zero tasks: nothing runs');
    const runs = definitionArnOf(service);
    if (runs === record.taskDefinition) return recordSuccess(access, receipt, context);
    const running = await versionOf(access.calls, runs, access.spec.container);
    return failed('superseded', `it ended, but ${running.name} has taken its place since`, running);
  }
  if (/^ROLLBACK/.test(record.status)) {
    const end = receipt.previous ? endOf(record) : NOTHING_BEFORE;
    return failed('rolledBackByAws', `${whyOf(record)}; ${end}`, await restored(access, record));
  }
  const latest = await newest(access.calls);
  if (latest && latest.arn !== record.arn) {
    return failed('superseded', `deployment ${shortId(latest.arn)} took the place of ${shortId(record.arn)}`);
  }
  return failed('stopped', record.statusReason ?? `somebody stopped deployment ${shortId(record.arn)}`);
}

/** Writes what runs for the stack to read, also when an earlier run ended before it could. */
async function recordSuccess(
  access: EcsAccess,
  { version }: DeployReceipt,
  context: DeployContext,
): Promise<DeployOutcome> {
  const { calls, spec, release } = access;
  const definition = await calls.existingTaskDefinition(version.name);
  const image = imageOf(definition, spec.container);
  if (await release.write(definition.taskDefinitionArn ?? '', image)) {
    context.emit({
      code: 'release.recorded',
      level: 'info',
      message: `recorded ${version.name} as released`,
      data: { version: version.name, image },
    });
  }
  context.emit({
    code: 'deployment.succeeded',
    level: 'success',
    message: `${version.name} runs`,
    data: { version: version.name },
  });
  return { result: 'succeeded', version: { name: version.name, ...(image === undefined ? {} : { image }) } };
}

const NOTHING_BEFORE = 'nothing ran before it, so that there is nothing to go back to';

function failed(reason: Failure['reason'], message: string, running?: Failure['running']): Failure {
  return { result: 'failed', reason, message, ...(running === undefined ? {} : { running }) };
}

function whyOf({ rollback, statusReason, breaker, triggeredAlarms }: DeploymentRecord): string {
  const parts = [
    (rollback?.reason ?? statusReason ?? 'ECS gives no reason').replace(/\.$/, ''),
    ...(breaker && breaker.failed > 0
      ? [`the circuit breaker counted ${breaker.failed} failed tasks, its threshold is ${breaker.threshold}`]
      : []),
    ...(triggeredAlarms.length > 0 ? [`alarms: ${triggeredAlarms.join(', ')}`] : []),
  ];
  return parts.join('; ');
}

function endOf(record: DeploymentRecord | undefined): string {
  if (record?.status === 'ROLLBACK_SUCCESSFUL') return 'ECS has restored the earlier version';
  if (record?.status === 'ROLLBACK_FAILED') return 'going back failed too';
  return 'going back has not ended yet';
}

async function restored(
  access: EcsAccess,
  record: DeploymentRecord | undefined,
): Promise<Failure['running']> {
  const arn = record?.status === 'ROLLBACK_SUCCESSFUL' ? record.rollback?.taskDefinition : undefined;
  return arn === undefined ? undefined : versionOf(access.calls, arn, access.spec.container);
}
