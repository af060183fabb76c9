import type { z } from 'zod';

/** Values that break no rule, by the path of their field; `*` stands for an index. */
export type Harmless = Readonly<Record<string, unknown>>;

type Path = readonly PropertyKey[];

/**
 * A part of the platform file in which something harmless stands in for what is at fault, or nothing where nothing is
 * needed. What cannot be mended alone is mended with what is around it.
 */
export function repaired<T>(schema: z.ZodType<T>, value: unknown, harmless: Harmless): T | undefined {
  const mended = new Set<string>();
  let part = value;
  for (;;) {
    const parsed = schema.safeParse(part);
    if (parsed.success) return parsed.data;
    const paths = parsed.error.issues.flatMap(pathsOf).map((path) => smallestLeft(path, mended));
    for (const path of paths) {
      if (path === undefined) return undefined;
      if (mended.has(keyOf(path))) continue;
      mended.add(keyOf(path));
      part = withValue(part, path, harmless[patternOf(path)]);
    }
  }
}

const pathsOf = (issue: z.core.$ZodIssue): readonly Path[] =>
  issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];

/** The path, or the nearest one around it that was not mended yet; none when all were. */
function smallestLeft(path: Path, mended: ReadonlySet<string>): Path | undefined {
  if (!mended.has(keyOf(path))) return path;
  return path.length === 0 ? undefined : smallestLeft(path.slice(0, -1), mended);
}

const keyOf = (path: Path): string => JSON.stringify(path.map(String));

const patternOf = (path: Path): string =>
  path.map((step) => (typeof step === 'number' ? '*' : String(step))).join('.');

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
