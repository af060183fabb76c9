import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { ProcessPorts } from './process-ports';
import { isAlive, sendSignal } from './signals';
import { stopProcess } from './stop-process';

export interface ProcessSpec {
  readonly command: readonly [program: string, ...string[]];
  readonly folder: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

export interface ProcessEnd {
  /** As a shell would report it: 128 and the number of the signal for a process that one ended. */
  readonly exitCode: number;
  /** Kills what the process left running in the background. */
  readonly killRest: () => void;
}

/** How long a process that has ended may keep its streams open through its children, in real time. */
const DRAIN_MS = 1_000;

/** Seconds that the runner then waits, before it kills them. */
const STREAM_SECONDS = 5;

const SIGNAL_CODES: Readonly<Record<string, number>> = { SIGINT: 130, SIGKILL: 137, SIGTERM: 143 };

/**
 * Runs a process in a group of its own, without input.
 *
 * @throws Error when it cannot be started
 * @see https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs
 */
export async function runProcess(
  { command, folder, env }: ProcessSpec,
  ports: ProcessPorts,
): Promise<ProcessEnd> {
  const [program, ...given] = command;
  // One pipe for both streams, so that lines keep their order.
  const child = spawn('/bin/sh', ['-c', 'exec "$@" 2>&1', 'sh', program, ...given], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const { pid } = child;
  const { exited, closed } = endsOf(child);
  if (pid === undefined) throw await exited.then(() => new Error(`cannot start ${program}`), asError);
  const killGroup = (): void => {
    ports.processes?.interrupt(closed);
    sendSignal(-pid, 'SIGKILL');
  };
  const { heard } = follow(child, ports);
  const stopping = stopProcess(pid, exited, heard, ports);
  const rest = killRestOf(child, pid, { closed, killGroup }, ports);
  ports.kill.addEventListener('abort', killGroup);
  if (ports.kill.aborted) killGroup();
  try {
    const exitCode = await exited;
    const more = isAlive(-pid);
    if (more && !(await within(closed, DRAIN_MS))) await ports.clock.sleep(STREAM_SECONDS * 1_000, rest);
    await closed;
    return { exitCode, killRest: more ? () => void sendSignal(-pid, 'SIGKILL') : () => undefined };
  } finally {
    stopping.dispose();
    ports.kill.removeEventListener('abort', killGroup);
  }
}

/**
 * Processes that keep the streams of one that has ended are killed when the runner has waited for them.
 *
 * @returns aborts when the streams are closed
 */
function killRestOf(
  child: ChildProcess,
  pid: number,
  { closed, killGroup }: { readonly closed: Promise<void>; readonly killGroup: () => void },
  { clock }: ProcessPorts,
): AbortSignal {
  const done = new AbortController();
  void closed.then(() => done.abort());
  child.once('exit', () => {
    if (!isAlive(-pid)) return;
    clock.in(STREAM_SECONDS, () => {
      if (!done.signal.aborted) killGroup();
    });
  });
  return done.signal;
}

/** @returns a count of the lines, so that silence can be told from work */
function follow({ stdout }: ChildProcess, { written }: ProcessPorts): { readonly heard: () => number } {
  let lines = 0;
  if (stdout) {
    createInterface({ input: stdout, crlfDelay: Number.POSITIVE_INFINITY }).on('line', (line) => {
      lines += 1;
      written(line);
    });
  }
  return { heard: () => lines };
}

function endsOf(child: ChildProcess): { readonly exited: Promise<number>; readonly closed: Promise<void> } {
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? SIGNAL_CODES[signal ?? ''] ?? 1));
  });
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => setImmediate(resolve));
  });
  return { exited, closed };
}

function within(event: Promise<void>, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds);
    void event.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
