import { type Fault, type GpuCheckEntry, workflowPath } from '../../contract';
import type { Artefacts, Workflow } from '../artefacts';
import { matrixOf } from '../flow/matrix';
import { record } from '../flow/occurrences';
import { occurrencesOf } from '../flow/occurrences';
import { placeOf } from '../flow/place';
import { mayFailInSilence, whyLeftOut } from '../flow/step-conditions';
import { runsAlone } from '../flow/verdict';
import type { ProofResult } from '../proof';
import { unless, type Wrong, wrongAt } from '../wrong';
import { buildFaults } from './build';
import { commandFaultsOf } from './command';
import { type CheckJob, checkJobs, RUN } from './jobs';
import { resultFaults } from './results';
import { placeOfCheck } from './spec';

const ANEW = 'run `npx projen` to write the workflows anew';
/** What starts a check. */
const STARTS = ['schedule', 'workflow_dispatch'];

/**
 * Each check has a file of its own that runs it every week, and when somebody asks for it: one job for each combination,
 * which builds its image and runs just that one, and a report in which those that failed stand too.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#schedule
 */
export function gpuWorkflowFaults(artefacts: Artefacts): ProofResult {
  const { gpuChecks } = artefacts.manifest;
  const jobs = checkJobs(artefacts, RUN);
  return {
    checked: gpuChecks.length * 5 + jobs.length * 14,
    findings: [
      ...gpuChecks.flatMap((entry) => fileFaults(artefacts, entry, jobs)),
      ...jobs.flatMap((one) => [
        ...jobFaults(artefacts, one),
        ...buildFaults(one),
        ...commandFaultsOf(one),
        ...resultFaults(artefacts, one),
      ]),
    ],
  };
}

function fileFaults(artefacts: Artefacts, entry: GpuCheckEntry, jobs: readonly CheckJob[]): readonly Fault[] {
  const { manifest, workflows } = artefacts;
  const { workload, environment: name } = entry;
  const path = workflowPath(workload, 'gpu-compatibility');
  const own = jobs.filter((one) => one.entry === entry);
  const workflow = workflows.find(({ file }) => file === path);
  const environment = manifest.environments.find((one) => one.name === name);
  const waits =
    environment !== undefined &&
    (environment.protection.reviewers.length > 0 || environment.protection.waitMinutes > 0);
  return [
    ...wrongAt(placeOfCheck(entry), 'choose an environment without reviewers and without a timer', [
      ...unless(
        !waits,
        `${name}, which waits`,
        'an environment that waits for nobody: a run by the clock would hang',
      ),
    ]),
    ...wrongAt(placeOfCheck(entry), ANEW, [
      ...unless(
        own.length === 1 && own[0]?.workflow === workflow,
        `${own.length} jobs that run it: ${own.map((one) => one.workflow.file).join(', ') || 'none'}`,
        `one, in ${path}`,
      ),
    ]),
    ...(workflow ? triggerFaults(workflow, entry) : []),
  ];
}

function triggerFaults(workflow: Workflow, { schedule }: GpuCheckEntry): readonly Fault[] {
  const { file, triggers } = workflow;
  const times = record(workflow.raw.on).schedule;
  const crons = (Array.isArray(times) ? times : []).map((one) => String(record(one).cron));
  const zones = (Array.isArray(times) ? times : []).filter((one) => record(one).timezone !== undefined);
  const group = record(workflow.raw.concurrency);
  const strange = triggers.filter(({ event }) => !STARTS.includes(event));
  const missing = STARTS.filter((event) => !triggers.some((one) => one.event === event));
  return [
    ...strange.map(({ event, line }) => ({
      place: `${file}:${line}`,
      value: `the trigger ${event}`,
      allowed: STARTS.join(', '),
      change: `remove ${event}: each run costs hours on GPUs`,
    })),
    ...wrongAt(file, ANEW, [
      ...missing.map((event): Wrong => [`nothing starts it by ${event}`, STARTS.join(', ')]),
      ...unless(
        crons.length === 1 && crons[0] === schedule && zones.length === 0,
        `schedule: ${crons.join(', ') || 'nothing'}${zones.length > 0 ? ' in another time zone' : ''}`,
        `${schedule} in UTC, as the manifest has it`,
      ),
      ...unless(
        typeof group.group === 'string' && !group.group.includes('${{'),
        `concurrency: ${String(group.group ?? 'none')}`,
        'one group for all runs of the file: two would wait for the same instances',
      ),
      ...unless(
        (group['cancel-in-progress'] ?? false) === false,
        `cancel-in-progress: ${String(group['cancel-in-progress'])}`,
        'false: a task of a run that is cancelled is paid for nothing',
      ),
    ]),
  ];
}

/** The job of each combination, and the step that runs it. */
function jobFaults(artefacts: Artefacts, { entry, workflow, job, use }: CheckJob): readonly Fault[] {
  const { failFast = true, maxParallel } = matrixOf(job) ?? {};
  const occurrences = occurrencesOf(workflow, artefacts.manifest);
  const [why] = occurrences.flatMap((one) => whyLeftOut(job, use.step, one) ?? []);
  return [
    ...wrongAt(placeOf(workflow, job), ANEW, [
      ...unless(
        job.environment === entry.environment,
        `environment: ${job.environment ?? 'none'}`,
        `${entry.environment}, whose account has the cluster`,
      ),
      ...unless(!failFast, 'fail-fast', 'fail-fast: false, so that one that fails cancels no other'),
      ...unless(
        maxParallel !== undefined && maxParallel <= entry.maxParallel,
        `max-parallel: ${maxParallel ?? 'as many as there are'}`,
        `at most ${entry.maxParallel}, the instances that there may be of a type`,
      ),
      ...unless(
        job.condition === undefined && job.needs.length === 0,
        `if: ${job.condition ?? `needs ${job.needs.join(', ')}`}`,
        'a job that runs whenever the file is started',
      ),
    ]),
    ...wrongAt(placeOf(workflow, job, use.step), ANEW, [
      ...unless(why === undefined, `if: ${why ?? ''}`, 'a step without condition'),
      ...unless(!mayFailInSilence(job, use.step), 'continue-on-error', 'a combination that failed is red'),
      ...unless(
        runsAlone(use.step),
        JSON.stringify((use.step.run ?? '').trim()),
        '`exec` and the command alone: its exit code is that of the step, and it hears when the run is cancelled',
      ),
    ]),
  ];
}
