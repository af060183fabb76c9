import type { WorkloadEntry } from './manifest';

/**
 * Names of the emitted workflow files. They stand in the contract because a role's trust names the
 * file that may assume it (`job_workflow_ref`) and the generator writes that file.
 */
export type Pipeline =
  'ci' | 'deploy' | 'rollback' | 'gpu-compatibility' | `cd-${string}` | `promote-${string}`;

/** File name below `.github/workflows/`. */
export function workflowFile(workload: string, pipeline: Pipeline): string {
  return `${workload}-${pipeline}.yml`;
}

/** Path from the root of the repository. */
export function workflowPath(workload: string, pipeline: Pipeline): string {
  return `.github/workflows/${workflowFile(workload, pipeline)}`;
}

/** What decides which file delivers a workload to an environment. */
export type Delivered = Pick<WorkloadEntry, 'delivery'> & {
  /** Names of the environments, in the order of delivery. */
  readonly environments: readonly string[];
};

/**
 * The pipeline that deploys to an environment: one for all of them, or one for each. By promotion, the first
 * environment gets every commit, and each later one what the environment before it runs.
 */
export function deliveryPipeline({ delivery, environments }: Delivered, environment: string): Pipeline {
  switch (delivery) {
    case 'throughEnvironments':
      return 'deploy';
    case 'byPromotion':
      return environments[0] === environment ? `cd-${environment}` : `promote-${environment}`;
  }
}
