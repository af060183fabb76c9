import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import type { TimerQueue } from './queue';

type Callback = (...given: unknown[]) => void;

/** Timers that are not ours were made by Node.js itself. */
type Handle = Parameters<typeof clearTimeout>[0];

/** Puts the queue in the place of every timer function of Node.js. `setImmediate` stays as it is. */
export function replaceTimers(queue: TimerQueue): void {
  const realClear = globalThis.clearTimeout;
  const setTimeout = (callback: Callback, delay?: number, ...given: unknown[]) =>
    queue.add(() => callback(...given), delay);
  const setInterval = (callback: Callback, delay?: number, ...given: unknown[]) =>
    queue.add(() => callback(...given), delay, 'repeats');
  const clear = (handle: unknown): void => {
    if (!queue.remove(handle)) realClear(handle as Handle);
  };
  Object.defineProperty(setTimeout, promisify.custom, { value: wait });
  const replaced = { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear };
  Object.assign(globalThis, replaced);
  Object.assign(timers, replaced);
  Object.assign(timersPromises, { setTimeout: wait, setInterval: ticks });
  Object.assign(timersPromises.scheduler, {
    wait: (delay: number, how?: WaitOptions) => wait(delay, undefined, how),
  });
  AbortSignal.timeout = (delay) => {
    const controller = new AbortController();
    const reason = new DOMException('The operation was aborted due to timeout', 'TimeoutError');
    queue.add(() => controller.abort(reason), delay).unref();
    return controller.signal;
  };
  syncBuiltinESMExports();

  /** @see https://nodejs.org/docs/latest-v20.x/api/timers.html#timerspromisessettimeoutdelay-value-options */
  function wait<T>(
    delay?: number,
    value?: T,
    { signal, ref = true }: WaitOptions = {},
  ): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        queue.remove(timer);
        reject(aborted(signal));
      };
      const timer = queue.add(() => {
        signal?.removeEventListener('abort', abort);
        resolve(value);
      }, delay);
      if (!ref) timer.unref();
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** @see https://nodejs.org/docs/latest-v20.x/api/timers.html#timerspromisessetintervaldelay-value-options */
  async function* ticks<T>(delay?: number, value?: T, how?: WaitOptions): AsyncGenerator<T | undefined> {
    for (;;) yield await wait(delay, value, how);
  }
}

interface WaitOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

const aborted = (signal: AbortSignal | undefined): Error =>
  Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  });
