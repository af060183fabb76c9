import { appendFile, readFile } from 'node:fs/promises';
import { systemClock } from './clock';
import { processEnvironment } from './environment';
import { type AddCommand, run } from './program';

/** How long open connections may keep the process alive after a signal. */
const LAST_WORDS_MS = 1_000;

/** Runs the program in this process: its streams, files, signals and exit code. */
export function runProcess(more: readonly AddCommand[] = []): void {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort(signal));

  const environment = processEnvironment();
  run(
    process.argv.slice(2),
    {
      environment,
      clock: systemClock,
      stdout: process.stdout,
      stderr: process.stderr,
      signal: stop.signal,
      readFile: (path) => readFile(path, 'utf8'),
      appendFile: (path, text) => appendFile(path, text),
      connection: {},
    },
    more,
  ).then(
    (code) => {
      process.exitCode = code;
      if (stop.signal.aborted) setTimeout(() => process.exit(code), LAST_WORDS_MS).unref();
    },
    (error: unknown) => {
      process.exitCode = 1;
      process.stderr.write(`${environment.debug && error instanceof Error ? error.stack : String(error)}\n`);
    },
  );
}
