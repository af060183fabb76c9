import type { WorkflowJob } from '../github-api';

/**
 * False for a job that GitHub ended before it began: it counts as failed, and has no steps. So ends one whose approval was
 * refused or not given in time.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#required-reviewers
 */
export const hasBegun = ({ steps }: WorkflowJob): boolean =>
  steps.some(({ conclusion }) => conclusion !== null && conclusion !== 'skipped');
