import { type DeployContext, LockstepError, type Version } from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import type { EndpointAccess } from './access';
import { prune } from './prune';
import { versionOf } from './version';

/**
 * Records a version that passed its checks as released, and deletes those that are too old to go back to. A config that
 * this pipeline has not made is not recorded: one could not go back to it.
 *
 * @throws LockstepError `DeploymentSuperseded` where another version serves by now
 */
export async function confirm(
  access: EndpointAccess,
  { name }: Version,
  context: DeployContext,
): Promise<void> {
  const { calls, release } = access;
  if (!calls.isOwn(name)) return;
  const endpoint = await calls.endpoint();
  if (endpoint?.config !== name) {
    throw new LockstepError('DeploymentSuperseded', {
      place: `endpoint ${access.spec.endpoint}`,
      value: endpoint ? `${endpoint.config} (${endpoint.status})` : 'no endpoint',
      allowed: `${name}, whose checks have passed`,
      change: 'see with `status` what has taken its place',
    });
  }
  const version = await versionOf(calls, name);
  throwIfInterrupted(context);
  if (await release.write(version)) {
    context.emit({
      code: 'release.recorded',
      level: 'info',
      message: `recorded ${name} as released`,
      data: { version: name, image: version.image, model: version.model },
    });
  }
  await prune(access, context);
}
