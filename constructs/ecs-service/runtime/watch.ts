import type { Service } from '@aws-sdk/client-ecs';
import type { DeployContext } from '../../../contract';
import { isTransient, throwIfInterrupted } from '../../aws-client';
import type { EcsAccess } from './access';
import { type DeploymentRecord, describe, isKnownStatus } from './service-deployments';
import { eventsSince } from './service-events';

const FIRST_POLL_MS = 5_000;
const LONGEST_POLL_MS = 15_000;
const POLL_GROWTH = 1.25;

/** What one poll saw. */
export interface Snapshot {
  readonly record: DeploymentRecord;
  readonly service: Service;
  /** Messages that ECS has added since the poll before, oldest first. */
  readonly news: readonly string[];
}

/**
 * Polls a deployment and the events of its service until the caller has seen enough or the deadline
 * has passed. A poll that AWS does not answer is reported and repeated: the deployment goes on anyway.
 *
 * @param deadline milliseconds since the epoch
 * @throws LockstepError `Interrupted` or `AwsCallFailed`
 */
export async function* watch(
  access: EcsAccess,
  deployment: string,
  deadline: number,
  context: DeployContext,
): AsyncGenerator<Snapshot> {
  const seen = new Set<string>();
  let pause = FIRST_POLL_MS;
  for (;;) {
    throwIfInterrupted(context);
    const snapshot = await poll(access, deployment, seen, context);
    if (snapshot) yield snapshot;
    if (context.clock.now() >= deadline) return;
    await context.clock.sleep(Math.min(pause, Math.max(0, deadline - context.clock.now())), context.signal);
    pause = Math.min(LONGEST_POLL_MS, pause * POLL_GROWTH);
  }
}

async function poll(
  { calls }: EcsAccess,
  deployment: string,
  seen: Set<string>,
  context: DeployContext,
): Promise<Snapshot | undefined> {
  try {
    const [record] = await describe(calls, [deployment]);
    if (!record) return undefined;
    if (!isKnownStatus(record.status) && !seen.has(record.status)) {
      seen.add(record.status);
      context.emit({
        code: 'deployment.unknownStatus',
        level: 'warning',
        message: `ECS calls the deployment ${record.status}, which is new to Lockstep; following it as under way`,
        data: { deployment, status: record.status },
      });
    }
    const service = await calls.service();
    const events = eventsSince(service, record.createdAt).filter(({ id }) => !seen.has(id));
    for (const { id } of events) seen.add(id);
    return { record, service, news: events.map(({ message }) => message).reverse() };
  } catch (error) {
    if (!isTransient(error) || !(error instanceof Error)) throw error;
    context.emit({
      code: 'aws.unreachable',
      level: 'warning',
      message: `${error.message}; asking again`,
    });
    return undefined;
  }
}
