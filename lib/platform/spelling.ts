import { z } from 'zod';
import { valueAt } from './repair';

/**
 * Names of the fields that a schema has at a path; none where it is no object there.
 *
 * @param value what the schema judges: it says which member of a union is meant
 */
export function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): readonly string[] {
  const plain = unwrap(schema, value);
  const [step, ...rest] = path;
  if (step === undefined) return plain instanceof z.ZodObject ? Object.keys(plain.shape) : [];
  const part = valueAt(value, [step]);
  if (plain instanceof z.ZodArray) return fieldsAt(plain.element as z.ZodType, rest, part);
  if (plain instanceof z.ZodObject) {
    const field = (plain.shape as Record<string, z.ZodType | undefined>)[String(step)];
    return field ? fieldsAt(field, rest, part) : [];
  }
  return [];
}

function unwrap(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodOptional) return unwrap(schema.unwrap() as z.ZodType, value);
  if (schema instanceof z.ZodPipe) return unwrap(schema.in as z.ZodType, value);
  if (schema instanceof z.ZodDiscriminatedUnion) return memberFor(schema, value) ?? schema;
  return schema;
}

/** The member whose literal the value has. */
function memberFor(union: z.ZodDiscriminatedUnion, value: unknown): z.ZodObject | undefined {
  const { discriminator } = union.def;
  const meant = valueAt(value, [discriminator]);
  return union.options
    .filter((member) => member instanceof z.ZodObject)
    .find((member) => (member.shape[discriminator] as z.ZodType | undefined)?.safeParse(meant).success);
}

/** The name that was probably meant: at most two letters away. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: distanceOf(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ distance }) => distance <= 2)
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

/** Letters to insert, delete or replace (Levenshtein). */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      next.push(
        Math.min((row[j] ?? 0) + Number(letter !== other), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1),
      );
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
