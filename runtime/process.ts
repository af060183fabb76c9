import { appendFile, readFile } from 'node:fs/promises';
import { systemClock } from './clock';
import { processEnvironment } from './environment';
import { filesBelow, writeWithFolders } from './files';
import { type AddCommand, run } from './program';

/** How long open connections may keep the process alive after a signal. */
const LAST_WORDS_MS = 1_000;

/** Signals within this time are one and the same. */
const ONE_PRESS_MS = 500;
const SIGNAL_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Runs the program in this process: its streams, files, signals and exit code. */
export function runProcess(more: readonly AddCommand[] = []): void {
  const stop = new AbortController();
  let heardAt = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      // The same key press may arrive twice, from the terminal and from a program around this one.
      if (stop.signal.aborted && Date.now() - heardAt > ONE_PRESS_MS) process.exit(SIGNAL_CODES[signal]);
      if (!stop.signal.aborted) heardAt = Date.now();
      stop.abort(signal);
    });
  }

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
      readBytes: (path) => readFile(path),
      appendFile: (path, text) => appendFile(path, text),
      writeFile: writeWithFolders,
      listFiles: filesBelow,
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
