/** Variable that tells a process of a job where its time comes from. */
export const CLOCK_VARIABLE = 'LOCKSTEP_REHEARSAL_CLOCK';

/** What a process of a job needs to know; written into the variable as JSON. */
export interface ClockSettings {
  /** Port on 127.0.0.1 at which the clock is asked to let time pass. */
  readonly port: number;
  /** File that holds the time, in milliseconds since the epoch. */
  readonly now: string;
  /** File to which attempts to leave the machine are added, one line each. */
  readonly violations: string;
  /** Of `Math.random`, so that pauses with a random part are the same each time. */
  readonly seed: number;
}

/**
 * What a process says. `waits` lets time pass until then; `runs` holds it, because the process works or awaits an
 * answer; `rests` leaves it to others. `heard` follows a signal that the process has handled.
 */
export type Word =
  | { readonly kind: 'waits'; readonly until: number }
  | { readonly kind: 'runs' }
  | { readonly kind: 'rests' }
  | { readonly kind: 'heard' };
