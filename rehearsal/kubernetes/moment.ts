import type { ClusterState, EventState, ObjectName } from './state';

/** How the pull of an image went. */
export type PullResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** A cluster at one moment. */
export interface Moment {
  readonly state: ClusterState;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The kubelet pulls an image. */
  readonly pull: (image: string) => PullResult;
}

/** Letters and digits of names that Kubernetes makes; no vowels, so that no words come out. */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** An id of its own for each object, the same in each rehearsal. */
export const nextId = ({ state }: Pick<Moment, 'state'>): string => {
  state.lastId += 1;
  return `00000000-0000-4000-8000-${String(state.lastId).padStart(12, '0')}`;
};

/** Five letters at the end of the name of a pod. */
export function nextSuffix({ state }: Pick<Moment, 'state'>): string {
  state.lastId += 1;
  const letter = (at: number): string =>
    LETTERS.charAt(Math.floor(state.lastId / LETTERS.length ** at) % LETTERS.length);
  return [4, 3, 2, 1, 0].map(letter).join('');
}

export const isNamed = (one: ObjectName, { namespace, name }: ObjectName): boolean =>
  one.namespace === namespace && one.name === name;

/** Most events that are remembered. */
const MOST_EVENTS = 200;

/** Notes something; the same thing again only counts. */
export function note(
  { state, now }: Moment,
  about: Pick<EventState, 'namespace' | 'involved' | 'type' | 'reason' | 'message'>,
): void {
  const before = state.events.find(
    ({ namespace, involved, reason, message }) =>
      namespace === about.namespace &&
      involved.name === about.involved.name &&
      reason === about.reason &&
      message === about.message,
  );
  if (before) {
    before.count += 1;
    before.lastAt = now;
    return;
  }
  const name = `${about.involved.name}.${nextSuffix({ state })}`;
  state.events = [...state.events, { ...about, name, firstAt: now, lastAt: now, count: 1 }].slice(
    -MOST_EVENTS,
  );
}
