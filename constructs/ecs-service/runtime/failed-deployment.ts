import type { DeployContext, RollbackRequest } from '../../../contract';
import { lastPart, throwIfInterrupted } from '../../aws-client';
import type { EcsAccess } from './access';
import { findStarted } from './find-started';
import { findRevision, requireArn } from './revision';
import { definitionArnOf } from './service-definition';
import { type DeploymentRecord, describe, history, newest } from './service-deployments';

/** How long ECS may go on answering with what was true before the service was updated. */
const SETTLE_MS = 30_000;
const POLL_MS = 5_000;

/** What a rollback has to undo. */
export type FailedDeployment =
  /** This deployment, or whatever runs when ECS knows of none. */
  | { readonly kind: 'found'; readonly record: DeploymentRecord | undefined }
  /** Another deployment has started since: that is not ours to undo. */
  | { readonly kind: 'replaced'; readonly by: DeploymentRecord; readonly what: string }
  | { readonly kind: 'neverStarted'; readonly why: string };

/**
 * Finds the deployment that failed: by its id, else by its version, else the newest.
 *
 * @throws LockstepError `UnknownRevision` or `DeploymentNotListed`
 */
export async function findFailed(
  access: EcsAccess,
  { deployment, version, onlyNamed = false }: RollbackRequest,
  context: DeployContext,
): Promise<FailedDeployment> {
  if (deployment !== undefined) {
    const record = await newest(access.calls);
    // Its id became known because ECS listed it, so that another one at the top is a newer one.
    if (!record || lastPart(deployment) === lastPart(record.arn)) return { kind: 'found', record };
    return { kind: 'replaced', by: record, what: `deployment ${lastPart(deployment)}` };
  }
  if (version !== undefined) return findByVersion(access, version, context);
  if (onlyNamed) return { kind: 'neverStarted', why: 'the failed run has started no deployment' };
  return { kind: 'found', record: await newest(access.calls) };
}

/** The run that deployed the version may have died right before or right after it updated the service. */
async function findByVersion(
  access: EcsAccess,
  version: string,
  context: DeployContext,
): Promise<FailedDeployment> {
  const { calls } = access;
  const definition = await findRevision(access, version, '--version');
  const arn = requireArn(definition);
  const deadline = context.clock.now() + SETTLE_MS;
  for (;;) {
    const latest = await newest(calls);
    if (latest?.taskDefinition === arn) return { kind: 'found', record: latest };
    if (latest && (await wasStarted(access, arn, definition.registeredAt))) {
      return { kind: 'replaced', by: latest, what: `the deployment of ${lastPart(arn)}` };
    }
    if (definitionArnOf(await calls.service()) === arn) {
      // The service was updated, and ECS has yet to list the deployment.
      const [started] = await describe(calls, [await findStarted(access, arn, new Set(), context)]);
      return { kind: 'found', record: started };
    }
    if (context.clock.now() >= deadline) {
      return { kind: 'neverStarted', why: `no deployment of ${lastPart(arn)} was ever started` };
    }
    await context.clock.sleep(POLL_MS, context.signal);
    throwIfInterrupted(context);
  }
}

/** True when a deployment of the task definition is listed. None can be older than its registration. */
async function wasStarted(
  { calls }: EcsAccess,
  arn: string,
  registeredAt: Date | undefined,
): Promise<boolean> {
  for await (const record of history(calls)) {
    if (record.taskDefinition === arn) return true;
    if (registeredAt && record.createdAt < registeredAt) return false;
  }
  return false;
}
