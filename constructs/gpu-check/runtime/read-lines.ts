import type { DeployContext } from '../../../contract';
import { isTransient } from '../../aws-client';
import type { GpuCheckAws } from './calls';
import { saidIn } from './figures';

/** The agent sends the last lines of a container some seconds after its end. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 5_000;

/**
 * The lines of a task that has stopped. Waits for the program's own line, which may come late or never.
 *
 * @throws LockstepError `AwsCallFailed`
 */
export async function readLines(
  aws: GpuCheckAws,
  taskId: string,
  { clock, signal, emit }: DeployContext,
): Promise<readonly string[]> {
  const deadline = clock.now() + PATIENCE_MS;
  for (;;) {
    const lines = await attempt();
    if (saidIn(lines).kind !== 'nothing' || signal.aborted || clock.now() >= deadline) return lines;
    await clock.sleep(PAUSE_MS, signal);
  }

  async function attempt(): Promise<readonly string[]> {
    try {
      return await aws.lines(taskId);
    } catch (error) {
      if (!isTransient(error) || !(error instanceof Error)) throw error;
      emit({ code: 'aws.unreachable', level: 'warning', message: `${error.message}; asking again` });
      return [];
    }
  }
}
