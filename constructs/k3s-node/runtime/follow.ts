import type { GetCommandInvocationResult } from '@aws-sdk/client-ssm';
import type { DeployContext } from '../../../contract';
import { isTransient, throwIfInterrupted } from '../../aws-client';
import type { NodeAccess } from './access';
import { newLines } from './node-log';
import type { RunEnd, SentRun } from './run';

const FIRST_POLL_MS = 2_000;
const LONGEST_POLL_MS = 15_000;
const POLL_GROWTH = 1.5;
/** How long SSM may answer that it does not know the command. */
const SETTLE_MS = 60_000;
/** How long a cancelled command may take to end. A job that is cancelled has some seconds left. */
const LAST_POLLS_MS = [500, 1_000] as const;

/**
 * Polls a command until it has ended or the deadline has passed, and tells what the node writes meanwhile. A poll that
 * AWS does not answer is reported and repeated: the node goes on anyway.
 */
export async function follow(access: NodeAccess, sent: SentRun, context: DeployContext): Promise<RunEnd> {
  const { clock, signal } = context;
  const began = clock.now();
  let pause = FIRST_POLL_MS;
  let told = '';
  for (;;) {
    throwIfInterrupted(context);
    const seen = await poll(access, sent, context);
    if (seen) {
      told = tellNew(told, seen.log, sent, context);
      if (seen.invocation && hasEnded(seen.invocation)) return endOf(sent, seen.invocation);
      if (!seen.invocation && clock.now() - began >= SETTLE_MS) return unknown(sent);
    }
    if (clock.now() >= sent.deadline) {
      await stop(access, sent, context);
      return { result: 'timedOut', phase: '', message: 'the node had not ended at the deadline' };
    }
    await clock.sleep(Math.min(pause, Math.max(0, sent.deadline - clock.now())), signal);
    pause = Math.min(LONGEST_POLL_MS, pause * POLL_GROWTH);
  }
}

interface Sight {
  readonly invocation: GetCommandInvocationResult | undefined;
  readonly log: string;
}

async function poll(
  { commands }: NodeAccess,
  sent: SentRun,
  { emit }: DeployContext,
): Promise<Sight | undefined> {
  try {
    // In this order: what is written when the command has ended is all there is.
    const invocation = await commands.invocation(sent.command, sent.instance);
    return { invocation, log: (await sent.objects.get('log.txt')) ?? '' };
  } catch (error) {
    if (!isTransient(error) || !(error instanceof Error)) throw error;
    emit({ code: 'aws.unreachable', level: 'warning', message: `${error.message}; asking again` });
    return undefined;
  }
}

function tellNew(told: string, log: string, { order }: SentRun, { emit }: DeployContext): string {
  const { lines, seen } = newLines(told, log);
  for (const message of lines) {
    emit({ code: 'node.output', level: 'progress', message, data: { action: order.action } });
  }
  return seen;
}

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html */
const hasEnded = ({ Status }: GetCommandInvocationResult): boolean =>
  Status === 'Success' || Status === 'Failed' || Status === 'TimedOut' || Status === 'Cancelled';

/** What the script has left as its result tells more than the status; where it left nothing, SSM has the word. */
async function endOf(
  { objects, order }: SentRun,
  { Status, StatusDetails = '', StandardErrorContent = '' }: GetCommandInvocationResult,
): Promise<RunEnd> {
  const written = fieldsOf((await objects.get('result.txt')) ?? '');
  const [phase = '', message = ''] = [written.get('phase'), written.get('message')];
  if (Status === 'Success') {
    return written.get('outcome') === 'left'
      ? { result: 'left', phase: '', message }
      : { result: 'done', message };
  }
  const object = written.get('object') ?? '';
  const said = [object, message].filter((part) => part !== '').join(': ');
  const details = StatusDetails.replaceAll(' ', '');
  switch (details) {
    case 'Undeliverable':
    case 'Terminated':
      return { result: 'unreachable', phase: '', message: 'SSM could not deliver the command to the node' };
    case 'DeliveryTimedOut':
      return { result: 'unreachable', phase: '', message: 'the node did not take the command in time' };
    case 'ExecutionTimedOut': {
      const ended = `SSM ended the script after ${order.deadlineSeconds} seconds`;
      return { result: 'timedOut', phase, message: said === '' ? ended : `${ended}; ${said}` };
    }
    case 'Cancelled':
      return { result: 'cancelled', phase, message: 'somebody cancelled the command' };
    default: {
      const last = StandardErrorContent.trim().split('\n').at(-1) ?? '';
      return { result: 'failed', phase, message: said || last || `the command ended as ${details}` };
    }
  }
}

/** Lines `key=value` that the script wrote. */
const fieldsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );

const unknown = ({ command }: SentRun): RunEnd => ({
  result: 'failed',
  phase: '',
  message: `SSM does not know the command ${command} that it took`,
});

/** Cancels a run and gives it a moment to end, so that the node writes nothing after its objects are deleted. */
export async function stop(
  { commands }: NodeAccess,
  { command, instance }: SentRun,
  { clock, emit }: DeployContext,
): Promise<void> {
  try {
    await commands.cancel(command, instance);
    for (const pause of LAST_POLLS_MS) {
      const invocation = await commands.invocation(command, instance);
      if (invocation && hasEnded(invocation)) return;
      // Without the signal, which has been given already.
      await clock.sleep(pause);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    emit({
      code: 'run.notCancelled',
      level: 'warning',
      message: `the command could not be cancelled: ${message}`,
    });
  }
}
