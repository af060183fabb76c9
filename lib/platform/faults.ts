import type { z } from 'zod';
import { allowedBy, type Fault } from '../../contract';
import { type Harmless, repaired, valueAt } from './repair';
import { fieldsAt, nearest } from './spelling';

type PathPart = PropertyKey;

/** `['workloads', 0, 'container']` → `workloads[0].container`. */
export function formatPath(path: readonly PathPart[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/**
 * Parses a part of the platform file; what does not fit becomes faults with their full path.
 *
 * @param harmless values by path that break no rule: they stand in for faulty ones, so that the rules can
 * judge the rest of the part in the same run
 */
export function parsePart<T>(
  schema: z.ZodType<T>,
  value: unknown,
  prefix: readonly PathPart[],
  faults: Fault[],
  harmless: Harmless = {},
): T | undefined {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) faults.push(faultOf(issue, value, prefix, schema));
  return repaired(schema, value, harmless);
}

/**
 * Whether something harmless stands in for what was written at a place, or for a part of it, so that a rule that judges
 * it judges nothing that anybody wrote.
 *
 * @param faults of form
 */
export const standsIn = (place: string, faults: readonly Fault[]): boolean =>
  faults.some(
    ({ place: faulty, value }) =>
      !value.startsWith(UNKNOWN) && (place === faulty || isWithin(place, faulty) || isWithin(faulty, place)),
  );

const isWithin = (place: string, around: string): boolean =>
  place.startsWith(around) && /^[.[]/.test(place.slice(around.length));

/** How the value of a fault begins where a field is too many; what stands beside that field is as it was written. */
const UNKNOWN = 'the unknown';

function faultOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  prefix: readonly PathPart[],
  schema: z.ZodType,
): Fault {
  const place = formatPath([...prefix, ...issue.path]) || 'the platform';
  if (issue.code === 'unrecognized_keys') {
    const known = fieldsAt(schema, issue.path, value);
    const free = known.filter((name) => valueAt(value, [...issue.path, name]) === undefined);
    const near = issue.keys.map((key) => nearest(key, free)).filter((name) => name !== undefined);
    return {
      place,
      value: `${UNKNOWN} ${issue.keys.length === 1 ? 'field' : 'fields'} ${issue.keys.join(', ')}`,
      allowed: known.join(', '),
      change: near.length > 0 ? `write ${near.join(', ')}` : 'remove it',
    };
  }
  const found = valueAt(value, issue.path);
  const allowed = allowedBy(issue);
  return {
    place,
    // Settings may hold what nobody should read, whatever the platform file says about secrets.
    value:
      issue.path.includes('environment') && found !== undefined
        ? 'a value that is not shown'
        : printable(found),
    allowed,
    change: `${found === undefined ? 'add the field with' : 'write'} ${allowed}`,
  };
}

/** A value as it is shown in a message: JSON, shortened. Long text may hold what nobody should read. */
export function printable(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'function' ? 'a function' : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** A number that must be whole and lie in a range, both ends included. */
export function outside(
  value: number,
  minimum: number,
  maximum: number,
  place: string,
  unit: string,
): Fault[] {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return [];
  return [
    {
      place,
      value: `${value} ${unit}`,
      allowed: `whole ${unit} from ${minimum} to ${maximum}`,
      change: `choose a ${unit === 'GiB' ? 'size' : 'duration'} in this range`,
    },
  ];
}
