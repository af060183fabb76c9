import type { Clock } from '../../contract';

/** Models live in steps of this length, so that the order of events never depends on who asks. */
const STEP_MS = 1_000;

/** Every rehearsal begins at the same moment. */
const BEGINNING = Date.UTC(2026, 10, 20, 12, 0, 0);

/** Something that happens once, when its time has come. */
interface Appointment {
  readonly at: number;
  readonly action: () => void;
}

/**
 * A clock that only moves while somebody waits; the models of AWS live by it. Appointments that are due come
 * first, in the order in which they were made, then every model lives one step. Steps fall on whole seconds,
 * however short the waits are.
 */
export class VirtualClock implements Clock {
  /** What appointments and steps have thrown: whoever waits is not to blame. */
  readonly failures: string[] = [];
  private time = BEGINNING;
  private readonly steps: ((now: number) => void)[] = [];
  private readonly moves: ((now: number) => void)[] = [];
  private appointments: readonly Appointment[] = [];
  private holds = 0;
  private freed: (() => void)[] = [];

  /** Milliseconds since the epoch. */
  now(): number {
    return this.time;
  }

  /** Called each second of virtual time. */
  onStep(step: (now: number) => void): void {
    this.steps.push(step);
  }

  /** Called whenever time has moved, before anything happens at the new time. */
  onMove(move: (now: number) => void): void {
    this.moves.push(move);
  }

  /** Does something once, so many seconds from now. */
  in(seconds: number, action: () => void): void {
    this.appointments = [...this.appointments, { at: this.time + seconds * 1_000, action }];
  }

  /**
   * A wait. It ends early when its signal aborts, at the moment of virtual time at which it did. While somebody holds
   * the time, it waits for them too.
   */
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const end = this.time + milliseconds;
    while (this.time < end && !signal?.aborted) {
      if (this.holds > 0) await this.isFree(signal);
      else this.advance(end);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  /**
   * Keeps time where it is for all who wait, because something works of which nobody can say how long it takes.
   *
   * @returns what lets time go on; calling it twice is harmless
   */
  hold(): () => void {
    let held = true;
    this.holds += 1;
    return () => {
      if (!held) return;
      held = false;
      this.holds -= 1;
      if (this.holds > 0) return;
      const waiting = this.freed;
      this.freed = [];
      for (const go of waiting) go();
    };
  }

  /** Lets time pass outside of a wait. */
  pass(seconds: number): void {
    const end = this.time + seconds * 1_000;
    while (this.time < end) this.advance(end);
  }

  /** Lets time pass in which nothing happens: no model lives it. What was due meanwhile comes with the next step. */
  leap(seconds: number): void {
    this.time += seconds * 1_000;
    for (const move of this.moves) move(this.time);
  }

  /** Moves to the next moment at which something happens, the end at the latest. */
  private advance(end: number): void {
    const step = (Math.floor((this.time - BEGINNING) / STEP_MS) + 1) * STEP_MS + BEGINNING;
    const next = this.appointments.reduce((earliest, { at }) => Math.min(earliest, at), Math.min(step, end));
    this.time = Math.max(this.time, next);
    for (const move of this.moves) move(this.time);
    const due = this.appointments.filter(({ at }) => at <= this.time);
    this.appointments = this.appointments.filter(({ at }) => at > this.time);
    for (const { action } of due) this.guard(action);
    if (this.time === step) for (const live of this.steps) this.guard(() => live(step));
  }

  private isFree(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      this.freed.push(resolve);
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.failures.push(error instanceof Error ? error.message : String(error));
    }
  }
}
