import type { Fault } from '../../contract';
import type { Job, Step, Workflow } from '../../proofs/artefacts/workflow';
import { readCondition } from '../../proofs/flow/condition';
import { record } from '../../proofs/flow/occurrences';
import { placeOf } from '../../proofs/flow/place';
import { SHELLS } from './shell';

const TOP = ['name', 'run-name', 'on', 'permissions', 'env', 'defaults', 'concurrency', 'jobs'];
const JOB = [
  ...['name', 'needs', 'if', 'runs-on', 'permissions', 'environment', 'concurrency', 'outputs', 'env'],
  ...['defaults', 'steps', 'timeout-minutes', 'strategy', 'continue-on-error'],
];
const STEP = [
  ...['id', 'if', 'name', 'uses', 'run', 'working-directory', 'shell', 'with', 'env'],
  ...['continue-on-error', 'timeout-minutes'],
];
const STRATEGY = ['matrix', 'fail-fast', 'max-parallel'];
const ENVIRONMENT = ['name', 'url'];
const CONCURRENCY = ['group', 'cancel-in-progress'];
const RUNNER = /^ubuntu-(latest|\d\d\.\d\d)(-arm)?$/;

const CHANGE = 'write it in a supported way, or leave the workflow out of the rehearsal';

/** Everything in a workflow that would be done otherwise here than on GitHub. Nothing of it is passed over. */
export function unsupported(workflow: Workflow, actions: ReadonlySet<string>): readonly Fault[] {
  return [
    ...Object.keys(workflow.raw).flatMap((key) => unknownKeys({ [key]: '' }, TOP, topPlace(workflow, key))),
    ...shellFaults(workflow.raw.defaults, topPlace(workflow, 'defaults')),
    ...unknownKeys(workflow.raw.concurrency, CONCURRENCY, topPlace(workflow, 'concurrency')),
    ...workflow.jobs.flatMap((job) => ofJob(workflow, job, actions)),
  ];
}

/** Place of a key at the top of the file. */
function topPlace({ file, text }: Workflow, key: string): string {
  const index = text.split('\n').findIndex((line) => line.startsWith(`${key}:`));
  return `${file}:${index + 1} ${key}`;
}

function ofJob(workflow: Workflow, job: Job, actions: ReadonlySet<string>): Fault[] {
  const place = placeOf(workflow, job);
  const { raw } = job;
  const runner = raw['runs-on'];
  const plain = (Array.isArray(raw.steps) ? raw.steps : []) as readonly unknown[];
  return [
    ...unknownKeys(raw, JOB, place),
    ...unknownKeys(raw.strategy, STRATEGY, `${place} strategy`),
    ...unknownKeys(raw.environment, ENVIRONMENT, `${place} environment`),
    ...unknownKeys(raw.concurrency, CONCURRENCY, `${place} concurrency`),
    ...shellFaults(raw.defaults, `${place} defaults`),
    // A job that calls a workflow runs nowhere itself; its `uses` is a fault already.
    ...(job.uses !== undefined || (typeof runner === 'string' && RUNNER.test(runner))
      ? []
      : [fault(`${place} runs-on`, runner, 'a label of GitHub for Ubuntu, such as ubuntu-24.04')]),
    ...conditionFaults(job.condition, 'jobCondition', place),
    ...job.steps.flatMap((step, index) => ofStep(placeOf(workflow, job, step), step, plain[index], actions)),
  ];
}

function ofStep(place: string, step: Step, plain: unknown, actions: ReadonlySet<string>): Fault[] {
  const known = step.uses === undefined || actions.has(step.uses.action.toLowerCase());
  return [
    ...unknownKeys(plain, STEP, place),
    ...(step.shell === undefined ? [] : shellFault(step.shell, place)),
    ...conditionFaults(step.condition, 'stepCondition', place),
    ...(known
      ? []
      : [
          fault(
            `${place} uses`,
            step.uses?.action,
            `an action with a stand-in: ${[...actions].sort().join(', ')}`,
          ),
        ]),
  ];
}

/** Text around an expression makes every condition true; that is a mistake, and GitHub says so nowhere. */
function conditionFaults(
  condition: string | undefined,
  location: 'jobCondition' | 'stepCondition',
  place: string,
): Fault[] {
  if (condition === undefined) return [];
  const read = readCondition(condition, location);
  if ('expression' in read) return [];
  return [fault(`${place} if`, condition, 'one expression, with nothing around its ${{ }}')];
}

function shellFaults(defaults: unknown, place: string): Fault[] {
  const shell = record(record(defaults).run).shell;
  return shell === undefined ? [] : shellFault(shell, `${place} run`);
}

const shellFault = (shell: unknown, place: string): Fault[] =>
  typeof shell === 'string' && SHELLS.includes(shell)
    ? []
    : [fault(`${place} shell`, shell, SHELLS.join(', '))];

function unknownKeys(value: unknown, keys: readonly string[], place: string): Fault[] {
  return Object.keys(record(value))
    .filter((key) => !keys.includes(key))
    .map((key) => fault(place, key, keys.join(', ')));
}

const fault = (place: string, value: unknown, allowed: string): Fault => ({
  place,
  value: typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing'),
  allowed,
  change: CHANGE,
});
