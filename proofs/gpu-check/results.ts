import type { Fault } from '../../contract';
import type { Artefacts, Job, Step } from '../artefacts';
import { readCondition } from '../flow/condition';
import { isTrue } from '../flow/evaluate';
import { jobGraph } from '../flow/job-graph';
import { occurrencesOf } from '../flow/occurrences';
import { placeOf } from '../flow/place';
import { simulationsOf } from '../flow/simulation';
import { mayFailInSilence } from '../flow/step-conditions';
import { runsAlone } from '../flow/verdict';
import { writtenOption } from '../flow/written-option';
import { unless, type Wrong, wrongAt } from '../wrong';
import { type CheckJob, checkJobs, REPORT } from './jobs';

const UPLOAD = 'actions/upload-artifact';
const DOWNLOAD = 'actions/download-artifact';
const ANEW = 'run `npx projen` to write the workflows anew';

/** What a combination comes to is kept, also when it failed, and reaches the report, which is written all the same. */
export function resultFaults(artefacts: Artefacts, check: CheckJob): readonly Fault[] {
  const { entry, workflow, job, use } = check;
  const output = writtenOption(workflow, job, use, 'output');
  const kept = behind(job, use.step).filter((step) => isUse(step, UPLOAD));
  const [upload] = kept.filter(({ with: inputs }) => inputs.path === output);
  const report = checkJobs(artefacts, REPORT).find((one) => one.entry === entry && one.workflow === workflow);
  return [
    ...(upload
      ? wrongAt(placeOf(workflow, job, upload), ANEW, keepingFaults(job, use.step, upload))
      : wrongAt(placeOf(workflow, job), ANEW, [
          [`${output ?? 'no result'}, which no step keeps`, `${UPLOAD} of what --output names`],
        ])),
    ...(report
      ? reportFaults(artefacts, check, report, upload?.with.name ?? '')
      : wrongAt(workflow.file, ANEW, [['no job that reports', `a job behind ${job.id} with \`${REPORT}\``]])),
  ];
}

const isUse = ({ uses }: Step, action: string): boolean => uses?.action.toLowerCase() === action;
const behind = ({ steps }: Job, step: Step): readonly Step[] => steps.slice(steps.indexOf(step) + 1);
const before = ({ steps }: Job, step: Step): readonly Step[] => steps.slice(0, steps.indexOf(step));

function keepingFaults(job: Job, run: Step, upload: Step): readonly Wrong[] {
  const failed = runsAfter(run, upload, 'failure');
  return [
    ...unless(
      failed && runsAfter(run, upload, 'success'),
      `if: ${upload.condition ?? 'success()'}`,
      'a step that runs whether the combination works or not',
    ),
    ...unless(
      upload.with['if-no-files-found'] === 'error',
      `if-no-files-found: ${upload.with['if-no-files-found'] ?? 'warn'}`,
      'error: a combination without a result is red',
    ),
    ...unless(!mayFailInSilence(job, upload), 'continue-on-error', 'a result that is lost is red'),
  ];
}

/** Whether a step runs after another one with this outcome. */
function runsAfter(run: Step, step: Step, outcome: 'success' | 'failure'): boolean {
  const condition = readCondition(step.condition ?? 'success()', 'stepCondition');
  // A text is always true; one that GitHub refuses is a finding of its own.
  if ('alwaysTrue' in condition || 'fault' in condition) return 'alwaysTrue' in condition;
  const failed = outcome === 'failure';
  // Without a status function GitHub puts `success()` before it.
  if (failed && !condition.statusGiven) return false;
  const steps = run.id === undefined ? {} : { [run.id]: { outcome, conclusion: outcome } };
  const empty = { matrix: {}, strategy: {}, job: {}, runner: {}, env: {}, vars: {}, needs: {} };
  return isTrue(
    condition.expression,
    { ...empty, github: {}, inputs: {}, steps },
    { success: !failed, failure: failed, cancelled: false, always: true },
  );
}

function reportFaults(
  artefacts: Artefacts,
  check: CheckJob,
  { workflow, job, use }: CheckJob,
  name: string,
): readonly Fault[] {
  const folder = writtenOption(workflow, job, use, 'results');
  const fetched = before(job, use.step).find(
    (step) => isUse(step, DOWNLOAD) && step.with.path === folder && step.condition === undefined,
  );
  const pattern = fetched?.with.pattern ?? '';
  // With the artifacts merged, one result would take the place of the other.
  const merged = fetched?.with['merge-multiple'] ?? 'false';
  const written = writtenOption(workflow, job, use, 'output');
  const kept = behind(job, use.step).find((step) => isUse(step, UPLOAD) && step.with.path === written);
  return [
    ...wrongAt(placeOf(workflow, job), ANEW, timing(artefacts, check, job)),
    ...wrongAt(placeOf(workflow, job, use.step), ANEW, [
      ...unless(
        fetched !== undefined,
        `--results ${folder ?? 'nothing'}, which no step before it fetches`,
        `the folder in which ${DOWNLOAD} puts the results`,
      ),
      ...unless(
        runsAlone(use.step) && use.step.condition === undefined && !mayFailInSilence(job, use.step),
        JSON.stringify((use.step.run ?? '').trim()),
        '`exec` and the command alone, without condition',
      ),
      ...unless(
        kept !== undefined && kept.condition === undefined,
        `--output ${written ?? 'nothing'}, which no step keeps`,
        `${UPLOAD} of the report`,
      ),
    ]),
    ...(fetched
      ? wrongAt(placeOf(workflow, job, fetched), ANEW, [
          ...unless(
            pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)),
            `pattern: ${pattern || 'none'}`,
            `one that takes the results of all combinations: ${name}`,
          ),
          ...unless(merged === 'false', `merge-multiple: ${merged}`, 'a folder for each result'),
        ])
      : []),
  ];
}

/** The report comes behind every combination, whatever became of it. */
function timing({ manifest }: Artefacts, { workflow, job: run }: CheckJob, job: Job): readonly Wrong[] {
  if (!job.needs.includes(run.id)) return [[`needs: ${job.needs.join(', ') || 'nothing'}`, run.id]];
  const graph = jobGraph(workflow);
  // What cannot be followed is a finding of its own.
  if (graph.faults.length > 0) return [];
  for (const occurrence of occurrencesOf(workflow, manifest)) {
    const simulations = simulationsOf(graph, occurrence);
    if ('fault' in simulations) return [];
    for (const { results } of simulations.map((simulation) => simulation.endings(job))) {
      const skipped = results.find(
        (ending) => ['success', 'failure'].includes(ending[run.id] ?? '') && ending[job.id] === 'skipped',
      );
      if (!skipped) continue;
      return [
        [
          `on ${occurrence.name} it is skipped when ${run.id} ends with ${skipped[run.id] ?? ''}`,
          'a report of every run: what failed stands in it',
        ],
      ];
    }
  }
  return [];
}
