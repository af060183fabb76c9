import { systemClock } from '../../runtime/clock';
import { readEnvironment } from '../../runtime/environment';
import { type AddCommand, run } from '../../runtime/program';

/** Runs a command line in this process with one command of the engineer's machine. */
export async function runCommand(argv: readonly string[], add: AddCommand) {
  const text = { stdout: '', stderr: '' };
  const refuse = (path: string) => Promise.reject(new Error(`${path} is not read or written here`));
  const code = await run(
    argv,
    {
      environment: readEnvironment({ NO_COLOR: '1' }),
      clock: systemClock,
      stdout: { write: (chunk) => (text.stdout += chunk) },
      stderr: { write: (chunk) => (text.stderr += chunk) },
      signal: new AbortController().signal,
      readFile: refuse,
      readBytes: refuse,
      appendFile: refuse,
      writeFile: refuse,
      listFiles: refuse,
      connection: {},
    },
    [add],
  );
  return { code, ...text };
}
