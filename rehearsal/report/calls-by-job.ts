import type { SeenCall } from '../aws/seen-call';
import type { JobResult, StepResult } from '../github/run-result';
import type { ScenarioReport } from '../scenarios/scenario';
import { scenarioName } from './names';
import { virtualMoment } from './virtual-time';

/** A part of a run, for a time. */
type Span = Pick<JobResult, 'startedAt' | 'endedAt'>;

const within = (at: number, { startedAt, endedAt }: Span): boolean => startedAt <= at && at <= endedAt;

/**
 * The job during which a call was made. Jobs of a rehearsal run one after another, so time tells; at the moment
 * between two of them, the call belongs to the one that ends.
 */
function jobOf({ jobs }: ScenarioReport, { at }: SeenCall): JobResult | undefined {
  return jobs.filter(ran).find((job) => within(at, job));
}

/** Calls made during a job, in their order. */
export function callsOfJob(report: ScenarioReport, job: JobResult): readonly SeenCall[] {
  return report.calls.filter((call) => jobOf(report, call)?.id === job.id);
}

/** Where a call was made, for a reader: scenario, job, step and time. */
export function placeOfCall(report: ScenarioReport, call: SeenCall): string {
  const job = jobOf(report, call);
  const step = job?.steps.filter(ran).find((each) => within(call.at, each));
  const where = job === undefined ? 'outside of the jobs' : [job.id, ...(step ? [step.name] : [])].join('/');
  return `${scenarioName(report)}, ${where} at ${virtualMoment(call.at, report.startedAt)}`;
}

/** True for what was not skipped. */
export function ran(part: JobResult | StepResult): boolean {
  return ('result' in part ? part.result : part.conclusion) !== 'skipped';
}
