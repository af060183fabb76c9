import { type DeployContext, LockstepError } from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import type { NodeAccess } from './access';
import { DELIVERY_SECONDS, type NodeOrder } from './command-calls';
import { follow, stop } from './follow';
import type { ManifestFile } from './manifests';
import type { RunObjects } from './run-objects';

/** A command that was sent, and what is needed to follow it and to clear up after it. */
export interface SentRun {
  readonly order: NodeOrder;
  readonly run: string;
  readonly instance: string;
  readonly command: string;
  readonly objects: RunObjects;
  /** Milliseconds since the epoch, after which the deployer gives up. */
  readonly deadline: number;
}

/** How a run on the node ended. */
export type RunEnd =
  | {
      readonly result: 'done';
      /** What the script said besides, such as that there was nothing to do. */
      readonly message: string;
    }
  | {
      /** `left`: something else is open than what was to be undone, and nothing was changed. */
      readonly result: 'failed' | 'timedOut' | 'unreachable' | 'cancelled' | 'left';
      /** Step of the script, such as `deploy`. */
      readonly phase: string;
      readonly message: string;
    };

/** How long SSM may take to tell that a script has ended, after the deadline of both. */
const SLACK_SECONDS = 60;

/** Uploads what the node needs and sends the command. What was uploaded is deleted where that fails. */
export async function start(
  access: NodeAccess,
  wanted: NodeOrder,
  context: DeployContext,
  files: readonly ManifestFile[] = [],
): Promise<SentRun> {
  // The document gives no run more time than a deployment has.
  const order = {
    ...wanted,
    deadlineSeconds: Math.min(wanted.deadlineSeconds, access.spec.deadlineSeconds),
  };
  const { instance } = await access.nodes.ready();
  const began = context.clock.now();
  const run = `${order.release ?? 'none'}-${began.toString(36)}-${order.action}`;
  const objects = access.objects(run);
  try {
    throwIfInterrupted(context);
    await objects.prepare();
    for (const { path, text } of files) await objects.put(`manifests/${path}`, text);
    throwIfInterrupted(context);
    const command = await access.commands.send(instance, run, order);
    const deadline = began + (DELIVERY_SECONDS + order.deadlineSeconds + SLACK_SECONDS) * 1_000;
    return { order, run, instance, command, objects, deadline };
  } catch (error) {
    await clearUp(objects, context);
    throw error;
  }
}

/**
 * Follows a run to its end and deletes its objects, whatever happens. A run that is interrupted is cancelled first.
 *
 * @param read what is wanted of the objects before they are deleted
 */
export async function followToEnd<T>(
  access: NodeAccess,
  sent: SentRun,
  context: DeployContext,
  read: (objects: RunObjects) => Promise<T>,
): Promise<{ readonly end: RunEnd; readonly value?: T }> {
  try {
    const end = await follow(access, sent, context);
    return end.result === 'done' ? { end, value: await read(sent.objects) } : { end };
  } catch (error) {
    // Whatever keeps the deployer from following: nobody would read what the node goes on writing.
    await stop(access, sent, context);
    throw error;
  } finally {
    await clearUp(sent.objects, context);
  }
}

/** Runs one action of the document to its end. */
export async function runOnNode(
  access: NodeAccess,
  order: NodeOrder,
  context: DeployContext,
): Promise<RunEnd> {
  const sent = await start(access, order, context);
  return (await followToEnd(access, sent, context, () => Promise.resolve())).end;
}

/** @throws LockstepError `NodeRunFailed` or `NodeUnreachable` for a run that did not reach its end */
export function requireDone(end: RunEnd, action: string): void {
  if (end.result === 'done') return;
  throw new LockstepError(end.result === 'unreachable' ? 'NodeUnreachable' : 'NodeRunFailed', {
    place: `${action} on the node`,
    value: sentenceOf(end),
    allowed: 'a run that reaches its end',
    change: 'read the output of the node above, mend the cause, then run the same command again',
  });
}

export const sentenceOf = ({ phase, message }: Exclude<RunEnd, { result: 'done' }>): string =>
  phase === '' ? message : `${phase}: ${message}`;

/** A prefix that could not be deleted must not hide how the run ended; the bucket lets it expire within two days. */
async function clearUp(objects: RunObjects, { emit }: DeployContext): Promise<void> {
  try {
    await objects.deleteAll();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    emit({ code: 'run.notDeleted', level: 'warning', message: `objects of this run are left: ${message}` });
  }
}
