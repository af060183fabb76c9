import type { Gate } from './run-request';
import type { RunnerPorts } from './runner-ports';

/**
 * Waits until the environment lets the job through.
 *
 * @param cancelled ends the wait
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments#deployment-protection-rules
 */
export async function passGate(
  gate: Gate,
  { job, environment }: { readonly job: string; readonly environment: string },
  { clock, emit, signal }: RunnerPorts,
  cancelled: AbortSignal,
): Promise<'open' | 'rejected' | 'cancelled'> {
  emit({ kind: 'jobWaits', job, environment, at: clock.now() });
  if (gate === 'rejected') return 'rejected';
  await clock.sleep(gate.opensAfterMinutes * 60_000, AbortSignal.any([cancelled, signal]));
  return cancelled.aborted ? 'cancelled' : 'open';
}
