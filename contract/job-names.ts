/**
 * Names of the jobs that deliver, as people and GitHub's API see them. They stand in the contract because the generator
 * writes them, and the command finds earlier deliveries by them.
 */

export const deployJobName = (workload: string, environment: string): string =>
  `Deploy ${workload} to ${environment}`;

/** Of the way back in the same run, and of the rollback by hand. */
export const rollbackJobName = (workload: string, environment: string): string =>
  `Roll back ${workload} in ${environment}`;

/** Names of steps that roll back by hand begin so. A job whose steps of this name were skipped only listed versions. */
export const ROLLBACK_STEP = 'Roll back to';
