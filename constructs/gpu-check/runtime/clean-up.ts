import { lastPart } from '../../aws-client';
import type { GpuCheckSpec } from '../spec';

/**
 * What a run has open at a moment, as commands that clean it up. Who is told to stop writes them down at once: the run
 * may be killed before it comes to them.
 */
export type OpenWork = Set<string>;

/** Commands that clean up what a run of this check leaves, or show what there is to clean up. */
export const cleanUpCommands = ({ cluster, taskDefinitionFamily }: GpuCheckSpec) => ({
  definitions: `aws ecs list-task-definitions --family-prefix ${taskDefinitionFamily}`,
  tasks: `aws ecs list-tasks --cluster ${cluster} --family ${taskDefinitionFamily}`,
  stop: (task: string) => `aws ecs stop-task --cluster ${cluster} --task ${lastPart(task)}`,
  deregister: (definition: string) =>
    `aws ecs deregister-task-definition --task-definition ${lastPart(definition)}`,
});

/** Does a piece of work that counts as open until it is done. */
export async function whileOpen<T>(open: OpenWork, command: string, work: () => Promise<T>): Promise<T> {
  open.add(command);
  try {
    return await work();
  } finally {
    open.delete(command);
  }
}
