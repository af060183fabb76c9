import { LockstepError } from '../../contract/errors';
import { deployJobName } from '../../contract/job-names';
import type { DeployManifest, TargetEntry, WorkloadEntry } from '../../contract/manifest';
import { deliveryPipeline, workflowFile } from '../../contract/workflow-file';
import type { Before } from '../delivery/delivery-before';
import type { GithubApi } from '../github-api';
import type { Session } from '../session';
import { type Delivery, JOB_RESULTS, type JobResult, noticeOf, type Told } from './notice';

/** The target that a run has changed, or tried to. */
export interface Changed {
  readonly manifest: DeployManifest;
  readonly workload: WorkloadEntry;
  readonly entry: TargetEntry;
}

/** How jobs of this run ended. */
export interface Results {
  readonly deployment?: JobResult;
  readonly rollback?: JobResult;
}

/**
 * What people are to be told of this run.
 *
 * @throws LockstepError `InvalidArgument` without any result
 */
export async function newsOf(session: Session, changed: Changed, results: Results): Promise<Told> {
  const { deployment, rollback } = results;
  if (deployment === undefined && rollback === undefined) {
    throw new LockstepError('InvalidArgument', {
      place: '--deployment',
      value: 'nothing, and no --rollback either',
      allowed: JOB_RESULTS.join(', '),
      change: 'pass the result of the job that deployed, of the one that rolled back, or of both',
    });
  }
  const { manifest, workload, entry } = changed;
  const { github, commit = '' } = session.ports.environment;
  const delivery = await deliveryOf(session, changed, results);
  const before = deployment === 'success' ? await beforeOf(session, changed) : 'unknown';
  const { owner, name } = manifest.repository;
  const { repository = `${owner}/${name}`, runId, serverUrl } = github;
  return noticeOf(delivery, before, {
    platform: manifest.platform,
    workload: workload.id,
    environment: entry.environment,
    commit: commit.slice(0, 12) || '(unknown)',
    link: `${serverUrl}/${repository}${runId === undefined ? '' : `/actions/runs/${runId}`}`,
  });
}

/** A way back that failed is told, whatever it was to undo. */
async function deliveryOf(
  session: Session,
  { workload, entry }: Changed,
  results: Results,
): Promise<Delivery> {
  if (results.deployment !== 'failure' || results.rollback === 'failure') return results;
  const job = deployJobName(workload.id, entry.environment);
  const begun = await asked(session, async (github, runId, runAttempt) => {
    const { hasBegun } = await import('../delivery/began');
    const found = (await github.jobs(runId, runAttempt)).find(({ name }) => name === job);
    return found === undefined || hasBegun(found);
  });
  // Bad news does not depend on GitHub.
  return begun === false ? { ...results, deployment: 'notStarted' } : results;
}

/** A GitHub that does not answer must not turn a good deployment red: it is said, and nobody is told. */
async function beforeOf(session: Session, { workload, entry }: Changed): Promise<Before | 'unknown'> {
  const file = workflowFile(workload.id, deliveryPipeline(workload, entry.environment));
  const job = deployJobName(workload.id, entry.environment);
  const answer = await asked(session, async (github, runId, runAttempt) => {
    const { deliveryBefore } = await import('../delivery/delivery-before');
    const before = await deliveryBefore(github, { file, job, runId, runAttempt });
    return before === 'unknown' ? { why: `GitHub lists no run of ${file}, not even this one` } : before;
  });
  if (typeof answer === 'string') return answer;
  session.emit({
    code: 'notify.unknown',
    level: 'warning',
    message: `nobody was told whether ${entry.environment} is well again: ${answer.why}`,
  });
  return 'unknown';
}

/** @returns the answer, or why GitHub cannot be asked */
async function asked<T>(
  session: Session,
  ask: (github: GithubApi, runId: number, runAttempt: number) => Promise<T>,
): Promise<T | { readonly why: string }> {
  const { environment, signal } = session.ports;
  const { repository, runId, runAttempt = 1, token } = environment.github;
  if (repository === undefined || runId === undefined || token === undefined)
    return { why: 'GITHUB_TOKEN, GITHUB_REPOSITORY or GITHUB_RUN_ID is missing' };
  const { openGithub } = await import('../github-api');
  const github = openGithub({ clock: session.context.clock, signal }, environment.github, repository);
  try {
    return await ask(github, runId, runAttempt);
  } catch (error) {
    if (LockstepError.is(error) && error.code === 'GithubCallFailed') return { why: error.message };
    throw error;
  }
}
