import type { z } from 'zod';
import type { Fault } from '../../contract';

type PathPart = PropertyKey;

/** `['workloads', 0, 'container']` → `workloads[0].container`. */
export function formatPath(path: readonly PathPart[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** Parses a part of the platform file; what does not fit becomes faults with their full path. */
export function parsePart<T>(
  schema: z.ZodType<T>,
  value: unknown,
  prefix: readonly PathPart[],
  faults: Fault[],
): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) faults.push(faultOf(issue, value, prefix));
  return undefined;
}

function faultOf(issue: z.core.$ZodIssue, value: unknown, prefix: readonly PathPart[]): Fault {
  if (issue.code === 'unrecognized_keys') {
    return {
      place: formatPath([...prefix, ...issue.path]) || 'the platform',
      value: `the unknown ${issue.keys.length === 1 ? 'field' : 'fields'} ${issue.keys.join(', ')}`,
      allowed: 'the fields that the editor completes',
      change: 'remove the field, or correct its spelling',
    };
  }
  const found = issue.path.reduce<unknown>(
    (at, part) => (at as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  );
  return {
    place: formatPath([...prefix, ...issue.path]) || 'the platform',
    value: printable(found),
    allowed: allowedBy(issue),
    change: found === undefined ? 'add the field' : 'change the value',
  };
}

function allowedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value')
    return issue.values.map((allowed) => JSON.stringify(allowed)).join(' or ');
  if (issue.code === 'invalid_key') return issue.issues.map((inner) => inner.message).join(', ');
  // Texts of the schema say what is allowed; those of the library are put into our words.
  if (issue.code === 'too_small' && !issue.message.startsWith('at ')) return `at least ${issue.minimum}`;
  if (issue.code === 'too_big' && !issue.message.startsWith('at ')) return `at most ${issue.maximum}`;
  return issue.message.replace(/^Invalid input: expected (\S+?),.*$/, 'a value of type $1');
}

/** A value as it is shown in a message: JSON, shortened. Long text may hold what nobody should read. */
export function printable(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}
