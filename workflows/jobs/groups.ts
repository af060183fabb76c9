import type { Concurrency } from '../plan/model';

/**
 * Concurrency groups. A job that waits for approval already holds its group, so nothing urgent may share
 * a group with deployments: rollbacks have groups of their own, and the deployer keeps deployments and
 * rollbacks of one target apart.
 *
 * @see https://docs.github.com/en/actions/concepts/workflows-and-actions/concurrency
 */
export const groups = {
  /** Once per commit of a branch; a newer commit of a pull request makes the check of the older one pointless. */
  check: (workload: string, task: string): Concurrency => ({
    // By number: branches of forks may bear the same name.
    group: `${workload}-${task}-\${{ github.event.pull_request.number || github.sha }}`,
    cancelInProgress: "${{ github.event_name == 'pull_request' }}",
  }),
  /** Once per commit, though a branch and a tag of it may be pushed together. */
  perCommit: (workload: string, task: string): Concurrency => never(`${workload}-${task}-\${{ github.sha }}`),
  /** Once per run: two people may look at the same time. */
  perRun: (workload: string, task: string): Concurrency => never(`${workload}-${task}-\${{ github.run_id }}`),
  /** Once per run and combination of its matrix: in one group, a third one would take the place of the second. */
  perCombination: (workload: string, task: string): Concurrency =>
    never(`${workload}-${task}-\${{ github.run_id }}-\${{ strategy.job-index }}`),
  /** One run of a workflow at a time. */
  wholeWorkflow: (workload: string, pipeline: string): Concurrency => never(`${workload}-${pipeline}`),
  /** One deployment of a workload to an environment at a time. */
  deployment: (workload: string, environment: string): Concurrency => never(`${workload}-${environment}`),
  /** Belongs to one run, so nothing can keep it waiting. */
  rollback: (workload: string, environment: string): Concurrency =>
    never(`${workload}-${environment}-rollback-\${{ github.run_id }}`),
  /** One rollback by hand at a time. */
  rollbackByHand: (workload: string, environment: string): Concurrency =>
    never(`${workload}-${environment}-rollback`),
} as const;

function never(group: string): Concurrency {
  return { group, cancelInProgress: false };
}
