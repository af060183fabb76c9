import type { DeployContext } from '../../../contract';
import type { EndpointAccess } from './access';
import { type Endpoint, isMoving } from './endpoint';
import { type Sight, watch } from './watch';

const MINUTE_MS = 60_000;

/**
 * The endpoint once nothing changes it any more: SageMaker takes no update before, and has no call that stops
 * one. When the deadline of a deployment passes, the endpoint is returned as it is then.
 */
export async function settled(
  access: EndpointAccess,
  found: Endpoint | undefined,
  context: DeployContext,
): Promise<Endpoint | undefined> {
  if (!found || !isMoving(found)) return found;
  context.emit({
    code: 'endpoint.moving',
    level: 'info',
    message: `${access.spec.endpoint} is ${found.status}; waiting until that has ended`,
    data: { status: found.status },
  });
  const deadline = context.clock.now() + access.spec.deployTimeoutMinutes * MINUTE_MS;
  let last: Sight = { endpoint: found };
  for await (const sight of watch(access, deadline, context)) {
    last = sight;
    if (!sight.endpoint || !isMoving(sight.endpoint)) break;
  }
  return last.endpoint;
}
