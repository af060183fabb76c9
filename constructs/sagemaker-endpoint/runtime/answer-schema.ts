import { z } from 'zod';
import { LockstepError } from '../../../contract';

/**
 * What does not fit a JSON schema, one line each; none when the answer fits.
 *
 * @param place where the schema stands, for the message
 * @throws LockstepError `InvalidSpec` for a schema that cannot be read
 */
export function answerFaults(schema: unknown, place: string, body: string): readonly string[] {
  const reader = readerOf(schema, place);
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    return [`the answer is no JSON: ${shorten(body)}`];
  }
  const parsed = reader.safeParse(answer);
  if (parsed.success) return [];
  return parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`);
}

function readerOf(schema: unknown, place: string): z.ZodType {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch (error) {
    throw new LockstepError('InvalidSpec', {
      place,
      value: error instanceof Error ? error.message : String(error),
      allowed: 'a JSON schema of draft 2020-12, 7 or 4',
      change: 'write the schema in simpler terms',
    });
  }
}

const SHOWN = 200;

export const shorten = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} characters)` : text;
