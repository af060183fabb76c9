import type { Clock } from '../../contract';

const STEP_MS = 1_000;

/** A clock that only moves while somebody sleeps; the models of AWS live by it. */
export class VirtualClock implements Clock {
  private time = Date.UTC(2026, 10, 20, 12, 0, 0);
  private readonly steps: ((now: number) => void)[] = [];
  private appointments: { readonly at: number; readonly action: () => void }[] = [];

  now(): number {
    return this.time;
  }

  /** Called each second of virtual time. */
  onStep(step: (now: number) => void): void {
    this.steps.push(step);
  }

  /** Does something once, so many seconds from now. */
  in(seconds: number, action: () => void): void {
    this.appointments.push({ at: this.time + seconds * 1_000, action });
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const end = this.time + milliseconds;
    while (this.time < end && !signal?.aborted) this.advance(Math.min(STEP_MS, end - this.time));
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Lets time pass outside of a wait. */
  pass(seconds: number): void {
    for (let second = 0; second < seconds; second += 1) this.advance(STEP_MS);
  }

  private advance(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.appointments.filter(({ at }) => at <= this.time);
    this.appointments = this.appointments.filter(({ at }) => at > this.time);
    for (const { action } of due) action();
    for (const step of this.steps) step(this.time);
  }
}
