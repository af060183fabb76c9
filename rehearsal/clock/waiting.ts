import type { Word } from './settings';
import type { VirtualClock } from './virtual-clock';

/** How long, in real milliseconds, a process may take to react to a signal before time goes on. */
const PATIENCE_MS = 1_000;

/** Turns of the event loop in which everything that has arrived is read. */
const TURNS = 3;

type State = Exclude<Word, { readonly kind: 'heard' }>;

/** A process that has asked for time once. */
export interface Waiter {
  /** Tells the process that time has passed. */
  answer(): void;
}

/**
 * Lets time pass for processes, to the earliest moment that one of them waits for, and only while none of them
 * works. A process counts from its first wait on: before that nobody knows of it. One in the background lets time
 * pass like any other.
 */
export class Waiting {
  private readonly states = new Map<Waiter, State>();
  private passing = false;
  private alarm = new AbortController();
  private reaction: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  private words = 0;

  constructor(private readonly clock: VirtualClock) {}

  hears(waiter: Waiter, word: Word): void {
    this.words += 1;
    this.states.set(waiter, word.kind === 'heard' ? { kind: 'runs' } : word);
    this.reaction?.end();
    this.start();
  }

  leaves(waiter: Waiter): void {
    this.words += 1;
    this.states.delete(waiter);
    this.reaction?.end();
    this.start();
  }

  /**
   * Stops time where it is, until a process speaks, ends, or has let its time to react go by.
   *
   * @param ended resolves when the process has ended
   */
  interrupt(ended: Promise<unknown>): void {
    this.reaction?.end();
    this.alarm.abort();
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PATIENCE_MS);
      end = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.reaction = { over, end };
    const release = (): void => end();
    ended.then(release, release);
  }

  /** Counts everything that was said, so that silence can be told from work. */
  get said(): number {
    return this.words;
  }

  private start(): void {
    if (this.passing) return;
    this.passing = true;
    void this.run();
  }

  private async run(): Promise<void> {
    for (;;) {
      if (this.reaction) {
        const { over } = this.reaction;
        await over;
        // The end of a process is seen before that of its connection, which is there already.
        for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        this.reaction = undefined;
      }
      const until = this.next();
      if (until === undefined) {
        // At once: a word that comes in the same turn has to find that nobody passes time any more.
        this.passing = false;
        return;
      }
      this.alarm = new AbortController();
      await this.clock.sleep(until - this.clock.now(), this.alarm.signal);
      this.answer();
    }
  }

  private next(): number | undefined {
    const states = [...this.states.values()];
    if (states.some(({ kind }) => kind === 'runs')) return undefined;
    const ends = states.flatMap((state) => (state.kind === 'waits' ? [state.until] : []));
    return ends.length === 0 ? undefined : Math.min(...ends);
  }

  private answer(): void {
    for (const [waiter, state] of this.states) {
      if (state.kind !== 'waits' || state.until > this.clock.now()) continue;
      // Until it says something else.
      this.states.set(waiter, { kind: 'runs' });
      waiter.answer();
    }
  }
}
