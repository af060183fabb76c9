import type { Task } from '@aws-sdk/client-ecs';
import type { DeployContext } from '../../../contract';
import { isTransient } from '../../aws-client';
import type { GpuCheckAws } from './calls';

const FIRST_POLL_MS = 5_000;
const LONGEST_POLL_MS = 15_000;
const POLL_GROWTH = 1.25;

/** How a wait for a task ended, with what was last seen of it. */
export interface Watched {
  readonly end: 'stopped' | 'deadline' | 'interrupted';
  readonly task?: Task;
}

/**
 * Polls a task until it has stopped, the deadline has passed or somebody wants to stop. A poll that AWS does not
 * answer is told and repeated: the task goes on anyway.
 *
 * @param deadline milliseconds since the epoch
 * @throws LockstepError `AwsCallFailed`
 */
export async function watchTask(
  aws: GpuCheckAws,
  arn: string,
  deadline: number,
  context: DeployContext,
): Promise<Watched> {
  const { clock, signal } = context;
  let task: Task | undefined;
  let pause = FIRST_POLL_MS;
  for (;;) {
    if (signal.aborted) return seen('interrupted', task);
    const found = await poll(aws, arn, context);
    if (found && found.lastStatus !== task?.lastStatus) tell(found, context);
    task = found ?? task;
    if (task?.lastStatus === 'STOPPED') return seen('stopped', task);
    if (clock.now() >= deadline) return seen('deadline', task);
    await clock.sleep(Math.min(pause, Math.max(0, deadline - clock.now())), signal);
    pause = Math.min(LONGEST_POLL_MS, pause * POLL_GROWTH);
  }
}

const seen = (end: Watched['end'], task: Task | undefined): Watched => ({ end, ...(task && { task }) });

async function poll(aws: GpuCheckAws, arn: string, context: DeployContext): Promise<Task | undefined> {
  try {
    return await aws.task(arn);
  } catch (error) {
    if (!isTransient(error) || !(error instanceof Error)) throw error;
    context.emit({ code: 'aws.unreachable', level: 'warning', message: `${error.message}; asking again` });
    return undefined;
  }
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html */
const STATUSES: Readonly<Record<string, string>> = {
  PROVISIONING: 'waiting for an instance',
  PENDING: 'an instance has room; it pulls the image',
  RUNNING: 'the program runs',
  STOPPED: 'the task has ended',
};

function tell({ lastStatus = '' }: Task, { emit }: DeployContext): void {
  emit({
    code: 'gpuCheck.status',
    level: 'progress',
    message: STATUSES[lastStatus] ?? `the task is ${lastStatus}`,
    data: { status: lastStatus },
  });
}
