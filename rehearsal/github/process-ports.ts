import type { ClockService } from '../clock/serve-clock';
import type { VirtualClock } from '../clock/virtual-clock';

/** What a process of a step needs of those around it. */
export interface ProcessPorts {
  readonly clock: VirtualClock;
  readonly processes?: ClockService | undefined;
  /** A line of one of the two streams, in the order in which they were written. */
  readonly written: (line: string) => void;
  /** Asks the process to end, as the runner does. */
  readonly cancel: AbortSignal;
  /** Kills it and what it started, at once. */
  readonly kill: AbortSignal;
}
