import type { Task } from '@aws-sdk/client-ecs';
import { lastPart } from '../../aws-client';
import type { Shortage } from './capacity';

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

/** Everything that a diagnosis is made of. */
export interface Evidence {
  readonly stopped: readonly StoppedTask[];
  /** Messages of ECS about the service, newest first. */
  readonly events: readonly string[];
  readonly deployment?: {
    readonly id: string;
    readonly status: string;
    readonly reason?: string;
    readonly alarms: readonly string[];
    /** Hooks that ended it, a sentence each. */
    readonly hooks: readonly string[];
    /** Whether both versions run at full size for a time. */
    readonly twoFleets: boolean;
  };
  readonly shortage?: Shortage;
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

/** Tasks that ECS or a person stopped on purpose are no evidence of a fault. */
export function isOrdinaryStop(task: Task): boolean {
  return /^Scaling activity initiated by|^Task stopped by user|^stopped by user/i.test(
    task.stoppedReason ?? '',
  );
}
