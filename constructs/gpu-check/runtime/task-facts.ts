import type { Task } from '@aws-sdk/client-ecs';
import { lastPart } from '../../aws-client';
import type { TaskFacts } from './result';

/** What is known of a task, without what ECS never learnt. */
export function factsOf(arn: string, definition: string, task?: Task, instanceType?: string): TaskFacts {
  const waited = secondsBetween(task?.createdAt, task?.startedAt);
  const pulled = secondsBetween(task?.pullStartedAt, task?.pullStoppedAt);
  const ran = secondsBetween(task?.startedAt, task?.executionStoppedAt ?? task?.stoppedAt);
  return {
    id: lastPart(arn),
    definition: lastPart(definition),
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(waited === undefined ? {} : { waited }),
    ...(pulled === undefined ? {} : { pulled }),
    ...(ran === undefined ? {} : { ran }),
  };
}

/** Whether it had a place, so that something of it may have run. */
export const wasPlaced = (task: Task | undefined): boolean => task?.containerInstanceArn !== undefined;

function secondsBetween(from: Date | undefined, to: Date | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.max(0, Math.round((to.getTime() - from.getTime()) / 1_000));
}
