// Loaded into each Node.js process of a job before anything else. It runs inside what is rehearsed, so it leaves
// alone what it need not change.
import { CLOCK_VARIABLE, type ClockSettings } from '../settings';
import { lineTo } from './line';
import { holdToLoopback } from './loopback';
import { TimerQueue } from './queue';
import { replaceRandom } from './random';
import { replaceDate, timeFrom } from './time';
import { replaceTimers } from './timers';
import { watchWork } from './work';

/** How often a process that works looks whether it still does, in real time. */
const LOOK_AGAIN_MS = 2;

// eslint-disable-next-line no-restricted-properties -- an edge: this is all that the process is told
const told = process.env[CLOCK_VARIABLE];
if (told !== undefined) liveByClock(JSON.parse(told) as ClockSettings);

/** Makes the time of this process that of the clock. */
function liveByClock({ port, now: file, violations, seed }: ClockSettings): void {
  const [laterOn, later] = [setImmediate, setTimeout];
  const now = timeFrom(file);
  const line = lineTo(port, () => consider());
  const queue = new TimerQueue(now, () => consider());
  const work = watchWork(() => consider());
  let considering = false;

  /** Looks at the timers once whatever is under way has come to rest. */
  function consider(): void {
    line.hold(queue.holds());
    if (considering) return;
    considering = true;
    laterOn(look);
  }

  function look(): void {
    considering = false;
    // An error that a timer throws must not keep the others from firing.
    if (fireDue()) return;
    const next = queue.next();
    if (work.busy()) {
      line.say({ kind: 'runs' });
      if (next !== undefined) later(consider, LOOK_AGAIN_MS).unref();
    } else if (next === undefined) line.say({ kind: 'rests' });
    else if (work.hasChildren()) {
      line.say({ kind: 'rests' });
      later(consider, LOOK_AGAIN_MS).unref();
    } else line.say({ kind: 'waits', until: next });
  }

  /** @returns whether a timer was due */
  function fireDue(): boolean {
    let fired = true;
    try {
      fired = queue.fire();
    } finally {
      if (fired) consider();
    }
    return fired;
  }

  holdToLoopback(violations);
  replaceDate(now);
  replaceRandom(seed);
  replaceTimers(queue);
  const emit = process.emit.bind(process) as (name: string, ...given: unknown[]) => boolean;
  const listened = (name: string, ...given: unknown[]): boolean => {
    const result = emit(name, ...given);
    if (name === 'SIGINT' || name === 'SIGTERM') {
      // The handlers have run; what they started is under way after the next turn.
      laterOn(() =>
        laterOn(() => {
          line.heard();
          consider();
        }),
      );
    }
    return result;
  };
  process.emit = listened as typeof process.emit;
}
