import { readFile } from 'node:fs/promises';
import { LockstepError } from '../../../contract';
import { type AnswerSchema, answerSchema } from '../../answer-schema';
import type { SagemakerEndpointSpec } from '../spec';

/** The request that a model is checked with, and what its answer must look like. */
export interface Sample {
  readonly payload: Buffer;
  readonly schema: AnswerSchema;
  /** Where the schema stands. */
  readonly place: string;
}

/**
 * Reads the files of the verification.
 *
 * @throws LockstepError `InvalidSpec` where one is missing or is no schema that can be checked
 */
export async function readSample({ verification }: SagemakerEndpointSpec): Promise<Sample> {
  const { payload, schema } = verification;
  const place = typeof schema === 'string' ? schema : 'verification.schema';
  const content: unknown =
    typeof schema === 'string' ? jsonOf((await fileOf(schema, place)).toString('utf8'), place) : schema;
  return {
    payload: await fileOf(payload, 'verification.payload'),
    schema: answerSchema(content, place),
    place,
  };
}

function jsonOf(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw unreadable(place, error, 'a JSON document', 'correct the file');
  }
}

async function fileOf(path: string, place: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadable(
      place,
      error,
      'a file relative to the root of the repository',
      'check the file in, and check out the repository before the command runs',
    );
  }
}

const unreadable = (place: string, error: unknown, allowed: string, change: string): LockstepError =>
  new LockstepError(
    'InvalidSpec',
    { place, value: error instanceof Error ? error.message : String(error), allowed, change },
    { cause: error },
  );
