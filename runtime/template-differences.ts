import type { Template } from './template';

/** One place in which two templates differ. */
export interface Difference {
  readonly kind: 'added' | 'removed' | 'changed';
  /** Such as `Resources.Alarm.Properties.Threshold`. */
  readonly path: string;
  /** What stood there; only short scalars are worth a look. */
  readonly before?: Scalar;
  readonly after?: Scalar;
}

type Scalar = string | number | boolean | null;

/** Longest text that is shown beside its path. */
const SHOWN = 40;

/**
 * Where two templates differ, section by section. Order of keys says nothing; order of a list does.
 *
 * @param before what is deployed
 * @param after what would be
 */
export function differences(before: Template, after: Template): readonly Difference[] {
  return within([], before, after);
}

function within(path: readonly string[], before: unknown, after: unknown): readonly Difference[] {
  const [old, now] = [members(before), members(after)];
  if (old === undefined || now === undefined || Array.isArray(before) !== Array.isArray(after)) {
    return before === after ? [] : [{ kind: 'changed', path: path.join('.'), ...shown(before, after) }];
  }
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((key): readonly Difference[] => {
    const at = [...path, key];
    const [one, other] = [old.get(key), now.get(key)];
    if (old.has(key) && now.has(key)) return within(at, one, other);
    // That a whole section came or went says too little: its entries are told one by one.
    if (path.length === 0 && members(one ?? other)) return within(at, one ?? {}, other ?? {});
    return [{ kind: old.has(key) ? 'removed' : 'added', path: at.join('.'), ...shown(one, other) }];
  });
}

/** Members of an object or a list; undefined for a scalar. */
function members(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

function shown(before: unknown, after: unknown): Pick<Difference, 'before' | 'after'> {
  return {
    ...(isShort(before) ? { before } : {}),
    ...(isShort(after) ? { after } : {}),
  };
}

const isShort = (value: unknown): value is Scalar =>
  value === null ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && value.length <= SHOWN);
