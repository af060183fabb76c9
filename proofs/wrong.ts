import type { Fault } from '../contract';

/** A value, and what may stand in its place. */
export type Wrong = readonly [value: string, allowed: string];

/** Findings at one place. */
export const wrongAt = (place: string, change: string, wrong: readonly Wrong[]): readonly Fault[] =>
  wrong.map(([value, allowed]) => ({ place, value, allowed, change }));

/** A finding unless something holds. */
export const unless = (holds: boolean, value: string, allowed: string): readonly Wrong[] =>
  holds ? [] : [[value, allowed]];
