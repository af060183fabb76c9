import type { Task } from '@aws-sdk/client-ecs';
import type { DeployContext } from '../../../contract';
import { lastPart } from '../../aws-client';
import type { EcsAccess } from './access';
import type { Snapshot } from './watch';

/**
 * Whether AWS took the instance under a task away: the version is not to blame.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html (stopCode)
 */
export const wasInterrupted = ({ stopCode, stoppedReason = '' }: Task): boolean =>
  stopCode === 'SpotInterruption' ||
  stopCode === 'TerminationNotice' ||
  /^Host EC2 \(instance [^)]*\) terminated/.test(stoppedReason);

/** Tells of each task once that an interruption has ended; ECS starts another one for it. */
export class InterruptionReport {
  private readonly told = new Set<string>();

  constructor(private readonly access: EcsAccess) {}

  async report({ record }: Snapshot, { emit }: DeployContext): Promise<void> {
    const { spec, tasks } = this.access;
    if (spec.capacity?.purchase !== 'spot' || record.running >= record.requested) return;
    const ended = (await tasks.tasks('STOPPED'))
      .filter(wasInterrupted)
      .filter(({ createdAt }) => (createdAt ?? record.createdAt) >= record.createdAt)
      .flatMap(({ taskArn }) => (taskArn === undefined || this.told.has(taskArn) ? [] : [taskArn]));
    for (const task of ended) {
      this.told.add(task);
      emit({
        code: 'task.interrupted',
        level: 'warning',
        message: `AWS took the Spot Instance of task ${lastPart(task)} away; ECS starts another task, once there is an instance`,
        data: { task },
      });
    }
  }
}
