import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A process to measure, from its start to its end. */
export interface Command {
  readonly name: string;
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Added to the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Brings the folder back to the state before a run; not measured. */
  readonly prepare: () => void;
}

export interface Measurement {
  readonly milliseconds: number;
  /** Only where it was asked for. */
  readonly usage?: Usage;
}

/** What the processes of a command used. */
export interface Usage {
  /** Peak of the largest process, in MiB. */
  readonly peakMib: number;
  /** CPU time of all of them, in milliseconds. */
  readonly cpuMilliseconds: number;
}

const PRELOAD = pathToFileURL(join(__dirname, 'usage.mjs')).href;
/** Enough of the error output to see what broke. */
const ERROR_OUTPUT = 4000;

/**
 * Runs a command once. Usage is asked of the Node processes themselves, which costs them a little time, so
 * the caller asks for it in a run that is not timed where it can.
 *
 * @throws Error with the end of its error output when it fails
 */
export async function measure(
  command: Command,
  { usage }: { readonly usage: boolean },
): Promise<Measurement> {
  command.prepare();
  if (!usage) return { milliseconds: await run(command, {}) };
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-usage-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const milliseconds = await run(command, {
      NODE_OPTIONS: `--import=${PRELOAD}`,
      BENCH_USAGE: folder,
    });
    return { milliseconds, usage: readUsage(folder) };
  } finally {
    process.removeListener('exit', remove);
    remove();
  }
}

function readUsage(folder: string): Usage {
  const processes = readdirSync(folder).map(
    (file) =>
      JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
        readonly peakKib: number;
        readonly cpuMicroseconds: number;
      },
  );
  return {
    peakMib: Math.max(...processes.map(({ peakKib }) => peakKib)) / 1024,
    cpuMilliseconds: processes.reduce((sum, { cpuMicroseconds }) => sum + cpuMicroseconds, 0) / 1000,
  };
}

function run(command: Command, extra: Readonly<Record<string, string>>): Promise<number> {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const child = spawn(process.execPath, command.args, {
      cwd: command.cwd,
      env: { ...process.env, ...command.env, ...extra },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk.toString('utf8')).slice(-ERROR_OUTPUT);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
      if (code === 0) resolve(milliseconds);
      else reject(new Error(`${command.name} ended with ${signal ?? `code ${code}`}\n${errors}`));
    });
  });
}
