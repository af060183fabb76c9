import type { DeployContext, RollbackRequest } from '../../../contract';
import type { EndpointAccess } from './access';
import { type Endpoint, headingOf } from './endpoint';
import { watch } from './watch';

/** How long SageMaker may go on answering with what was true before the update. */
const SETTLE_MS = 30_000;

/**
 * The endpoint, given time to show a version that was named: the run that deployed it may have died right after
 * it asked for the update.
 */
export async function begun(
  access: EndpointAccess,
  { deployment, version }: RollbackRequest,
  context: DeployContext,
): Promise<Endpoint | undefined> {
  const found = await access.calls.endpoint();
  if (deployment !== undefined || version === undefined) return found;
  let last = found;
  for await (const { endpoint } of watch(access, context.clock.now() + SETTLE_MS, context)) {
    last = endpoint;
    if (endpoint && (headingOf(endpoint) === version || endpoint.failureReason !== undefined)) break;
  }
  return last;
}
