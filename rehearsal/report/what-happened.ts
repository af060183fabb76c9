import type { Conclusion, JobResult } from '../github/run-result';
import type { ScenarioReport } from '../scenarios/scenario';

/** Results as a sentence says them. */
export const SAID: Readonly<Record<Conclusion, string>> = {
  success: 'succeeded',
  failure: 'failed',
  cancelled: 'was cancelled',
  skipped: 'was skipped',
};

/** A run in a few words: `deploy-staging failed, then rollback-staging succeeded, 4 skipped`. */
export function whatHappened({ jobs }: Pick<ScenarioReport, 'jobs'>): string {
  const skipped = jobs.filter(({ result }) => result === 'skipped').length;
  const rest = skipped > 0 ? [`${skipped} skipped`] : [];
  const inTime = jobs
    .filter(({ result }) => result !== 'skipped')
    .sort((one, other) => one.startedAt - other.startedAt);
  const broken = inTime.findIndex(({ result }) => result !== 'success');
  if (broken < 0) {
    const { length } = inTime;
    return [...(length > 0 ? [`${length} job${length === 1 ? '' : 's'} succeeded`] : []), ...rest].join(', ');
  }
  const [first, ...later] = inTime.slice(broken).map(said);
  return [first, ...later.map((text) => `then ${text}`), ...rest].join(', ');
}

const said = ({ id, result }: JobResult): string => `${id} ${SAID[result]}`;
