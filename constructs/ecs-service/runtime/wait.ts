import type { DeployContext, DeployOutcome, DeployReceipt } from '../../../contract';
import { lastPart, throwIfInterrupted } from '../../aws-client';
import type { EcsAccess } from './access';
import { conclude, endOf, failed, NOTHING_BEFORE, recordSuccess, restored, whyOf } from './conclude';
import { PlacementWatch } from './placement';
import { reportProgress } from './progress';
import { type DeploymentRecord, hasEnded, isGoingBack } from './service-deployments';
import { type Snapshot, watch } from './watch';

const MINUTE_MS = 60_000;
/** How long ECS is given to go back once it was asked to. */
const ROLLBACK_MS = 5 * MINUTE_MS;

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
    `deployment ${lastPart(deployment)} had not ended after ${minutes}`,
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
  const now = await followUntilEnd(access, deployment, context, 0);
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
  const last = await followUntilEnd(access, deployment, context, receipt.previous ? ROLLBACK_MS : 0);
  if (last?.record.status === 'SUCCESSFUL') return conclude(access, receipt, last, context);
  if (!receipt.previous) return failed(reason, `${message}; ${NOTHING_BEFORE}`);
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

/**
 * @param within milliseconds; 0 looks once
 * @returns what the last poll saw; the deployment has ended unless the time was not enough
 */
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
