import type { DeployContext, DeployOutcome, DeployReceipt } from '../../../contract';
import { lastPart, throwIfInterrupted } from '../../aws-client';
import type { EcsAccess } from './access';
import { conclude, endOf, failed, NOTHING_BEFORE, recordSuccess, restored, whyOf } from './conclude';
import { tooManyOwnFailures } from './failed-tasks';
import { InterruptionReport } from './interruptions';
import { PlacementWatch } from './placement';
import { ProgressReport } from './progress';
import { type DeploymentRecord, hasEnded, isGoingBack } from './service-deployments';
import { type Snapshot, watch } from './watch';

const MINUTE_MS = 60_000;
/** How long ECS is given to go back once it was asked to. */
const ROLLBACK_MS = 5 * MINUTE_MS;

/** One wait: what it is for, and what it has told already. */
interface Wait {
  readonly receipt: DeployReceipt;
  readonly progress: ProgressReport;
  readonly context: DeployContext;
}

/** Follows this deployment to its end. "Stable" is not enough: a service that went back is stable too. */
export async function waitFor(
  access: EcsAccess,
  receipt: DeployReceipt,
  context: DeployContext,
): Promise<DeployOutcome> {
  const { deployment } = receipt;
  if (deployment === undefined) return recordSuccess(access, receipt, context);
  const placement = new PlacementWatch(access);
  const interruptions = new InterruptionReport(access);
  const wait: Wait = { receipt, progress: new ProgressReport(), context };
  const deadline = context.clock.now() + access.spec.deployTimeoutMinutes * MINUTE_MS;
  for await (const snapshot of watch(access, deployment, deadline, context)) {
    wait.progress.report(snapshot, context);
    const { record, service } = snapshot;
    if (hasEnded(record)) return conclude(access, receipt, snapshot, context);
    if (isGoingBack(record)) return followBack(access, wait, record);
    await interruptions.report(snapshot, context);
    const failures = await tooManyOwnFailures(access, record, service);
    if (failures !== undefined) return giveUp(access, wait, 'failed', failures);
    const verdict = await placement.check(snapshot, context.clock.now());
    if (verdict) return giveUp(access, wait, 'noCapacity', `tasks cannot be placed: ${verdict.message}`);
  }
  const minutes = `${access.spec.deployTimeoutMinutes} minutes`;
  const message = `deployment ${lastPart(deployment)} had not ended after ${minutes}`;
  return giveUp(access, wait, 'timedOut', message);
}

/** Undoes the deployment, and says why and what runs then. */
async function giveUp(
  access: EcsAccess,
  { receipt, progress, context }: Wait,
  reason: 'noCapacity' | 'timedOut' | 'failed',
  message: string,
): Promise<DeployOutcome> {
  const deployment = receipt.deployment ?? '';
  const now = await followUntilEnd(access, deployment, context, 0, progress);
  if (now?.record.status === 'SUCCESSFUL') return conclude(access, receipt, now, context);
  throwIfInterrupted(context);
  context.emit({
    code: 'deployment.stopping',
    level: 'warning',
    message: `${message}; asking ECS to roll back`,
    data: { deployment, reason },
  });
  await access.calls.stopAndRollBack(deployment);
  // It may have succeeded between the last look and the request to stop.
  const within = receipt.previous ? ROLLBACK_MS : 0;
  const last = await followUntilEnd(access, deployment, context, within, progress);
  if (last?.record.status === 'SUCCESSFUL') return conclude(access, receipt, last, context);
  if (!receipt.previous) return failed(reason, `${message}; ${NOTHING_BEFORE}`);
  return failed(reason, `${message}; ${endOf(last?.record)}`, await restored(access, last?.record));
}

async function followBack(
  access: EcsAccess,
  { receipt, progress, context }: Wait,
  record: DeploymentRecord,
): Promise<DeployOutcome> {
  context.emit({
    code: 'deployment.rollingBack',
    level: 'warning',
    message: `ECS rolls the deployment back: ${whyOf(record)}`,
    data: { deployment: record.arn },
  });
  if (!receipt.previous) return failed('rolledBackByAws', `${whyOf(record)}; ${NOTHING_BEFORE}`);
  const last = await followUntilEnd(access, record.arn, context, ROLLBACK_MS, progress);
  const final = last?.record ?? record;
  return failed('rolledBackByAws', `${whyOf(final)}; ${endOf(final)}`, await restored(access, final));
}

/**
 * @param within milliseconds; 0 looks once
 * @param progress remembers what was told already @default - nothing was
 * @returns what the last poll saw; the deployment has ended unless the time was not enough
 */
export async function followUntilEnd(
  access: EcsAccess,
  deployment: string,
  context: DeployContext,
  within: number,
  progress: ProgressReport = new ProgressReport(),
): Promise<Snapshot | undefined> {
  let last: Snapshot | undefined;
  for await (const snapshot of watch(access, deployment, context.clock.now() + within, context)) {
    progress.report(snapshot, context);
    last = snapshot;
    if (hasEnded(snapshot.record)) break;
  }
  return last;
}
