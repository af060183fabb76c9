import type {
  DeployContext,
  ImageReference,
  RollbackOutcome,
  RollbackRequest,
  Version,
} from '../../../contract';
import { LockstepError } from '../../../contract';
import { lastPart, throwIfInterrupted } from '../../aws-client';
import type { EcsAccess } from './access';
import { shiftsTraffic } from './deployment-configuration';
import { findFailed } from './failed-deployment';
import { goTo } from './go-to';
import { lastDeployable } from './last-deployable';
import { leaveToOther, leftToNewer } from './newer-deployment';
import { recordRelease, repairRecord } from './record-release';
import { findDeployableRevision } from './revision';
import { findRevisionOfImage } from './revision-of-image';
import { definitionArnOf } from './service-definition';
import {
  type DeploymentRecord,
  hasEnded,
  isGoingBack,
  isUnderWay,
  lastStable,
  newest,
} from './service-deployments';
import { versionOf } from './version';
import { followUntilEnd } from './wait';

/** Goes back to the newest version that ran the image. */
export async function recall(
  access: EcsAccess,
  image: ImageReference,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const latest = await newest(access.calls);
  return toDefinition(access, await findRevisionOfImage(access, image, context), latest, context);
}

/** Goes back to the last stable version, unless ECS did, another deployment runs, or nothing failed. */
export async function rollBack(
  access: EcsAccess,
  request: RollbackRequest,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const { calls, spec } = access;
  const found = await findFailed(access, request, context);
  if (found.kind === 'replaced') return leaveToOther(access, found.by, found.what);
  if (found.kind === 'neverStarted') return nothingToDo(access, found.why, context);
  const latest = found.record;
  if (request.revision !== undefined) {
    return toDefinition(access, await findDeployableRevision(access, request.revision), latest, context);
  }
  if (!latest) return nothingToDo(access, 'no deployment within the last 90 days', context);

  const { released } = await access.release.read();
  const failed = latest.taskDefinition;
  // A service that was created with zero tasks goes back to zero tasks: its first image never ran.
  const restored = latest.status === 'SUCCESSFUL' || latest.status === 'ROLLBACK_SUCCESSFUL';
  if (!restored && released === undefined && (await lastStable(calls, released, [failed])) === undefined) {
    return toNothing(access, latest, context);
  }
  // Who names the deployment that ended well says that it failed afterwards, in a check of its own.
  const named = request.deployment !== undefined || request.version !== undefined;
  if (latest.status === 'SUCCESSFUL' && !named) {
    return nothingToDo(access, `deployment ${lastPart(latest.arn)} succeeded and is what runs`, context);
  }
  const ended = await endOf(access, latest, context);
  const left = await leftToNewer(access, latest);
  if (left) return left;
  if (ended.status === 'ROLLBACK_SUCCESSFUL') return wentBack(access, latest, ended, context);

  const target = await lastDeployable(access, released, failed, context);
  if (target === undefined) throw noStableVersion(spec.service, ended);
  const from = await version(access, failed ?? definitionArnOf(await calls.service()));
  return goTo(access, target, from, latest, context);
}

/** Goes to a version that was named, whatever runs. */
async function toDefinition(
  access: EcsAccess,
  target: string,
  latest: DeploymentRecord | undefined,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const running = definitionArnOf(await access.calls.service());
  if (target === running && latest?.status === 'SUCCESSFUL') {
    return nothingToDo(access, 'that revision runs already', context);
  }
  // A third version beside the two that run would find no place.
  const ended = latest && shiftsTraffic(latest.strategy) ? await endOf(access, latest, context) : latest;
  if (latest && ended?.status === 'ROLLBACK_SUCCESSFUL' && !hasEnded(latest)) {
    const restored = ended.rollback?.taskDefinition ?? definitionArnOf(await access.calls.service());
    if (restored === target) return wentBack(access, latest, ended, context);
  }
  return goTo(access, target, await version(access, running), latest, context);
}

/** Ends a deployment that is under way; one that has ended is returned as it is. */
async function endOf(
  access: EcsAccess,
  latest: DeploymentRecord,
  context: DeployContext,
): Promise<DeploymentRecord> {
  if (!isUnderWay(latest) && !isGoingBack(latest)) return latest;
  if (isUnderWay(latest)) {
    throwIfInterrupted(context);
    context.emit({
      code: 'deployment.stopping',
      level: 'info',
      message: `deployment ${lastPart(latest.arn)} is under way; asking ECS to roll it back`,
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
  context: DeployContext,
): Promise<RollbackOutcome> {
  const { calls, spec } = access;
  const service = await calls.service();
  const arn = ended.rollback?.taskDefinition ?? definitionArnOf(service);
  const to = await version(access, arn);
  const from = ended.taskDefinition === undefined ? undefined : await version(access, ended.taskDefinition);
  const ends = { ...(from === undefined ? {} : { from }), to };
  if (!isUnderWay(found)) {
    await repairRecord(access, service, ended, context);
    const why = ended.rollback?.reason ?? ended.statusReason ?? 'it gives no reason';
    const message = `ECS has rolled ${spec.service} back itself, to ${to.name} (${why}); nothing to do`;
    return { result: 'alreadyRolledBack', ...ends, message };
  }
  await recordRelease(access, arn, to.image, context);
  return { result: 'rolledBack', ...ends, message: `${to.name} runs again` };
}

async function toNothing(
  access: EcsAccess,
  latest: DeploymentRecord,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const left = await leftToNewer(access, latest);
  if (left) return left;
  throwIfInterrupted(context);
  context.emit({
    code: 'rollback.toNothing',
    level: 'warning',
    message: 'no version has ever run here; going back to zero tasks',
    data: { deployment: latest.arn },
  });
  await access.calls.update({ desiredCount: 0 });
  const from = latest.taskDefinition === undefined ? {} : { from: { name: lastPart(latest.taskDefinition) } };
  const message = `nothing ran before the first deployment: ${access.spec.service} has zero tasks again`;
  return { result: 'rolledBack', ...from, message };
}

/** Nothing is deployed; what runs is recorded where an earlier run could not. */
async function nothingToDo(access: EcsAccess, why: string, context: DeployContext): Promise<RollbackOutcome> {
  const service = await access.calls.service();
  await repairRecord(access, service, await newest(access.calls), context);
  const to = await version(access, definitionArnOf(service));
  return { result: 'nothingToDo', to, message: `nothing to do: ${why} (${to.name})` };
}

const version = ({ calls, spec }: EcsAccess, arn: string): Promise<Version> =>
  versionOf(calls, arn, spec.container);

function noStableVersion(service: string, { arn, status }: DeploymentRecord): LockstepError {
  return new LockstepError('NoStableVersion', {
    place: `service ${service}`,
    value: `deployment ${lastPart(arn)} (${status}) and no other that succeeded with tasks`,
    allowed: 'an earlier deployment that succeeded with tasks',
    change: 'run the workflow that deploys here, for the commit that is wanted',
  });
}
