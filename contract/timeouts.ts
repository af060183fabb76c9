/**
 * How long the jobs around a deployment may take. Infrastructure sizes the sessions of roles by it, the
 * generator the timeouts of jobs, so that a session never ends before the job that uses it.
 */

/** Longest that the command takes around a wait, in minutes: asking ECS to stop, following it, verifying. */
const AROUND_THE_WAIT = 10;

/** `timeout-minutes` of a job that deploys or rolls back. */
export function deployJobMinutes(deployTimeoutMinutes: number): number {
  return deployTimeoutMinutes + AROUND_THE_WAIT + 5;
}

/** Shortest session that AWS allows a role to offer as its longest, and its upper limit. */
const ONE_HOUR = 60;
const TWELVE_HOURS = 720;

/** Longest session of a role whose jobs take that long: whole hours. */
export function maxSessionMinutes(jobMinutes: number): number {
  return Math.min(TWELVE_HOURS, Math.ceil(jobMinutes / ONE_HOUR) * ONE_HOUR);
}
