import type { DeployContext, RollbackOutcome, RollbackRequest } from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import type { EndpointAccess } from './access';
import { begun } from './begun';
import { type Endpoint, headingOf, isMoving, isUnderWay } from './endpoint';
import { goTo, leftToOther } from './go-to';
import { findRevision, lastDeployable } from './past-version';
import { settled } from './settle';
import { refuseUnusable } from './unusable';
import { versionOf } from './version';

/** Goes back to the last released version, unless AWS did, another update runs, or nothing failed. */
export async function rollBack(
  access: EndpointAccess,
  request: RollbackRequest,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const named = request.deployment ?? request.version;
  if (named === undefined && request.onlyNamed === true) {
    return nothingToDo(access, undefined, 'the failed run has started no update');
  }
  const found = await begun(access, request, context);
  if (!found) return nothingToDo(access, undefined, 'there is no endpoint');
  if (named !== undefined && isUnderWay(found) && headingOf(found) !== named) {
    return leftToOther(found, named);
  }
  const ended = await settled(access, found, context);
  if (!ended) return nothingToDo(access, undefined, 'the endpoint was deleted');
  const { config: released } = await access.release.read();
  if (ended.status === 'Failed' && released === undefined) return toNothing(access, ended, context);
  refuseUnusable(access, ended);
  if (request.revision !== undefined) return toRevision(access, request.revision, ended, context);

  const failing = named ?? (isMoving(found) ? headingOf(found) : undefined);
  if (failing === undefined) return nothingToDo(access, ended, 'nothing has failed');
  if (ended.config !== failing) return notInPlace(access, { ...request, failing }, found, ended);
  return goTo(access, await lastDeployable(access, failing, context), ended, context);
}

async function toRevision(
  access: EndpointAccess,
  revision: string,
  ended: Endpoint,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const target = await findRevision(access, revision);
  if (target === ended.config) return nothingToDo(access, ended, 'that version serves already');
  return goTo(access, target, ended, context);
}

/** The version that failed does not serve: AWS went back, it was never started, or somebody replaced it. */
async function notInPlace(
  access: EndpointAccess,
  { failing, deployment }: RollbackRequest & { readonly failing: string },
  found: Endpoint,
  ended: Endpoint,
): Promise<RollbackOutcome> {
  const before = await access.release.history();
  const wentBack = isMoving(found) || ended.failureReason !== undefined;
  // What was released once and serves no more was replaced by a later release, as was what a later one has deleted.
  const replaced =
    before.some(({ config }) => config === failing) ||
    (deployment !== undefined && !(await access.calls.config(failing)));
  if (!wentBack && replaced) return leftToOther(ended, failing);
  if (!wentBack && before[0]?.config !== ended.config) return leftToOther(ended, failing);
  // AWS took the update when its deployment became known, so that it can only have gone back.
  if (!wentBack && deployment === undefined) {
    return nothingToDo(access, ended, `no update to ${failing} was ever started`);
  }
  const to = await versionOf(access.calls, ended.config);
  const why = ended.failureReason ?? 'it gives no reason';
  return {
    result: 'alreadyRolledBack',
    from: await versionOf(access.calls, failing),
    to,
    message: `SageMaker has gone back to ${to.name} itself (${why}); nothing to do`,
  };
}

/** The first deployment failed: the endpoint serves nobody, and allows nothing but its deletion. */
async function toNothing(
  { calls, spec }: EndpointAccess,
  ended: Endpoint,
  context: DeployContext,
): Promise<RollbackOutcome> {
  throwIfInterrupted(context);
  context.emit({
    code: 'rollback.toNothing',
    level: 'warning',
    message: `no version has ever served here; deleting the failed endpoint ${spec.endpoint}`,
    data: { config: ended.config },
  });
  await calls.deleteEndpoint();
  return {
    result: 'rolledBack',
    from: { name: ended.config },
    message: `nothing served before the first deployment: ${spec.endpoint} is deleted`,
  };
}

async function nothingToDo(
  access: EndpointAccess,
  endpoint: Endpoint | undefined,
  why: string,
): Promise<RollbackOutcome> {
  if (!endpoint) return { result: 'nothingToDo', message: `nothing to do: ${why}` };
  const to = await versionOf(access.calls, endpoint.config);
  return { result: 'nothingToDo', to, message: `nothing to do: ${why} (${to.name} serves)` };
}
