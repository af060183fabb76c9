import { spawn } from 'node:child_process';

/** How a program ended. `code` is `undefined` when it could not be started or was stopped at its deadline. */
export interface Outcome {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly cwd: string;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** False: the program gets `env` and nothing of the environment of this process. @default true */
  readonly inherits?: boolean;
  /** @default 300 */
  readonly timeoutSeconds?: number;
}

/** Run a program without a shell. Never throws: what went wrong stands in the outcome. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Outcome> {
  const timeout = (options.timeoutSeconds ?? 300) * 1000;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...(options.inherits === false ? {} : process.env), ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Not spawn's own `timeout`: its timer outlives a program that could not be started, and keeps Node waiting.
    const timer = setTimeout(() => child.kill('SIGKILL'), timeout);
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      resolve(outcome);
    };
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', (error) => end({ code: undefined, stdout, stderr: error.message }));
    child.on('close', (code, signal) =>
      end({
        code: code ?? undefined,
        stdout,
        stderr: signal ? `${stderr}\nstopped by ${signal}` : stderr,
      }),
    );
  });
}

/** The last lines of what a program said, for a one-line reason. */
export function lastWords(outcome: Outcome, lines = 3): string {
  const text = outcome.stderr.trim() === '' ? outcome.stdout : outcome.stderr;
  return text.trim().split('\n').slice(-lines).join(' | ') || 'it said nothing';
}
