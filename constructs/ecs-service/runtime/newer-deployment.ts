import type { RollbackOutcome } from '../../../contract';
import { lastPart } from '../../aws-client';
import type { EcsAccess } from './access';
import { type DeploymentRecord, newest } from './service-deployments';
import { versionOf } from './version';

/** Somebody else's deployment is theirs to judge. */
export async function leaveToOther(
  { calls, spec }: EcsAccess,
  other: DeploymentRecord,
  what: string,
): Promise<RollbackOutcome> {
  const { taskDefinition } = other;
  const from =
    taskDefinition === undefined ? {} : { from: await versionOf(calls, taskDefinition, spec.container) };
  const message = `deployment ${lastPart(other.arn)} came after ${what}; it is left alone`;
  return { result: 'leftToOther', ...from, message };
}

/**
 * The outcome when a deployment has started since `known` was the newest; undefined when none has.
 * Asked right before each change, for people and other runs deploy while a rollback follows its own.
 */
export async function leftToNewer(
  access: EcsAccess,
  known: DeploymentRecord | undefined,
): Promise<RollbackOutcome | undefined> {
  const latest = await newest(access.calls);
  if (!latest || latest.arn === known?.arn) return undefined;
  // An answer that is some seconds old may still name an older one.
  if (known && latest.createdAt < known.createdAt) return undefined;
  return leaveToOther(access, latest, known ? `deployment ${lastPart(known.arn)}` : 'this rollback began');
}
