/**
 * Names of the emitted workflow files. They stand in the contract because a role's trust names the
 * file that may assume it (`job_workflow_ref`) and the generator writes that file.
 */
export type Pipeline = 'deploy' | 'rollback';

/** File name below `.github/workflows/`. */
export function workflowFile(workload: string, pipeline: Pipeline): string {
  return `${workload}-${pipeline}.yml`;
}

/** Path from the root of the repository. */
export function workflowPath(workload: string, pipeline: Pipeline): string {
  return `.github/workflows/${workflowFile(workload, pipeline)}`;
}
