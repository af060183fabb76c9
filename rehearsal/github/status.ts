import type { StatusFunction } from '../../proofs/flow/expression';
import type { Conclusion } from './run-result';

/** What the status functions answer. */
export type Status = Readonly<Record<StatusFunction, boolean>>;

/**
 * At the condition of a job: every job before it counts, near and far. A job that was skipped before it makes
 * `success()` false, and one that had to be cancelled alone, such as for its time limit, makes `cancelled()` true.
 *
 * @param cancelled whether the whole run was cancelled
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
 */
export function jobStatus(before: readonly Conclusion[], cancelled: boolean): Status {
  return {
    success: !cancelled && before.every((result) => result === 'success'),
    failure: before.includes('failure'),
    cancelled: cancelled || before.includes('cancelled'),
    always: true,
  };
}

/** Status of a job while its steps run. */
export type RunningStatus = Exclude<Conclusion, 'skipped'>;

/** At the condition of a step. */
export const stepStatus = (job: RunningStatus): Status => ({
  success: job === 'success',
  failure: job === 'failure',
  cancelled: job === 'cancelled',
  always: true,
});

/** A result of several: a failure outweighs a cancellation, and that everything else. */
export function mergedResult(results: readonly Conclusion[]): Conclusion {
  const worst = (['failure', 'cancelled', 'success'] as const).find((result) => results.includes(result));
  return worst ?? 'skipped';
}
