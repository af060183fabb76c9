import { LockstepError } from '../contract/errors';
import type { Ports } from './ports';
import { githubRenderer } from './renderers/github';
import { jsonRenderer } from './renderers/json';
import { printable } from './renderers/printable';
import { failureSummary, summaryOf } from './renderers/summary';
import type { Renderer, Report } from './report';
import { asLockstepError, openSession, type Session } from './session';

/** What a command does with the time after a signal. */
export interface Interruption {
  /** How long it may take to end by itself. GitHub kills a job some seconds later. Milliseconds. */
  readonly graceMs: number;
  /** What people do when it did not end in time. */
  readonly change: string;
}

const DEPLOYING: Interruption = {
  graceMs: 3_000,
  change: 'run the same command again: it takes up the deployment where it is',
};

/** Shell convention: 128 and the number of the signal. */
const SIGNAL_EXIT_CODES: ReadonlyMap<unknown, number> = new Map([
  ['SIGINT', 130],
  ['SIGTERM', 143],
]);

export interface ExecuteOptions {
  readonly command: string;
  readonly json: boolean;
  /** @default - 3 s; the next run takes the deployment up */
  readonly interruption?: Interruption;
}

/**
 * Runs a command to its end: shows its report, writes the step summary, and turns whatever went wrong
 * into an exit code.
 */
export async function execute(
  ports: Ports,
  { command, json, interruption = DEPLOYING }: ExecuteOptions,
  work: (session: Session) => Promise<Report>,
): Promise<number> {
  const renderer = await rendererFor(ports, command, json);
  const session = openSession(ports, renderer);
  const summarize = async (markdown: string) => {
    const { summaryFile } = ports.environment;
    if (summaryFile !== undefined) await ports.appendFile(summaryFile, markdown);
  };
  try {
    const report = await Promise.race([work(session), interrupted(ports, interruption)]);
    renderer.report(report);
    if (report.failure) renderer.failure(report.failure);
    await summarize(summaryOf(report, session.timeline));
    return report.failure?.exitCode ?? 0;
  } catch (error) {
    const failure = asLockstepError(error, command);
    renderer.failure(failure);
    if (ports.environment.debug && error instanceof Error) {
      const lines = (error.stack ?? '').split('\n').map((line) => printable(line));
      ports.stderr.write(`${lines.join('\n')}\n`);
    }
    await summarize(failureSummary(failure, session.timeline));
    if (failure.code !== 'Interrupted') return failure.exitCode;
    return SIGNAL_EXIT_CODES.get(ports.signal.reason) ?? failure.exitCode;
  } finally {
    session.close();
  }
}

async function rendererFor(ports: Ports, command: string, json: boolean): Promise<Renderer> {
  const { environment, stdout, stderr } = ports;
  if (json) return jsonRenderer(command, stdout, stderr);
  if (environment.actions) return githubRenderer(stdout);
  const { terminalRenderer } = await import('./renderers/terminal');
  return terminalRenderer(environment, stdout, stderr);
}

/** Ends the run when a verb does not notice the signal, for instance inside a call that hangs. */
function interrupted({ clock, signal }: Ports, { graceMs, change }: Interruption): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => {
      void clock.sleep(graceMs).then(() =>
        reject(
          new LockstepError('Interrupted', {
            place: 'this run',
            value: String(signal.reason),
            allowed: 'running until the work is done',
            change,
          }),
        ),
      );
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}
