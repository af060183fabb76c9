import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import { messageOf } from '../message-of';

const BASE_MS = 50;

/**
 * Tries until it succeeds. The action draws each pause between nothing and its longest; a rehearsal takes the half.
 *
 * @param tries at most, one at least
 * @throws the last error
 */
export async function retried<T>(step: ActionRun, tries: number, attempt: () => Promise<T>): Promise<T> {
  for (let made = 1; ; made += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (made >= tries) throw error;
      const pause = (2 ** (made - 1) * BASE_MS) / 2;
      step.log(`Retry: attempt ${made} of ${tries} failed: ${messageOf(error)}. Retrying after ${pause}ms.`);
      await step.clock.sleep(pause, step.signal);
      if (step.signal.aborted) throw new ActionFailure('The operation was canceled.');
    }
  }
}
