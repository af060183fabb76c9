import { openSync, readSync } from 'node:fs';

/** What reads the virtual time. */
export type Now = () => number;

const DIGITS = 16;

/** Reads the time from the file that the clock writes; a file, because `Date.now()` cannot wait for an answer. */
export function timeFrom(file: string): Now {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(DIGITS);
  return () => Number(buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, DIGITS, 0)));
}

/** Makes `Date` and `performance.now()` tell the virtual time. `process.hrtime` stays real. */
export function replaceDate(now: Now): void {
  const started = now();
  const { prototype } = Date;
  globalThis.Date = new Proxy(Date, {
    construct: (target, given: unknown[], newTarget) =>
      Reflect.construct(target, given.length === 0 ? [now()] : given, newTarget) as object,
    apply: (target) => new target(now()).toString(),
    get: (target, name, receiver) =>
      name === 'now' ? now : (Reflect.get(target, name, receiver) as unknown),
  });
  prototype.constructor = Date;
  performance.now = () => now() - started;
}
