import type { Task } from '@aws-sdk/client-ecs';
import { type DeployContext, formatFault, LockstepError } from '../../../contract';
import { isTransient, lastPart } from '../../aws-client';
import { stoppedTask } from '../../ecs-task';
import type { GpuCheckSpec } from '../spec';
import type { GpuCheckAws } from './calls';
import { cellName, type GpuCheckRequest } from './cell';
import { cleanUpCommands, type OpenWork, whileOpen } from './clean-up';
import { saidIn } from './figures';
import { readLines } from './read-lines';
import type { CellFailure, CellOutcome, TaskFacts } from './result';
import { factsOf, wasPlaced } from './task-facts';
import { failure, noCapacity, verdictOf } from './verdict';
import { watchTask } from './watch';

const MINUTE_MS = 60_000;
/** How long a task that was told to stop is watched, so that the next one finds its GPU free. */
const STOPPING_MS = 2 * MINUTE_MS;

/** What came of a combination. */
export interface CellRun {
  readonly outcome: CellOutcome;
  readonly task?: TaskFacts;
  /** What could not be cleaned up, as a command that does it. */
  readonly leftBehind: readonly string[];
}

/** One run: what it asks AWS, and for what. */
export interface CellRunScope {
  readonly aws: GpuCheckAws;
  readonly spec: GpuCheckSpec;
  readonly request: GpuCheckRequest;
  readonly context: DeployContext;
  /** Filled and emptied as the run goes on. */
  readonly open: OpenWork;
}

/** The revision that a combination runs as. */
interface Revision {
  readonly definition: string;
  /** Deregisters it, once, however often it is asked. @returns what is left to do */
  forget(): Promise<readonly string[]>;
}

/**
 * Runs a combination as a task on a GPU and judges it. Whatever goes wrong is an outcome. The revision that it
 * registers is deregistered and its task stopped in every case, also when the run is told to stop.
 */
export async function runCell(scope: CellRunScope): Promise<CellRun> {
  const { aws, spec, request, context, open } = scope;
  const commands = cleanUpCommands(spec);
  const provider = scope.spec.capacityProviders.find((each) => each.instanceType === request.instanceType);
  if (provider === undefined) return { outcome: noProvider(scope), leftBehind: [] };
  const deadline = context.clock.now() + request.timeoutMinutes * MINUTE_MS;
  let definition: string;
  try {
    definition = await whileOpen(open, commands.definitions, () => aws.register(request.image));
  } catch (error) {
    return { outcome: notRun(error), leftBehind: [] };
  }
  say(scope, 'gpuCheck.registered', `${lastPart(definition)} has the image of ${cellName(request.cell)}`);
  const revision = revisionOf(scope, definition);
  open.add(commands.deregister(definition));
  const run = await runRevision(scope, revision, provider.name, deadline);
  return { ...run, leftBehind: [...run.leftBehind, ...(await revision.forget())] };
}

function revisionOf(scope: CellRunScope, definition: string): Revision {
  let forgotten: Promise<readonly string[]> | undefined;
  const command = cleanUpCommands(scope.spec).deregister(definition);
  return {
    definition,
    forget: () => (forgotten ??= cleanUp(scope, () => scope.aws.deregister(definition), command)),
  };
}

async function runRevision(
  scope: CellRunScope,
  revision: Revision,
  provider: string,
  deadline: number,
): Promise<CellRun> {
  const { aws, spec, context, open } = scope;
  const { tasks } = cleanUpCommands(spec);
  if (context.signal.aborted) return { outcome: interrupted(), leftBehind: [] };
  try {
    const started = await whileOpen(open, tasks, () => aws.start(revision.definition, provider));
    if (started.kind === 'task') return await follow(scope, started.arn, revision, deadline);
    const { reason = '', detail = '' } = started.failure;
    const words = [reason, detail].filter((word) => word !== '').join(': ');
    return { outcome: failure(noCapacity(words)), leftBehind: [] };
  } catch (error) {
    // Nobody knows whether ECS has heard a request that was never answered.
    const leftBehind = isTransient(error) ? [tasks] : [];
    return { outcome: notRun(error), leftBehind };
  }
}

/** Follows a task to its end; one that has none until the deadline is stopped. */
async function follow(
  scope: CellRunScope,
  arn: string,
  revision: Revision,
  deadline: number,
): Promise<CellRun> {
  const { aws, spec, context, open } = scope;
  const { definition } = revision;
  const stop = cleanUpCommands(spec).stop(arn);
  open.add(stop);
  let last: Task | undefined;
  try {
    const { end, task } = await watchTask(aws, arn, deadline, context);
    last = task;
    if (task !== undefined && end === 'stopped') {
      open.delete(stop);
      return await judge(scope, arn, definition, task);
    }
    const outcome = end === 'interrupted' ? interrupted() : late(scope, task);
    return { outcome, ...(await stopped(scope, arn, revision, outcome.message, task)) };
  } catch (error) {
    const outcome = notRun(error);
    return { outcome, ...(await stopped(scope, arn, revision, outcome.message, last)) };
  }
}

async function judge(scope: CellRunScope, arn: string, definition: string, task: Task): Promise<CellRun> {
  const { aws, request, context } = scope;
  const lines = wasPlaced(task) ? await readLines(aws, lastPart(arn), context) : [];
  const outcome = verdictOf(request.cell, stoppedTask(task, lines), saidIn(lines));
  const type = await instanceTypeOf(scope, task);
  return { outcome, task: factsOf(arn, definition, task, type), leftBehind: [] };
}

/** Stops a task that nobody waits for any longer, and forgets its revision meanwhile: time may be short. */
async function stopped(
  scope: CellRunScope,
  arn: string,
  revision: Revision,
  reason: string,
  task: Task | undefined,
): Promise<Omit<CellRun, 'outcome'>> {
  const { aws, spec, context } = scope;
  const facts = factsOf(arn, revision.definition, task);
  if (task?.lastStatus === 'STOPPED') return { task: facts, leftBehind: [] };
  const [leftBehind] = await Promise.all([
    cleanUp(scope, () => aws.stop(arn, reason), cleanUpCommands(spec).stop(arn)),
    revision.forget(),
  ]);
  if (leftBehind.length > 0 || context.signal.aborted) return { task: facts, leftBehind };
  try {
    await watchTask(aws, arn, context.clock.now() + STOPPING_MS, context);
  } catch (error) {
    say(scope, 'gpuCheck.unwatched', wordsOf(error), 'warning');
  }
  return { task: facts, leftBehind };
}

/** @returns the command that does it, where it could not be done */
async function cleanUp(
  scope: CellRunScope,
  work: () => Promise<void>,
  command: string,
): Promise<readonly string[]> {
  try {
    await work();
    scope.open.delete(command);
    return [];
  } catch (error) {
    say(scope, 'gpuCheck.leftBehind', `${wordsOf(error)}; clean up with \`${command}\``, 'warning');
    return [command];
  }
}

/** Where it ran is worth knowing, and not worth losing a verdict for. */
async function instanceTypeOf(
  scope: CellRunScope,
  { containerInstanceArn }: Task,
): Promise<string | undefined> {
  if (containerInstanceArn === undefined) return undefined;
  try {
    return await scope.aws.instanceType(containerInstanceArn);
  } catch (error) {
    say(scope, 'gpuCheck.instanceUnknown', wordsOf(error), 'warning');
    return undefined;
  }
}

function late({ request }: CellRunScope, task: Task | undefined): CellFailure {
  const minutes = `${request.timeoutMinutes} minutes`;
  if (!wasPlaced(task)) return failure(noCapacity(`none had room for it after ${minutes}`));
  return failure({
    cause: 'timedOut',
    message: `the task had not ended after ${minutes}`,
    remedy: 'raise `gpuCheck.taskTimeout` in the platform file, or let the image be smaller',
  });
}

/** What came of a run that was told to stop. */
export const interrupted = (): CellFailure =>
  failure({
    cause: 'interrupted',
    message: 'the run was told to stop',
    remedy: 'run the combination again',
  });

const noProvider = ({ request, spec }: CellRunScope): CellFailure =>
  failure(noCapacity(`${spec.cluster} has no capacity provider for ${request.instanceType}`));

/** AWS or the account refused something. */
function notRun(error: unknown): CellFailure {
  if (!LockstepError.is(error)) throw error;
  const [fault] = error.faults;
  return failure({
    cause: 'notRun',
    message: error.faults.map(({ place, value }) => `${place}: ${value}`).join('; '),
    remedy: fault?.change ?? 'run the combination again',
  });
}

const wordsOf = (error: unknown): string =>
  LockstepError.is(error)
    ? error.faults.map(formatFault).join('; ')
    : error instanceof Error
      ? error.message
      : String(error);

function say(
  { context, request }: CellRunScope,
  code: string,
  message: string,
  level: 'info' | 'warning' = 'info',
): void {
  context.emit({ code, level, message, data: { ...request.cell } });
}
