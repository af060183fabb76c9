import type { JobResult, StepResult } from '../../rehearsal/github/run-result';
import { callsOfJob, ran } from '../../rehearsal/report/calls-by-job';
import { scenarioName } from '../../rehearsal/report/names';
import { virtualMoment, virtualTime } from '../../rehearsal/report/virtual-time';
import { SAID } from '../../rehearsal/report/what-happened';
import type { ScenarioReport } from '../../rehearsal/scenarios/scenario';
import type { Paint } from '../local-command';
import { deniedCalls } from './call-lines';
import { counted, fact, firstOf, line, mark } from './marks';
import { surpriseLines } from './surprise-lines';
import { plainSummary } from './plain-summary';

/** Lines of a job's summary, and refused calls of a job, that are shown. */
const SUMMARY_LINES = 8;
const DENIED_CALLS = 4;
/** Last lines of the log of a step that failed. */
const LOG_LINES = 4;

/** One scenario told at length, in the order in which it happened. */
export function renderStory(report: ScenarioReport, paint: Paint): string {
  const { faults, title, jobs, leftovers, surprises } = report;
  const state = Object.entries(report.finalState);
  const width = Math.max(0, ...state.map(([name]) => line(name).length));
  return [
    '',
    `${paint.bold(line(scenarioName(report)))}  ${line(title)}`,
    paint.dim(faults.length > 0 ? `with ${line(faults.join(', '))}` : 'without a fault'),
    '',
    ...jobs
      .filter(ran)
      .sort((one, other) => one.startedAt - other.startedAt)
      .flatMap((job) => jobLines(job, report, paint)),
    ...skippedLine(jobs, paint),
    '',
    `${paint.bold('Afterwards')}  ${paint.dim(virtualMoment(report.endedAt, report.startedAt))}`,
    ...(state.length > 0
      ? state.map(([name, value]) => `  ${line(name).padEnd(width)}  ${fact(value)}`)
      : ['  nothing that was looked at']),
    ...(leftovers.length > 0
      ? [paint.bold('Left behind'), ...leftovers.map((left) => `  ${fact(left)}`)]
      : []),
    '',
    ...verdict(report, paint),
    ...surpriseLines(surprises, paint),
    '',
  ].join('\n');
}

function verdict({ passed, surprises, conclusion }: ScenarioReport, paint: Paint): readonly string[] {
  const run = `the run ${SAID[conclusion]}`;
  return passed
    ? [`${mark('success', paint)} ${paint.bold('As expected')}: ${run}`]
    : [`${mark('failure', paint)} ${paint.bold(counted(surprises.length, 'surprise'))}: ${run}`];
}

/** A job: its line, its steps beneath, then what it told and what it called. */
function jobLines(job: JobResult, report: ScenarioReport, paint: Paint): readonly string[] {
  const { startedAt } = report;
  const shown = job.steps.filter(ran);
  const width = Math.max(0, ...shown.map(({ name }) => line(name).length));
  // Most names of jobs say it already.
  const named = job.environment !== undefined && job.name.endsWith(` ${job.environment}`);
  const environment =
    job.environment === undefined || named ? '' : paint.dim(` (environment ${line(job.environment)})`);
  const said = job.result === 'success' ? '' : ` ${paint.red(SAID[job.result])}`;
  const details = [
    ...shown.flatMap((step) => stepLines(step, startedAt, width, paint)),
    ...skippedSteps(job, paint),
    ...summaryLines(job, paint),
    ...callLines(job, report, paint),
  ];
  return [
    `${paint.dim(moment(job.startedAt, startedAt))} ${mark(job.result, paint)} ${paint.bold(line(job.name))}${environment}${said} ${paint.dim(virtualTime(job.endedAt - job.startedAt))}`,
    ...details.map(
      (detail, index) => `${INDENT}${paint.dim(index === details.length - 1 ? '└' : '│')} ${detail}`,
    ),
  ];
}

const moment = (at: number, beginning: number): string => virtualMoment(at, beginning).padStart(8);
/** Below the mark of the job. */
const INDENT = ' '.repeat(9);

function stepLines(step: StepResult, beginning: number, width: number, paint: Paint): readonly string[] {
  const { name, outcome, conclusion, annotations } = step;
  const time = virtualTime(step.endedAt - step.startedAt);
  const goneOn = outcome !== conclusion ? paint.yellow('  and the job went on') : '';
  return [
    `${mark(outcome, paint)} ${paint.dim(virtualMoment(step.startedAt, beginning))} ${line(name).padEnd(width)}  ${paint.dim(time)}${goneOn}`,
    ...annotations.map(({ level, title, message }) => {
      const tint = { notice: paint.dim, warning: paint.yellow, error: paint.red }[level];
      return `    ${tint(level)} ${line(title === undefined ? message : `${title}: ${message}`)}`;
    }),
    // A step that failed without a word of its own is told by the end of its log.
    ...(outcome === 'failure' && !annotations.some(({ level }) => level === 'error')
      ? step.log.slice(-LOG_LINES).map((text) => `    ${paint.dim('│')} ${line(text)}`)
      : []),
  ];
}

function skippedSteps({ steps }: JobResult, paint: Paint): readonly string[] {
  const names = steps.filter((step) => !ran(step)).map(({ name }) => name);
  return names.length > 0
    ? [`${mark('skipped', paint)} ${paint.dim(line(`skipped: ${names.join(', ')}`))}`]
    : [];
}

function summaryLines({ summary }: JobResult, paint: Paint): readonly string[] {
  const lines = plainSummary(summary);
  if (lines.length === 0) return [];
  return firstOf(
    lines.map((text) => [`  ${paint.dim('▏')}${line(text)}`]),
    SUMMARY_LINES,
    paint,
  );
}

function callLines(job: JobResult, report: ScenarioReport, paint: Paint): readonly string[] {
  const calls = callsOfJob(report, job);
  if (calls.length === 0) return [paint.dim('no call to AWS')];
  const denied = calls.filter(({ allowed }) => !allowed).length;
  const counts = `${counted(calls.length - denied, 'call')} allowed, `;
  return [
    `${paint.dim(counts)}${denied > 0 ? paint.red(`${denied} denied`) : paint.dim('0 denied')}`,
    ...firstOf(deniedCalls(calls, paint), DENIED_CALLS, paint).map((text) => `  ${text}`),
  ];
}

function skippedLine(jobs: readonly JobResult[], paint: Paint): readonly string[] {
  const ids = jobs.filter((job) => !ran(job)).map(({ id }) => id);
  return ids.length > 0
    ? [`${' '.repeat(8)} ${mark('skipped', paint)} ${paint.dim(line(`skipped: ${ids.join(', ')}`))}`]
    : [];
}
