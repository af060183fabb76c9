import { deliveryPipeline, type WorkloadEntry, workflowFile } from '../../contract';
import type { Beginning } from './scenario';

/** First part of the ids of the scenarios of a workflow that delivers to an environment. */
export function subjectOf(workload: WorkloadEntry, environment: string): string {
  if (workload.delivery === 'throughEnvironments') return workload.id;
  return workflowFile(workload.id, deliveryPipeline(workload, environment)).replace(/\.yml$/, '');
}

const after = (workload: WorkloadEntry, environment: string, name: string): Beginning => ({
  after: `${subjectOf(workload, environment)} ${name}`,
});

/** Where the first release reaches an environment: everything before has it, nothing behind has anything. */
export function firstReleaseOf(workload: WorkloadEntry, environment: string): Beginning {
  const before = environmentBefore(workload, environment);
  return before === undefined ? 'stacksDeployed' : after(workload, before, 'first-release');
}

/** Where the next version reaches an environment: the environments before have it, and each other the earlier one. */
export function nextReleaseOf(workload: WorkloadEntry, environment: string): Beginning {
  const before = environmentBefore(workload, environment);
  if (before !== undefined) return after(workload, before, 'good');
  return after(workload, workload.environments.at(-1) ?? environment, 'first-release');
}

/** Where the next version has reached an environment. */
export const releasedTo = (workload: WorkloadEntry, environment: string): Beginning =>
  after(workload, environment, 'good');

/** Delivered to by another workflow before. */
function environmentBefore(workload: WorkloadEntry, environment: string): string | undefined {
  if (workload.delivery === 'throughEnvironments') return undefined;
  return workload.environments[workload.environments.indexOf(environment) - 1];
}
