import type { DeployContext, RollbackOutcome, RollbackRequest, Version } from '../../../contract';
import { LockstepError } from '../../../contract';
import type { EcsAccess } from './access';
import { definitionArnOf } from './deploy';
import { goTo } from './go-to';
import { findRevision } from './revision';
import { type DeploymentRecord, isGoingBack, isUnderWay, lastStable, newest } from './service-deployments';
import { shortId, versionName, versionOf } from './version';
import { followUntilEnd } from './wait';

/** Goes back to the last stable version, unless ECS did, another deployment runs, or nothing failed. */
export async function rollBack(
  access: EcsAccess,
  request: RollbackRequest,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const { calls, spec } = access;
  const service = await calls.service();
  const running = definitionArnOf(service);
  const latest = await newest(calls);
  if (latest && request.deployment !== undefined && shortId(request.deployment) !== shortId(latest.arn)) {
    const message = `deployment ${shortId(latest.arn)} came after ${shortId(request.deployment)}; it is left alone`;
    return { result: 'leftToOther', from: await version(access, latest.taskDefinition ?? running), message };
  }
  if (request.revision !== undefined) return toRevision(access, request.revision, running, latest, context);
  if (!latest) return nothingToDo(access, running, 'no deployment within the last 90 days');

  const { released } = await access.release.read();
  const failed = latest.taskDefinition;
  const target = await lastStable(calls, released, [failed]);
  // A service that was created with zero tasks goes back to zero tasks: its first image never ran.
  const restored = latest.status === 'SUCCESSFUL' || latest.status === 'ROLLBACK_SUCCESSFUL';
  if (target === undefined && released === undefined && !restored) {
    return toNothing(access, latest, context);
  }
  // Who names the deployment that ended well says that it failed afterwards, in a check of its own.
  if (latest.status === 'SUCCESSFUL' && request.deployment === undefined) {
    return nothingToDo(access, running, `deployment ${shortId(latest.arn)} succeeded and is what runs`);
  }
  const ended = await endOf(access, latest, context);
  if (ended.status === 'ROLLBACK_SUCCESSFUL') return wentBack(access, latest, ended);

  if (target === undefined) throw noStableVersion(spec.service, ended);
  return goTo(access, target, await version(access, failed ?? running), context);
}

async function toRevision(
  access: EcsAccess,
  revision: string,
  running: string,
  latest: DeploymentRecord | undefined,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const target = await findRevision(access, revision);
  if (target === running && latest?.status === 'SUCCESSFUL') {
    return nothingToDo(access, running, 'that revision runs already');
  }
  return goTo(access, target, await version(access, running), context);
}

/** Ends a deployment that is under way; one that has ended is returned as it is. */
async function endOf(
  access: EcsAccess,
  latest: DeploymentRecord,
  context: DeployContext,
): Promise<DeploymentRecord> {
  if (!isUnderWay(latest) && !isGoingBack(latest)) return latest;
  if (isUnderWay(latest)) {
    context.emit({
      code: 'deployment.stopping',
      level: 'info',
      message: `deployment ${shortId(latest.arn)} is under way; asking ECS to roll it back`,
      data: { deployment: latest.arn },
    });
    await access.calls.stopAndRollBack(latest.arn);
  }
  const within = access.spec.deployTimeoutMinutes * 60_000;
  return (await followUntilEnd(access, latest.arn, context, within))?.record ?? latest;
}

/** ECS has gone back. Whether it did so by itself shows in the state that it was found in. */
async function wentBack(
  access: EcsAccess,
  found: DeploymentRecord,
  ended: DeploymentRecord,
): Promise<RollbackOutcome> {
  const { calls, spec, release } = access;
  const arn = ended.rollback?.taskDefinition ?? definitionArnOf(await calls.service());
  const to = await version(access, arn);
  const from = ended.taskDefinition === undefined ? undefined : await version(access, ended.taskDefinition);
  const ends = { ...(from === undefined ? {} : { from }), to };
  if (!isUnderWay(found)) {
    const why = ended.rollback?.reason ?? ended.statusReason ?? 'it gives no reason';
    const message = `ECS has rolled ${spec.service} back itself, to ${to.name} (${why}); nothing to do`;
    return { result: 'alreadyRolledBack', ...ends, message };
  }
  await release.write(arn, to.image);
  return { result: 'rolledBack', ...ends, message: `${to.name} runs again` };
}

async function toNothing(
  { calls, spec }: EcsAccess,
  latest: DeploymentRecord,
  context: DeployContext,
): Promise<RollbackOutcome> {
  context.emit({
    code: 'rollback.toNothing',
    level: 'warning',
    message: 'no version has ever run here; going back to zero tasks',
    data: { deployment: latest.arn },
  });
  await calls.update({ desiredCount: 0 });
  const from =
    latest.taskDefinition === undefined ? {} : { from: { name: versionName(latest.taskDefinition) } };
  const message = `nothing ran before the first deployment: ${spec.service} has zero tasks again`;
  return { result: 'rolledBack', ...from, message };
}

async function nothingToDo(access: EcsAccess, running: string, why: string): Promise<RollbackOutcome> {
  const to = await version(access, running);
  return { result: 'nothingToDo', to, message: `nothing to do: ${why} (${to.name})` };
}

const version = ({ calls, spec }: EcsAccess, arn: string): Promise<Version> =>
  versionOf(calls, arn, spec.container);

function noStableVersion(service: string, { arn, status }: DeploymentRecord): LockstepError {
  return new LockstepError('NoStableVersion', {
    place: `service ${service}`,
    value: `deployment ${shortId(arn)} (${status}) and no other that succeeded with tasks`,
    allowed: 'an earlier deployment that succeeded with tasks',
    change: 'deploy a version that works, or name a revision with `--revision`',
  });
}
