import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { serveClock, VirtualClock, writeClockPreload, writeClockPrograms } from '../../rehearsal/clock';
import {
  type ActionStandIn,
  type JobResult,
  type RunEvent,
  type RunnerPorts,
  type RunRequest,
  type RunResult,
  runWorkflow,
  type StepResult,
  TokenIssuer,
} from '../../rehearsal/github';

export const REPOSITORY = {
  owner: 'octo-org',
  name: 'ml-platform',
  ownerId: '123456',
  repositoryId: '456789',
  defaultBranch: 'main',
};

export const REQUEST: RunRequest = {
  file: '.github/workflows/test.yml',
  text: '',
  event: 'push',
  ref: 'refs/heads/main',
  sha: 'a'.repeat(40),
  repository: REPOSITORY,
  subjectForm: 'immutable',
  runId: '1001',
  runAttempt: 1,
};

const home = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep runner-')));
const preload = writeClockPreload(home);
const programs = join(home, 'programs');
writeClockPrograms(programs);
const SYSTEM = ['/usr/local/bin', '/usr/bin', '/bin'];
let count = 0;

export const removeRunnerFolders = (): void => rmSync(home, { recursive: true, force: true });

/** A run of a workflow text, and what it left behind. */
export interface Run {
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
  readonly clock: VirtualClock;
  readonly tokens: TokenIssuer;
  /** Virtual seconds that it took. */
  readonly seconds: number;
  readonly violations: readonly string[];
  readonly job: (id: string) => JobResult;
  readonly step: (job: string, name: string) => StepResult;
}

export interface RunOptions {
  readonly request?: Partial<RunRequest>;
  readonly actions?: readonly ActionStandIn[];
  readonly ports?: Partial<RunnerPorts>;
  /** Called with the clock before the run. */
  readonly before?: (clock: VirtualClock) => Partial<RunnerPorts>;
}

/** Runs a workflow. Without `on`, a push starts it. */
export async function runText(text: string, options: RunOptions = {}): Promise<Run> {
  count += 1;
  const folder = join(home, String(count));
  mkdirSync(join(folder, 'jobs'), { recursive: true });
  const clock = new VirtualClock();
  const tokens = await TokenIssuer.start(clock);
  const processes = await serveClock({ clock, preload, folder });
  const events: RunEvent[] = [];
  const started = clock.now();
  try {
    const result = await runWorkflow(
      { ...REQUEST, text: /^on:/m.test(text) ? text : `on: push\n${text}`, ...options.request },
      {
        clock,
        processes,
        tokens,
        actions: new Map((options.actions ?? []).map((action) => [action.action, action])),
        folder: join(folder, 'jobs'),
        path: [programs, dirname(process.execPath), ...SYSTEM],
        environment: {},
        emit: (event) => void events.push(event),
        signal: new AbortController().signal,
        ...options.ports,
        ...options.before?.(clock),
      },
    );
    const job = (id: string): JobResult => {
      const found = result.jobs.find((each) => each.id === id);
      if (!found) throw new Error(`no job ${id} among ${result.jobs.map((each) => each.id).join(', ')}`);
      return found;
    };
    const step = (id: string, name: string): StepResult => {
      const found = job(id).steps.find((each) => each.name === name || each.id === name);
      if (!found) throw new Error(`no step ${name} in ${id}`);
      return found;
    };
    const seconds = (clock.now() - started) / 1_000;
    return { result, events, clock, tokens, seconds, violations: processes.violations(), job, step };
  } finally {
    await processes.close();
    await tokens.close();
  }
}

/** A workflow of one job with these steps. */
export const oneJob = (steps: string, job = ''): string =>
  `jobs:\n  one:\n    runs-on: ubuntu-24.04\n${indent(job, 4)}    steps:\n${indent(steps, 6)}`;

function indent(text: string, by: number): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const margin = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => `${' '.repeat(by)}${line.slice(margin)}\n`).join('');
}

/** What a step wrote. */
export const logOf = ({ log }: { readonly log: readonly string[] }): string => log.join('\n');
/** Result of each job, by its key. */
export const results = ({ result }: Run): Record<string, string> =>
  Object.fromEntries(result.jobs.map((job) => [job.id, job.result]));

/** A job with one script. */
export const job = (id: string, fields: string, run = 'true'): string =>
  `  ${id}:\n    runs-on: ubuntu-24.04\n${fields && `    ${fields}\n`}    steps:\n      - run: ${run}\n`;
