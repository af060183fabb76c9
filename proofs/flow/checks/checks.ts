import { posix } from 'node:path';
import {
  type Fault,
  MANIFEST_PATH,
  type PythonQuality,
  workflowPath,
  type WorkloadEntry,
} from '../../../contract';
import type { Artefacts, Job, Step, Workflow } from '../../artefacts';
import type { ProofResult } from '../../proof';
import { workingDirectory } from '../command-script';
import { jobGraph } from '../job-graph';
import { type Occurrence, occurrencesOf, record, textsOf } from '../occurrences';
import { placeOf } from '../place';
import { entranceFaultsOf } from '../ref-entrance';
import { simulationsOf } from '../simulation';
import { mayFailInSilence, whyLeftOut } from '../step-conditions';
import { partialCheckoutFaults } from '../test-gate';
import { plainCommand } from './plain-command';
import { type CheckRule, checkRules, ruleFaults } from './rules';

/** Events that check a workload. Another one, such as `pull_request_target`, would run a stranger's code with more rights. */
const EVENTS = ['push', 'pull_request'] as const;
/** Filters of them by which the manifest says what is checked. */
const FILTERS = ['branches', 'paths'];
/** Variables by which the checks take more options. */
const OPTIONS = /^(?:BANDIT|BLACK|COVERAGE|PIP_AUDIT|PYTEST|RUFF)_/;

/** The workflow that checks each workload with checks, on each pull request and each push. */
export function checkFaults(artefacts: Artefacts): ProofResult {
  const { workloads } = artefacts.manifest;
  const parts = workloads
    .filter((workload) => checkedQualityOf(workload) !== undefined)
    .map((workload) => checksOf(artefacts, workload));
  const unpromised = workloads
    .filter((workload) => checkedQualityOf(workload) === undefined)
    .flatMap((workload) => checkWorkflowOf(artefacts, workload) ?? []);
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, workloads.length),
    findings: [
      ...parts.flatMap(({ findings }) => findings),
      // Nobody says what its checks must be, so that they may be none.
      ...unpromised.map(({ file }) => ({
        place: file,
        value: 'checks that the manifest does not promise',
        allowed: 'a file for each workload with checks, and no other',
        change: 'give the workload its checks in the platform file, or remove the file',
      })),
    ],
  };
}

/** What the manifest says of a workload whose sources are checked on pull requests. */
export function checkedQualityOf({ quality }: WorkloadEntry): PythonQuality | undefined {
  return quality?.language === 'python' && quality.checks ? quality : undefined;
}

/** The file that the manifest promises for pull requests of a workload. */
export const checkWorkflowOf = ({ workflows }: Artefacts, { id }: WorkloadEntry): Workflow | undefined =>
  workflows.find(({ file }) => file === workflowPath(id, 'ci'));

function checksOf(artefacts: Artefacts, workload: WorkloadEntry): ProofResult {
  const workflow = checkWorkflowOf(artefacts, workload);
  const quality = checkedQualityOf(workload);
  const { id, paths } = workload;
  if (!quality || !workflow) {
    return {
      checked: 1,
      findings: [
        {
          place: `${MANIFEST_PATH} workloads.${id}.quality.checks`,
          value: `no file ${workflowPath(id, 'ci')}`,
          allowed: 'a workflow that checks each pull request of the workload',
          change: 'run `npx projen` to write the workflows anew',
        },
      ],
    };
  }
  const branch = artefacts.manifest.repository.defaultBranch;
  const watched = [...paths, workflow.file];
  const occurrences = occurrencesOf(workflow, artefacts.manifest).filter(({ event }) => isChecking(event));
  const rules = checkRules(quality);
  return {
    checked: EVENTS.length * (1 + watched.length) + rules.length * occurrences.length,
    findings: [
      ...EVENTS.flatMap((event) => entranceFaultsOf(workflow, { event, branch, paths: watched })),
      ...triggerFaults(workflow),
      ...rules.flatMap((rule) => faultsOf(workflow, rule, occurrences)),
      ...strayFiles(workload, quality),
    ],
  };
}

/** What is shipped lies where the service lies: another file of the same name would be audited in its place. */
const strayFiles = ({ id }: WorkloadEntry, { directory, checks }: PythonQuality): readonly Fault[] =>
  (checks?.audited ?? [])
    .filter((file) => posix.relative(directory, file).startsWith('..'))
    .map((file) => ({
      place: `${MANIFEST_PATH} workloads.${id}.quality.checks.audited`,
      value: file,
      allowed: `files below ${directory}, by their path from the root of the repository`,
      change: 'name the requirements of the service',
    }));

const isChecking = (event: string): boolean => EVENTS.some((one) => one === event);

function triggerFaults({ file, triggers }: Workflow): readonly Fault[] {
  return triggers.flatMap(({ event, line, filters }) => {
    const others = Object.keys(filters).filter((name) => !FILTERS.includes(name));
    const takenOut = FILTERS.flatMap((name) => textsOf(filters[name])).filter((one) => one.startsWith('!'));
    const wrong = isChecking(event)
      ? [...others.map((name) => `${event} with ${name}`), ...takenOut]
      : [`the trigger ${event}`];
    return wrong.map((value) => ({
      place: `${file}:${line}`,
      value,
      allowed: `${EVENTS.join(', ')} with ${FILTERS.join(' and ')} that take nothing out`,
      change: `remove it: each commit and each pull request of the workload is checked`,
    }));
  });
}

/** One check: some job must run it, whole, on each occurrence. */
function faultsOf(workflow: Workflow, rule: CheckRule, occurrences: readonly Occurrence[]): readonly Fault[] {
  const candidates = workflow.jobs.flatMap((job) =>
    job.steps
      .filter((step) => meansRule(step, rule))
      .map((step) => stepFaults(workflow, job, step, rule, occurrences)),
  );
  // The one with the least wrong is the one that is meant.
  const [best] = [...candidates].sort((one, other) => one.length - other.length);
  return (
    best ?? [
      {
        place: workflow.file,
        value: `no step runs ${rule.name}`,
        allowed: `\`${rule.program.join(' ')}\` on each pull request and each push`,
        change: 'run `npx projen` to write the workflows anew',
      },
    ]
  );
}

/** True for a step that names the program, however it is written. */
const meansRule = ({ run = '' }: Step, { program }: CheckRule): boolean =>
  run.includes(program.slice(program[0] === 'python' ? 2 : 0).join(' '));

function stepFaults(
  workflow: Workflow,
  job: Job,
  step: Step,
  rule: CheckRule,
  occurrences: readonly Occurrence[],
): readonly Fault[] {
  const place = placeOf(workflow, job, step);
  const allowed = `${rule.name}, whole and on each pull request and push: its exit code is that of the step`;
  const fault = (value: string, change: string): Fault => ({ place, value, allowed, change });
  const words = plainCommand(step);
  const { program } = rule;
  const isAlone = words !== undefined && program.every((word, index) => words[index] === word);
  const folder = (workingDirectory(workflow, job, step) ?? '.').replace(/^\.\/|\/$/g, '');
  const [leftOut] = occurrences.flatMap((one) => whyLeftOut(job, step, one) ?? []);
  const [skipped] = occurrences.filter((one) => mayBeSkipped(workflow, job, one));
  const names = Object.keys({ ...record(workflow.raw.env), ...job.env, ...step.env });
  return [
    ...(isAlone
      ? ruleFaults(rule, words.slice(program.length)).map((value) =>
          fault(value, `write \`${program.join(' ')}\` as the manifest has it, or run \`npx projen\``),
        )
      : [fault(JSON.stringify((step.run ?? '').trim()), 'let the step run the check and nothing else')]),
    ...(folder === rule.directory
      ? []
      : [fault(`working-directory: ${folder}`, `run it in ${rule.directory}`)]),
    ...(leftOut === undefined ? [] : [fault(`if: ${leftOut}`, 'remove the condition of the step')]),
    ...(skipped ? [fault(`${skipped.name} skips ${job.id}`, `mend condition and needs of ${job.id}`)] : []),
    ...(mayFailInSilence(job, step) ? [fault('continue-on-error', 'remove continue-on-error')] : []),
    ...names
      .filter((name) => OPTIONS.test(name))
      .map((name) => fault(name, `remove ${name} from \`env\`: options stand in the script`)),
    ...partialCheckoutFaults(workflow, job),
  ];
}

/** Whether a job may not run although all that starts succeeds. */
function mayBeSkipped(workflow: Workflow, job: Job, occurrence: Occurrence): boolean {
  const graph = jobGraph(workflow);
  // What cannot be followed is a finding of its own.
  if (graph.faults.length > 0) return false;
  const simulations = simulationsOf(graph, occurrence);
  return (
    !('fault' in simulations) && simulations.some((simulation) => simulation.green()[job.id] !== 'success')
  );
}
