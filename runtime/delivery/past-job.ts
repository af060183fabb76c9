import { deployJobName, ROLLBACK_STEP, rollbackJobName } from '../../contract/job-names';
import type { DeployManifest } from '../../contract/manifest';
import { deliveryPipeline, type Pipeline, workflowFile } from '../../contract/workflow-file';
import type { GithubApi, WorkflowJob, WorkflowRun } from '../github-api';
import { hasBegun } from './began';

/** A job that changed what an environment runs, or tried to. */
export interface PastJob {
  readonly workload: string;
  readonly environment: string;
  readonly kind: 'deployment' | 'rollback' | 'rollbackByHand';
  readonly succeeded: boolean;
  /** Milliseconds since the epoch, as all times here. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** When the commit of the run was made. @default - GitHub does not say it */
  readonly committedAt?: number;
}

/** A workload in one environment. */
export interface Place {
  readonly workload: string;
  readonly environment: string;
}

/**
 * What the runs of emitted workflow files did to environments, those that were created in the time or later. Every
 * attempt of a run counts; a job that never began does not.
 *
 * @throws LockstepError `GithubCallFailed`
 */
export async function pastJobs(
  github: GithubApi,
  manifest: DeployManifest,
  places: readonly Place[],
  since: Date,
): Promise<readonly PastJob[]> {
  const found: PastJob[] = [];
  for (const [file, { pipeline, here }] of filesOf(manifest, places)) {
    for await (const run of github.runs(file, since)) {
      if (!isDelivery(run)) continue;
      const jobs = await github.jobs(run.id, 'all');
      found.push(...here.flatMap((place) => jobsIn(place, pipeline, run, jobs)));
    }
  }
  return found;
}

const EVENTS: readonly string[] = ['push', 'workflow_dispatch', 'schedule'];

/**
 * False for runs of pull requests and of forks: they deliver nothing. On which branches and tags a push delivers, the
 * emitted file says.
 */
const isDelivery = ({ event, repository, head_repository }: WorkflowRun): boolean =>
  EVENTS.includes(event) && head_repository?.full_name === repository.full_name;

/** Each workflow file once, with the environments that its jobs change. */
function filesOf({ workloads }: DeployManifest, places: readonly Place[]) {
  const files = new Map<string, { readonly pipeline: Pipeline; readonly here: Place[] }>();
  for (const place of places) {
    const workload = workloads.find(({ id }) => id === place.workload);
    if (!workload) continue;
    for (const pipeline of [deliveryPipeline(workload, place.environment), 'rollback'] as const) {
      const file = workflowFile(workload.id, pipeline);
      const known = files.get(file) ?? { pipeline, here: [] };
      known.here.push(place);
      files.set(file, known);
    }
  }
  return files;
}

function jobsIn(
  { workload, environment }: Place,
  pipeline: Pipeline,
  run: WorkflowRun,
  jobs: readonly WorkflowJob[],
): readonly PastJob[] {
  const committedAt = run.head_commit ? Date.parse(run.head_commit.timestamp) : undefined;
  const [deploys, rollsBack] = [deployJobName(workload, environment), rollbackJobName(workload, environment)];
  // A job that an attempt did not run again is listed again, with the times that it had.
  const once = new Map(jobs.map((job) => [`${job.name} ${job.started_at ?? ''}`, job]));
  return [...once.values()].flatMap((job): PastJob[] => {
    const kind = job.name === deploys ? 'deployment' : job.name === rollsBack ? 'rollback' : undefined;
    const { conclusion, started_at, completed_at } = job;
    const ended = conclusion === 'success' || conclusion === 'failure' || conclusion === 'timed_out';
    if (!kind || !ended || !started_at || !completed_at || !hasBegun(job)) return [];
    if (pipeline === 'rollback' && !ranRollback(job)) return [];
    return [
      {
        workload,
        environment,
        kind: pipeline === 'rollback' ? 'rollbackByHand' : kind,
        succeeded: conclusion === 'success',
        startedAt: Date.parse(started_at),
        endedAt: Date.parse(completed_at),
        ...(committedAt !== undefined && { committedAt }),
      },
    ];
  });
}

/** Without revision or commit, the workflow only lists versions. */
const ranRollback = ({ steps }: WorkflowJob): boolean =>
  steps.some(
    ({ name, conclusion }) =>
      name.startsWith(ROLLBACK_STEP) && (conclusion === 'success' || conclusion === 'failure'),
  );
