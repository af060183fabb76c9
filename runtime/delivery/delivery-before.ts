import type { GithubApi, WorkflowJob } from '../github-api';
import { hasBegun } from './began';

/** How the job of an environment last ended before this run. */
export type Before = 'succeeded' | 'failed' | 'neverRan';

/** This run, and the job that is asked about. */
export interface DeliveryRun {
  /** Workflow file, without its folder. */
  readonly file: string;
  /** Name of the job. */
  readonly job: string;
  readonly runId: number;
  readonly runAttempt: number;
}

/** Earlier runs that are looked at, at most: each costs a call. */
const RUNS = 50;

/**
 * How the newest earlier job of this name ended that began and was not cancelled: in an earlier attempt of this run,
 * or in an earlier run of the same file. `unknown` where GitHub does not list this run itself.
 *
 * @throws LockstepError `GithubCallFailed`
 */
export async function deliveryBefore(
  github: GithubApi,
  { file, job, runId, runAttempt }: DeliveryRun,
): Promise<Before | 'unknown'> {
  const named = (jobs: readonly WorkflowJob[]) => jobs.find(({ name }) => name === job);
  // A job that is not run again keeps its times from attempt to attempt: it is no earlier one.
  const own = runAttempt > 1 ? named(await github.jobs(runId, runAttempt)) : undefined;
  let last: WorkflowJob | undefined;
  for (let attempt = runAttempt - 1; attempt > 0 && !last; attempt -= 1) {
    const earlier = named(await github.jobs(runId, attempt));
    if (earlier && earlier.started_at !== own?.started_at && endOf(earlier)) last = earlier;
  }
  let [listed, looked] = [false, 0];
  for await (const run of github.runs(file)) {
    if (run.id === runId) {
      listed = true;
      continue;
    }
    // A newer run may have ended first: this one was run again, or waited for its approval.
    const other = named(await github.jobs(run.id, 'latest'));
    if (other && endOf(other)) {
      last = last ? laterOf(last, other) : other;
      break;
    }
    looked += 1;
    if (looked >= RUNS) break;
  }
  const ended = last && endOf(last);
  if (ended) return ended;
  // Nobody looked further than this.
  if (looked >= RUNS) return 'unknown';
  return listed || looked > 0 ? 'neverRan' : 'unknown';
}

const laterOf = (one: WorkflowJob, other: WorkflowJob): WorkflowJob =>
  (one.completed_at ?? '') > (other.completed_at ?? '') ? one : other;

/** @see https://docs.github.com/en/rest/actions/workflow-jobs#get-a-job-for-a-workflow-run */
function endOf(job: WorkflowJob): Before | undefined {
  const { conclusion } = job;
  if (!hasBegun(job)) return undefined;
  if (conclusion === 'success') return 'succeeded';
  return conclusion === 'failure' || conclusion === 'timed_out' ? 'failed' : undefined;
}
