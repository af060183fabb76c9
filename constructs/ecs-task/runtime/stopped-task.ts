import type { Task } from '@aws-sdk/client-ecs';
import { lastPart } from '../../aws-client';

/** A task that stopped, with what is known about why. */
export interface StoppedTask {
  readonly id: string;
  readonly stopCode: string;
  readonly reason: string;
  readonly containers: readonly StoppedContainer[];
  /** Last lines of the container that failed. */
  readonly lines: readonly string[];
}

export interface StoppedContainer {
  readonly name: string;
  readonly exitCode?: number;
  readonly reason?: string;
}

export function stoppedTask(task: Task, lines: readonly string[]): StoppedTask {
  return {
    id: lastPart(task.taskArn ?? ''),
    stopCode: task.stopCode ?? '',
    reason: task.stoppedReason ?? '',
    containers: (task.containers ?? []).map(({ name = '', exitCode, reason }) => ({
      name,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(reason === undefined ? {} : { reason }),
    })),
    lines,
  };
}
