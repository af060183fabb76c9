import type { JobResult, RunEvent } from '../../rehearsal/github/run-result';
import { virtualMoment, virtualTime } from '../../rehearsal/report/virtual-time';
import { SAID } from '../../rehearsal/report/what-happened';
import type { Paint } from '../local-command';
import { line, mark } from './marks';

/** A job as far as it has come. */
type LiveJob =
  | { readonly state: 'waits'; readonly id: string; readonly environment: string; readonly since: number }
  | {
      readonly state: 'runs';
      readonly id: string;
      readonly name: string;
      readonly since: number;
      readonly done: number;
      /** Step that runs. */
      readonly step?: { readonly name: string; readonly since: number };
      readonly lastLine?: string;
    }
  | { readonly state: 'ended'; readonly id: string; readonly result: JobResult };

/** A scenario while it runs. */
export interface LiveScenario {
  readonly name: string;
  /** Virtual moment of the first event; missing before it. */
  readonly startedAt?: number;
  /** Virtual moment of the last event. */
  readonly now: number;
  readonly jobs: readonly LiveJob[];
}

export const begun = (name: string): LiveScenario => ({ name, now: 0, jobs: [] });

/** The scenario after an event. Events of a job that was never announced make it known. */
export function after(scenario: LiveScenario, event: RunEvent): LiveScenario {
  const { at } = event;
  const job = changed(scenario, event);
  const known = scenario.jobs.some(({ id }) => id === job.id);
  return {
    ...scenario,
    startedAt: scenario.startedAt ?? at,
    now: at,
    jobs: known ? scenario.jobs.map((each) => (each.id === job.id ? job : each)) : [...scenario.jobs, job],
  };
}

function changed({ jobs }: LiveScenario, event: RunEvent): LiveJob {
  if (event.kind === 'jobEnded') return { state: 'ended', id: event.job.id, result: event.job };
  const { job: id, at } = event;
  if (event.kind === 'jobWaits') return { state: 'waits', id, environment: event.environment, since: at };
  if (event.kind === 'jobStarted') return { state: 'runs', id, name: event.name, since: at, done: 0 };
  const before = jobs.find((job) => job.id === id);
  const { name, since, done, ...rest } =
    before?.state === 'runs' ? before : ({ state: 'runs', id, name: id, since: at, done: 0 } as const);
  switch (event.kind) {
    case 'stepStarted':
      return { state: 'runs', id, name, since, done, step: { name: event.step, since: at } };
    case 'stepEnded':
      return { state: 'runs', id, name, since, done: done + 1 };
    case 'log':
      return { ...rest, name, since, done, lastLine: event.line };
  }
}

/**
 * The scenario as lines: a line for each job, and beneath the one that runs its step and what it said last.
 *
 * @param turning sign of what is at work
 */
export function treeLines(scenario: LiveScenario, turning: string, paint: Paint): readonly string[] {
  const { startedAt = scenario.now, now } = scenario;
  const moment = (at: number) => paint.dim(virtualMoment(at, startedAt).padStart(8));
  return [
    `${paint.bold(line(scenario.name))} ${paint.dim(virtualMoment(now, startedAt))}`,
    ...scenario.jobs.flatMap((job): readonly string[] => {
      switch (job.state) {
        case 'waits':
          return [
            `${moment(job.since)} ${turning} ${line(job.id)} ${paint.dim(line(`waits for ${job.environment}`))}`,
          ];
        case 'ended': {
          const { result, startedAt: from, endedAt } = job.result;
          const text = result === 'success' ? virtualTime(endedAt - from) : SAID[result];
          return [`${moment(from)} ${mark(result, paint)} ${line(job.id)} ${paint.dim(text)}`];
        }
        case 'runs':
          return [
            `${moment(job.since)} ${turning} ${line(job.id)} ${paint.dim(virtualTime(now - job.since))}`,
            ...(job.step
              ? [`${moment(job.step.since)}   ${paint.dim(`└ ${job.done + 1}`)} ${line(job.step.name)}`]
              : []),
            ...(job.lastLine === undefined ? [] : [`${' '.repeat(14)}${paint.dim(line(job.lastLine))}`]),
          ];
      }
    }),
  ];
}
