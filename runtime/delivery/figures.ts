import type { PastJob } from './past-job';

/** How deliveries went, in one environment or in all. Durations are milliseconds. */
export interface DeliveryFigures {
  readonly deployments: number;
  /** From 0 to 1. Missing without deployments. */
  readonly successRate?: number;
  /** Of the deployments that succeeded, from the start of the job to its end. */
  readonly meanDuration?: number;
  readonly rollbacks: { readonly automatic: number; readonly byHand: number };
  /** Median, from the commit to the end of the job that deployed it. */
  readonly leadTime?: number;
  /** Median, from the end of the deployment that failed to the next one, or rollback by hand, that succeeded. */
  readonly timeToRecover?: number;
  /** Failures after which nothing has succeeded yet. */
  readonly notRecovered: number;
}

/**
 * Times that clocks which differ make negative are left out.
 *
 * @param jobs of one environment, or of several
 */
export function figuresOf(jobs: readonly PastJob[]): DeliveryFigures {
  const deployments = jobs.filter(({ kind }) => kind === 'deployment');
  const good = deployments.filter(({ succeeded }) => succeeded);
  const { recovered, open } = recoveriesOf(jobs);
  const leadTimes = good.flatMap(({ endedAt, committedAt }) =>
    committedAt === undefined ? [] : [endedAt - committedAt],
  );
  return {
    deployments: deployments.length,
    ...given('successRate', deployments.length === 0 ? undefined : good.length / deployments.length),
    ...given('meanDuration', mean(possible(good.map(({ startedAt, endedAt }) => endedAt - startedAt)))),
    rollbacks: {
      automatic: jobs.filter(({ kind }) => kind === 'rollback').length,
      byHand: jobs.filter(({ kind }) => kind === 'rollbackByHand').length,
    },
    ...given('leadTime', median(possible(leadTimes))),
    ...given('timeToRecover', median(possible(recovered))),
    notRecovered: open,
  };
}

/** Failures in a row are one: it began with the first. The automatic way back ends none, for the commit is still out. */
function recoveriesOf(jobs: readonly PastJob[]): {
  readonly recovered: readonly number[];
  readonly open: number;
} {
  const failedAt = new Map<string, number>();
  const recovered: number[] = [];
  const inOrder = [...jobs].sort((one, other) => one.endedAt - other.endedAt);
  for (const { workload, environment, kind, succeeded, endedAt } of inOrder) {
    const place = `${workload} ${environment}`;
    const since = failedAt.get(place);
    if (kind === 'deployment' && !succeeded && since === undefined) failedAt.set(place, endedAt);
    if (kind !== 'rollback' && succeeded && since !== undefined) {
      recovered.push(endedAt - since);
      failedAt.delete(place);
    }
  }
  return { recovered, open: failedAt.size };
}

/** Deployments of one day, UTC. */
export interface Day {
  /** `2026-01-31`. */
  readonly date: string;
  readonly succeeded: number;
  readonly failed: number;
}

/** Each day from the first to the last, also those without deployments. */
export function deploymentsByDay(jobs: readonly PastJob[], since: Date, until: Date): readonly Day[] {
  const days: Day[] = [];
  for (let at = Date.parse(dateOf(since.getTime())); at <= until.getTime(); at += DAY_MS) {
    const date = dateOf(at);
    const here = jobs.filter(({ kind, endedAt }) => kind === 'deployment' && dateOf(endedAt) === date);
    const succeeded = here.filter((job) => job.succeeded).length;
    days.push({ date, succeeded, failed: here.length - succeeded });
  }
  return days;
}

export const DAY_MS = 86_400_000;
const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

const given = <K extends string>(key: K, value: number | undefined): Partial<Record<K, number>> =>
  (value === undefined ? {} : { [key]: value }) as Partial<Record<K, number>>;

const possible = (durations: readonly number[]): readonly number[] =>
  durations.filter((duration) => duration >= 0);

const mean = (values: readonly number[]): number | undefined =>
  values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return mean(middle);
}
