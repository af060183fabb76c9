import type { Task } from '@aws-sdk/client-ecs';
import type { StoppedTask } from '../../ecs-task';
import type { Shortage } from './capacity';

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
  /** Hours of a service that sleeps now. */
  readonly asleep?: string;
}

/** Tasks that ECS or a person stopped on purpose are no evidence of a fault. */
export function isOrdinaryStop(task: Task): boolean {
  return /^Scaling activity initiated by|^Task stopped by user|^stopped by user/i.test(
    task.stoppedReason ?? '',
  );
}
