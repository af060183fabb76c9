import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface ScriptEnd {
  readonly exitCode: number;
  readonly out: string;
  readonly err: string;
}

export interface RunningScript {
  readonly pid: number;
  readonly ended: Promise<ScriptEnd>;
  /** Kills it with everything that belongs to its group, as the agent does. */
  kill(): void;
}

/** As a shell reports a process that was killed. */
const KILLED = 137;

/**
 * Runs a script as the agent of Systems Manager does: from a file, by `sh -c`, in a group of its own.
 *
 * @param env the whole environment: nothing is inherited
 * @throws Error when it cannot be started
 * @see https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/executers/executers_unix.go
 */
export function runScript(
  text: string,
  folder: string,
  env: Readonly<Record<string, string>>,
): RunningScript {
  const file = join(folder, '_script.sh');
  writeFileSync(file, text);
  chmodSync(file, 0o700);
  const child = spawn('/bin/sh', ['-c', file], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${file} cannot be started`);
  return {
    pid,
    ended: endOf(child),
    kill: () => {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    },
  };
}

function endOf(child: ChildProcess): Promise<ScriptEnd> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({
        exitCode: code ?? KILLED,
        out: Buffer.concat(out).toString('utf8'),
        err: Buffer.concat(err).toString('utf8'),
      }),
    );
  });
}
