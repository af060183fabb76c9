import type { Now } from './time';

/** A timer, with what code does to the timers of Node.js. */
export class VirtualTimer {
  private referenced = true;

  constructor(
    private readonly queue: TimerQueue,
    readonly number: number,
  ) {}

  hasRef(): boolean {
    return this.referenced;
  }

  ref(): this {
    this.referenced = true;
    this.queue.changed();
    return this;
  }

  unref(): this {
    this.referenced = false;
    this.queue.changed();
    return this;
  }

  refresh(): this {
    this.queue.restart(this);
    return this;
  }

  close(): this {
    this.queue.remove(this);
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.number;
  }
}

interface Entry {
  readonly timer: VirtualTimer;
  readonly callback: () => void;
  readonly delay: number;
  readonly repeats: boolean;
  at: number;
}

/** Delays beyond this are taken as one millisecond, as Node.js does. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The timers of this process that have not fired. */
export class TimerQueue {
  private count = 0;
  private readonly entries = new Map<number, Entry>();

  /**
   * @param changed is called when the timers are others than before
   */
  constructor(
    private readonly now: Now,
    readonly changed: () => void,
  ) {}

  add(callback: () => void, delay = 1, repeats?: 'repeats'): VirtualTimer {
    const wanted = Number(delay);
    const length = wanted >= 1 && wanted <= LONGEST_DELAY ? Math.trunc(wanted) : 1;
    const timer = new VirtualTimer(this, ++this.count);
    this.entries.set(timer.number, {
      timer,
      callback,
      delay: length,
      repeats: repeats !== undefined,
      at: this.now() + length,
    });
    this.changed();
    return timer;
  }

  /** @returns whether it is a timer of this queue, fired or not */
  remove(handle: unknown): boolean {
    const number = handle instanceof VirtualTimer ? handle.number : Number(handle);
    const found = this.entries.delete(number);
    if (found) this.changed();
    return found || handle instanceof VirtualTimer;
  }

  restart({ number }: VirtualTimer): void {
    const entry = this.entries.get(number);
    if (entry) entry.at = this.now() + entry.delay;
    this.changed();
  }

  /** Whether the process has to stay alive. */
  holds(): boolean {
    return [...this.entries.values()].some(({ timer }) => timer.hasRef());
  }

  /** When the next timer is due, if one keeps the process alive. */
  next(): number | undefined {
    return this.holds() ? this.earliest()?.at : undefined;
  }

  /** Fires the first timer that is due. */
  fire(): boolean {
    const entry = this.earliest();
    const now = this.now();
    if (!entry || entry.at > now) return false;
    if (entry.repeats) entry.at = now + entry.delay;
    else this.entries.delete(entry.timer.number);
    entry.callback();
    return true;
  }

  /** The earliest; of those at the same time the one that was set first. */
  private earliest(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.entries.values()) if (!first || entry.at < first.at) first = entry;
    return first;
  }
}
