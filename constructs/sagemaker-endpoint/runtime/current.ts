import { type DeployReceipt, LockstepError } from '../../../contract';
import type { EndpointAccess } from './access';
import { headingOf, isMoving } from './endpoint';
import { versionOf } from './version';

/**
 * The receipt of the update that is under way, or of what serves, for a wait that has none.
 *
 * @throws LockstepError `NotDeployed` where nothing was ever deployed
 */
export async function currentReceipt({ calls, spec }: EndpointAccess): Promise<DeployReceipt> {
  const endpoint = await calls.endpoint();
  if (!endpoint) {
    throw new LockstepError('NotDeployed', {
      place: `endpoint ${spec.endpoint}`,
      value: 'no such endpoint',
      allowed: 'an endpoint that a deployment has made',
      change: 'run the workflow that deploys here',
    });
  }
  const heading = isMoving(endpoint) ? headingOf(endpoint) : endpoint.config;
  const previous = heading === endpoint.config ? undefined : await versionOf(calls, endpoint.config);
  return {
    deployment: heading,
    version: await versionOf(calls, heading),
    ...(previous ? { previous } : {}),
    state: 'resumed',
  };
}
