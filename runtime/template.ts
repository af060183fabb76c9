import { z } from 'zod';
import { LockstepError } from '../contract/errors';

const templateSchema = z.record(z.string(), z.unknown());

/** A CloudFormation template, as JSON has it. */
export type Template = z.infer<typeof templateSchema>;

/**
 * Reads a template. The CDK writes and deploys JSON only.
 *
 * @param place where the text stands, for the message
 * @throws LockstepError `NotSynthesized` for anything else
 */
export function templateOf(text: string, place: string): Template {
  const parsed = templateSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new LockstepError('NotSynthesized', {
    place,
    value: 'text that is no JSON object',
    allowed: 'a template in JSON, as the CDK writes it',
    change: 'run `npx cdk synth --quiet`; deploy the stack with `npx cdk deploy`',
  });
}

/** Undefined for what is no JSON: the schema then says what it should be. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
