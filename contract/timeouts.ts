import type { GpuCheckEntry } from './gpu-check';
import type { TargetEntry } from './manifest';

/**
 * How long the jobs around a deployment may take. Infrastructure sizes the sessions of roles by it, the
 * generator the timeouts of jobs, so that a session never ends before the job that uses it.
 */

/** Longest that the command takes around a wait, in minutes: asking AWS to stop, following it, verifying. */
const AROUND_THE_WAIT = 10;

/** `timeout-minutes` of a job that deploys: it may follow somebody else's deployment to its end first. */
export function deployJobMinutes({
  settleMinutes,
  deployTimeoutMinutes,
}: Pick<TargetEntry, 'settleMinutes' | 'deployTimeoutMinutes'>): number {
  return settleMinutes + deployTimeoutMinutes + AROUND_THE_WAIT + 5;
}

/**
 * `timeout-minutes` of a job that rolls back: it may follow the failed deployment to its end, and then
 * wait for the one that brings the old version back.
 */
export function rollbackJobMinutes(deployTimeoutMinutes: number): number {
  return 2 * deployTimeoutMinutes + AROUND_THE_WAIT + 5;
}

/** `timeout-minutes` of a job that builds an image for a GPU check and runs it: an image of CUDA takes its time. */
export function gpuCheckJobMinutes({
  taskTimeoutMinutes,
}: Pick<GpuCheckEntry, 'taskTimeoutMinutes'>): number {
  return 30 + taskTimeoutMinutes + 5;
}

/**
 * Longest deadline of a deployment whose rollback still fits into one job.
 *
 * @see https://docs.github.com/en/actions/reference/limits (six hours for a job on a hosted runner)
 */
export const LONGEST_DEPLOY_MINUTES = 170;

/** Shortest session that AWS allows a role to offer as its longest, and its upper limit. */
const ONE_HOUR = 60;
const TWELVE_HOURS = 720;

/** Longest session of a role whose jobs take that long: whole hours. */
export function maxSessionMinutes(jobMinutes: number): number {
  return Math.min(TWELVE_HOURS, Math.ceil(jobMinutes / ONE_HOUR) * ONE_HOUR);
}
