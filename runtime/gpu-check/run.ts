import type { CellResult, CellRun } from '../../constructs/gpu-check/runtime';
import { LockstepError } from '../../contract/errors';
import type { GpuCheckEntry } from '../../contract/gpu-check';
import type { Report } from '../report';
import type { Session } from '../session';
import { findGpuCheck } from './find';
import { type AskedCell, requestOf } from './request';
import { runReport } from './run-report';

export interface RunCheckOptions extends AskedCell {
  /** File that the result is written to. */
  readonly output: string;
}

/**
 * Runs one combination, and writes its result whatever it is. Told to stop, it writes what it has open at once, and once
 * more what is left at its end: it may be killed before.
 *
 * @throws LockstepError `Interrupted`, once the result is written
 */
export async function runCheck(
  session: Session,
  workload: string,
  options: RunCheckOptions,
): Promise<Report> {
  const entry = findGpuCheck(await session.manifest(), workload);
  const request = requestOf(entry, options);
  const { openGpuCheck, baseImagesOf, interrupted } = await import('../../constructs/gpu-check/runtime');
  const check = openGpuCheck(entry, session.connection(entry.region));
  session.closeAtEnd(() => check.close());
  const { clock } = session.context;
  const startedAt = new Date(clock.now()).toISOString();
  const dockerfile = await dockerfileOf(session, entry);
  const { cell, instanceType, image } = request;
  const baseImages = baseImagesOf(dockerfile, { CUDA: cell.cuda, PYTORCH: cell.pytorch });
  const resultOf = (run: CellRun): CellResult => {
    const endedAt = new Date(clock.now()).toISOString();
    return { revision: 1, workload, cell, instanceType, image, baseImages, startedAt, endedAt, ...run };
  };
  const write = (run: CellRun) =>
    session.ports.writeFile(options.output, `${JSON.stringify(resultOf(run), null, 2)}\n`);

  const open = new Set<string>();
  const first = firstWord(session.ports.signal, () =>
    write({ outcome: interrupted(), leftBehind: [...open] }),
  );
  const run = await check.run(request, session.context, open);
  await first.written();
  await write(run);
  if (run.outcome.verdict === 'failed' && run.outcome.cause === 'interrupted')
    throw stoppedEarly(run.leftBehind);
  return runReport(resultOf(run), options.output);
}

/** Writes something as soon as the run is told to stop. */
function firstWord(signal: AbortSignal, write: () => Promise<void>): { written(): Promise<void> } {
  let writing: Promise<void> = Promise.resolve();
  const begin = () => {
    // What is written at the end fails in the same way, and is told then.
    writing = write().catch(() => undefined);
  };
  if (signal.aborted) begin();
  else signal.addEventListener('abort', begin, { once: true });
  return {
    written: () => {
      signal.removeEventListener('abort', begin);
      return writing;
    },
  };
}

/** Nothing where the command runs without the sources: the report then leaves the base images open. */
async function dockerfileOf({ ports }: Session, { image }: GpuCheckEntry): Promise<string> {
  try {
    return await ports.readFile(image.dockerfile);
  } catch {
    return '';
  }
}

const stoppedEarly = (leftBehind: readonly string[]): LockstepError =>
  new LockstepError('Interrupted', {
    place: 'this check',
    value: 'a signal to stop',
    allowed: 'running until the task has ended',
    change: [
      'run the combination again',
      ...leftBehind.map((command) => `clean up with \`${command}\``),
    ].join('; '),
  });
