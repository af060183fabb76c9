import type { VirtualClock } from '../clock/virtual-clock';
import { type RestingProcess, restingProcesses } from './resting-processes';

/** How often a script that works is looked at, in real time. */
const LOOK_AGAIN_MS = 1;

/** Turns of the event loop in which everything that has arrived is read. */
const TURNS = 3;

const STEP_SECONDS = 1;

/** Waits in virtual time until something is found, so many seconds at most. Undefined when they are over. */
export type Until = <T>(found: () => T | undefined, seconds: number) => Promise<T | undefined>;

/**
 * The time of one script. It stands still while the script, or anything that it started, works, and passes while all of
 * them wait and one of them waits for time. So a script that does something in the background neither stops the time nor
 * misses it.
 */
export class ScriptTime {
  /** Programs that wait for time, and programs that are being answered. */
  private waiting = 0;
  private working = 0;
  private looking = false;
  private over = false;
  private release: (() => void) | undefined;

  /**
   * @param root process of the script
   * @param programs folder of those that ask for their answers
   */
  constructor(
    private readonly clock: VirtualClock,
    private readonly root: number,
    private readonly programs: string,
  ) {
    this.release = clock.hold();
  }

  /** The script and all that it started have ended. */
  end(): void {
    this.over = true;
    this.release?.();
    this.release = undefined;
  }

  /**
   * A program of the script is answered.
   *
   * @param gone aborts when the program has ended without waiting for its answer
   */
  async during<T>(gone: AbortSignal, answer: (until: Until) => Promise<T>): Promise<T> {
    this.working += 1;
    try {
      return await answer((found, seconds) => this.until(found, seconds, gone));
    } finally {
      this.working -= 1;
      this.look();
    }
  }

  private until<T>(found: () => T | undefined, seconds: number, gone: AbortSignal): Promise<T | undefined> {
    const first = found();
    if (first !== undefined || seconds <= 0) return Promise.resolve(first);
    const end = this.clock.now() + seconds * 1_000;
    this.waiting += 1;
    this.working -= 1;
    this.look();
    return new Promise((resolve) => {
      let waits = true;
      const wake = (value: T | undefined): void => {
        if (!waits) return;
        waits = false;
        this.waiting -= 1;
        this.working += 1;
        if (!this.over) this.release ??= this.clock.hold();
        resolve(value);
      };
      const look = (): void => {
        if (!waits) return;
        const now = found();
        const left = (end - this.clock.now()) / 1_000;
        if (now === undefined && left > 0 && !this.over) this.clock.in(Math.min(STEP_SECONDS, left), look);
        else wake(now);
      };
      this.clock.in(Math.min(STEP_SECONDS, seconds), look);
      gone.addEventListener('abort', () => wake(undefined));
    });
  }

  private look(): void {
    if (this.looking || this.over || this.waiting === 0) return;
    this.looking = true;
    void this.lookUntilAllRest();
  }

  private async lookUntilAllRest(): Promise<void> {
    while (this.release && this.waiting > 0) {
      if (this.working === 0 && (await this.allRest())) {
        this.release();
        this.release = undefined;
      } else await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
    this.looking = false;
  }

  /** The same processes rest before and after everything was read that had arrived. */
  private async allRest(): Promise<boolean> {
    const before = this.atRest();
    if (!before) return false;
    for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    if (this.working > 0 || this.waiting === 0 || this.over) return false;
    const after = this.atRest();
    return after?.length === before.length && after.every(({ pid }, index) => pid === before[index]?.pid);
  }

  /**
   * All processes, where every one rests. A program that rests without waiting for time is about to ask, or to hear its
   * answer: what it said or shall hear is on its way. One that lost its parent waits, and is not below the script.
   */
  private atRest(): readonly RestingProcess[] | undefined {
    const all = restingProcesses(this.root);
    const asking = all?.filter(({ command }) => command.includes(this.programs)) ?? [];
    return asking.length <= this.waiting ? all : undefined;
  }
}
