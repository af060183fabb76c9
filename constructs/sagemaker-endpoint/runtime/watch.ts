import type { DeployContext } from '../../../contract';
import { isTransient, throwIfInterrupted } from '../../aws-client';
import type { EndpointAccess } from './access';
import { type Endpoint, headingOf } from './endpoint';

const FIRST_POLL_MS = 10_000;
const LONGEST_POLL_MS = 30_000;
const POLL_GROWTH = 1.25;

/** What one poll saw; without endpoint there was none. */
export interface Sight {
  readonly endpoint?: Endpoint;
}

/**
 * Polls the endpoint until the caller has seen enough or the deadline has passed. A poll that AWS does not
 * answer is reported and repeated: the update goes on anyway.
 *
 * @param deadline milliseconds since the epoch
 * @throws LockstepError `Interrupted` or `AwsCallFailed`
 */
export async function* watch(
  access: EndpointAccess,
  deadline: number,
  context: DeployContext,
): AsyncGenerator<Sight> {
  let pause = FIRST_POLL_MS;
  for (;;) {
    throwIfInterrupted(context);
    const sight = await poll(access, context);
    if (sight) yield sight;
    if (context.clock.now() >= deadline) return;
    await context.clock.sleep(Math.min(pause, Math.max(0, deadline - context.clock.now())), context.signal);
    pause = Math.min(LONGEST_POLL_MS, pause * POLL_GROWTH);
  }
}

async function poll({ calls, spec }: EndpointAccess, context: DeployContext): Promise<Sight | undefined> {
  try {
    const endpoint = await calls.endpoint();
    if (!endpoint) return {};
    const { status, instances } = endpoint;
    context.emit({
      code: 'deployment.progress',
      level: 'progress',
      message: `${spec.endpoint} is ${status}: ${instances.current} of ${instances.desired} instances, ${headingOf(endpoint)}`,
      data: { status, config: endpoint.config, ...instances },
    });
    return { endpoint };
  } catch (error) {
    if (!isTransient(error) || !(error instanceof Error)) throw error;
    context.emit({ code: 'aws.unreachable', level: 'warning', message: `${error.message}; asking again` });
    return undefined;
  }
}
