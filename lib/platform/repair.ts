import type { z } from 'zod';

/** Values that break no rule, by the path of their field; `*` stands for an index. */
export type Harmless = Readonly<Record<string, unknown>>;

type Path = readonly PropertyKey[];

/** The value with what is at fault replaced by something harmless, or left out where nothing is needed. */
export function repaired(value: unknown, issues: readonly z.core.$ZodIssue[], harmless: Harmless): unknown {
  return issues.reduce((part, issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.reduce((each, key) => withValue(each, [...issue.path, key], undefined), part);
    }
    return withValue(
      part,
      issue.path,
      harmless[issue.path.map((step) => (typeof step === 'number' ? '*' : String(step))).join('.')],
    );
  }, value);
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) => (at as Record<PropertyKey, unknown> | undefined | null)?.[step],
    value,
  );
}

/** A copy with another value at the path; `undefined` takes the field away. */
function withValue(value: unknown, path: Path, replacement: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return replacement;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => (index === step ? withValue(item, rest, replacement) : item));
  }
  const key = String(step);
  const changed = withValue((value as Record<string, unknown>)[key], rest, replacement);
  const { [key]: _, ...others } = value as Record<string, unknown>;
  return changed === undefined ? others : { ...others, [key]: changed };
}
