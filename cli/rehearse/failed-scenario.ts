import type { JobResult, StepResult } from '../../rehearsal/github/run-result';
import { ran } from '../../rehearsal/report/calls-by-job';
import { scenarioName } from '../../rehearsal/report/names';
import { virtualMoment } from '../../rehearsal/report/virtual-time';
import { whatHappened } from '../../rehearsal/report/what-happened';
import type { ScenarioReport } from '../../rehearsal/scenarios/scenario';
import type { Paint } from '../local-command';
import { deniedCalls } from './call-lines';
import { firstOf, line, mark } from './marks';
import { surpriseLines } from './surprise-lines';

/** Last lines of a step's log that are shown. */
const LAST_LINES = 6;
/** Steps whose log is shown, and refused calls that are listed. */
const SHOWN = 6;

/** What a person needs to know about a scenario that did not go as expected. */
export function failedScenario(report: ScenarioReport, paint: Paint): readonly string[] {
  const denied = deniedCalls(report.calls, paint);
  const steps = tellingSteps(report).slice(0, SHOWN);
  return [
    `${mark('failure', paint)} ${paint.bold(line(scenarioName(report)))}  ${line(report.title)}`,
    `  ${paint.dim(line(`${whatHappened(report)}${faultsOf(report)}`))}`,
    ...surpriseLines(report.surprises, paint),
    ...steps.flatMap(({ job, step }) => [
      `  ${paint.dim(virtualMoment(step.startedAt, report.startedAt))} ${mark(step.outcome, paint)} ${line(`${job.id}/${step.name}`)} ${paint.dim(line(`${report.workflow}:${step.line}`))}`,
      ...step.log.slice(-LAST_LINES).map((text) => `    ${paint.dim('│')} ${line(text)}`),
    ]),
    ...(denied.length > 0
      ? ['  Calls denied', ...firstOf(denied, SHOWN, paint).map((text) => `    ${text}`)]
      : []),
  ];
}

const faultsOf = ({ faults }: ScenarioReport): string =>
  faults.length > 0 ? `; with ${faults.join(', ')}` : '; without a fault';

/** The steps that failed. Where none did, the last step of each job that a surprise names. */
function tellingSteps({ jobs, surprises }: ScenarioReport): readonly { job: JobResult; step: StepResult }[] {
  const all = jobs.flatMap((job) => job.steps.filter(ran).map((step) => ({ job, step })));
  const failed = all.filter(({ step }) => step.outcome !== 'success');
  if (failed.length > 0) return failed;
  const named = new Set(surprises.flatMap(({ place }) => place.split(/[\s:]+/)));
  return all.filter(({ job, step }) => named.has(job.id) && step === job.steps.filter(ran).at(-1));
}
