import Ajv, { type AnySchema, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import Ajv2020 from 'ajv/dist/2020';
import { LockstepError } from '../../contract';

/** What does not fit a JSON schema, one line each; none when the answer fits. */
export type AnswerSchema = (body: string) => readonly string[];

const OPTIONS: Options = {
  allErrors: true,
  // A keyword or format that nobody knows would be a check that cannot fail.
  strictSchema: true,
  strictTypes: false,
  strictTuples: false,
  logger: false,
};

/** Schemas say of themselves which draft they follow; without a word it is the newest. */
const DRAFT_07 = 'http://json-schema.org/draft-07/schema';

/**
 * Reads the schema of an answer: JSON Schema 2020-12, or draft-07 where `$schema` says so.
 *
 * @param place where the schema stands, for the message
 * @throws LockstepError `InvalidSpec` for a schema of which any part would not be checked
 * @see https://ajv.js.org/strict-mode.html
 */
export function answerSchema(schema: unknown, place: string): AnswerSchema {
  const validate = compiled(schema, place);
  return (body) => {
    let answer: unknown;
    try {
      answer = JSON.parse(body);
    } catch {
      return [`the answer is no JSON: ${shorten(body)}`];
    }
    return validate(answer) ? [] : (validate.errors ?? []).map(described);
  };
}

function compiled(schema: unknown, place: string): ValidateFunction {
  try {
    const draft = (schema as { readonly $schema?: unknown } | null)?.$schema;
    const old = typeof draft === 'string' && draft.replace(/#$/, '') === DRAFT_07;
    return (old ? new Ajv(OPTIONS) : new Ajv2020(OPTIONS)).compile(schema as AnySchema);
  } catch (error) {
    throw new LockstepError(
      'InvalidSpec',
      {
        place,
        value: error instanceof Error ? error.message : String(error),
        allowed: 'a JSON schema of 2020-12 or draft-07 of which every keyword can be checked',
        change: 'write this part of the schema in other terms, or leave it out',
      },
      { cause: error },
    );
  }
}

/** `predictions.0: must be number`. */
function described({ instancePath, message, params }: ErrorObject): string {
  const place = instancePath.slice(1).replaceAll('/', '.') || 'the answer';
  const extra = Object.values(params as Readonly<Record<string, unknown>>)
    .filter((value) => typeof value !== 'object')
    .map(String)
    .find((value) => !(message ?? '').includes(value));
  return `${place}: ${message ?? 'does not fit'}${extra === undefined ? '' : ` (${extra})`}`;
}

const SHOWN = 200;

export const shorten = (text: string): string =>
  text.length > SHOWN ? `${text.slice(0, SHOWN)}… (${text.length} characters)` : text;
