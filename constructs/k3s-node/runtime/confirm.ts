import { type DeployContext, LockstepError, type Version } from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import type { NodeAccess } from './access';
import { clusterState } from './cluster-state';
import { requireDone, runOnNode } from './run';

const FINISH_SECONDS = 300;

/**
 * Records a release that passed its checks, and lets the node give up what served before it. Only then: up to here, a
 * rollback finds everything.
 *
 * @throws LockstepError `DeploymentSuperseded` where another release runs by now
 */
export async function confirm(access: NodeAccess, version: Version, context: DeployContext): Promise<void> {
  const { current, pending, leftovers } = await clusterState(access, context);
  const runs = pending ?? current;
  if (runs?.name !== version.name) {
    throw new LockstepError('DeploymentSuperseded', {
      place: `namespace ${access.spec.namespace}`,
      value: runs?.name ?? 'no release',
      allowed: `${version.name}, whose checks have passed`,
      change: 'see with `status` what has taken its place',
    });
  }
  throwIfInterrupted(context);
  if (await access.record.write({ ...runs, ...version })) {
    context.emit({
      code: 'release.recorded',
      level: 'info',
      message: `recorded ${version.name} as released`,
      data: { release: version.name },
    });
  }
  if (!pending && leftovers.length === 0) return;
  const order = { action: 'finish', release: version.name, deadlineSeconds: FINISH_SECONDS } as const;
  requireDone(await runOnNode(access, order, context), 'finish');
}
