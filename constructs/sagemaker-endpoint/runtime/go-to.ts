import { type DeployContext, LockstepError, type RollbackOutcome } from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import type { EndpointAccess } from './access';
import { type Endpoint, headingOf, isMoving } from './endpoint';
import { versionOf } from './version';
import { waitFor } from './wait';

/**
 * Updates the endpoint to an earlier config and waits for it. All at once and without alarms: those that the
 * failed version has raised would stop the way back from it.
 *
 * @param known the endpoint when this was decided; a change since then is left alone
 * @throws LockstepError `RollbackFailed` when that update fails too
 */
export async function goTo(
  access: EndpointAccess,
  target: string,
  known: Endpoint,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const { calls, spec } = access;
  const from = await versionOf(calls, known.config);
  const to = await versionOf(calls, target);
  const now = await calls.endpoint();
  if (now && (isMoving(now) || now.config !== known.config)) return leftToOther(now, known.config);
  throwIfInterrupted(context);
  await calls.updateEndpoint({
    EndpointConfigName: target,
    RetainAllVariantProperties: true,
    // Whether data is captured belongs to the version; how many instances run does not.
    ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }],
  });
  context.emit({
    code: 'rollback.started',
    level: 'info',
    message: `going back from ${from.name} to ${to.name}`,
    data: { from: from.name, to: to.name },
  });
  const outcome = await waitFor(
    access,
    { deployment: target, version: to, previous: from, state: 'started' },
    context,
  );
  if (outcome.result === 'succeeded') {
    return { result: 'rolledBack', from, to, message: `${to.name} serves again` };
  }
  throw new LockstepError('RollbackFailed', {
    place: `rollback of ${spec.endpoint} to ${target}`,
    value: outcome.message,
    allowed: 'an update that succeeds',
    change: 'read the diagnosis, mend the cause, then roll back to a version that works with `--revision`',
  });
}

/** Somebody else's update is theirs to judge. */
export function leftToOther(endpoint: Endpoint, what: string): RollbackOutcome {
  const other = headingOf(endpoint);
  return {
    result: 'leftToOther',
    from: { name: other },
    message: `the update to ${other} came after ${what}; it is left alone`,
  };
}
