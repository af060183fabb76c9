import { z } from 'zod';
import { LockstepError } from '../../../contract';
import type { TemplateSource } from '../../../proofs/artefacts';

const texts = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string()).readonly(),
);

const resource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DependsOn: texts.default([]),
  Condition: z.string().optional(),
  Metadata: z.record(z.string(), z.unknown()).default({}),
});

const parameter = z.object({ Type: z.string(), Default: z.unknown().optional() });
const output = z.object({
  Value: z.unknown(),
  Condition: z.string().optional(),
  Export: z.object({ Name: z.unknown() }).optional(),
});
const rule = z.object({
  RuleCondition: z.unknown().optional(),
  Assertions: z.array(z.object({ Assert: z.unknown(), AssertDescription: z.string().optional() })),
});

/** Sections that the rehearsal understands. A transform would change the template on AWS's side: it is none of them. */
const template = z.strictObject({
  AWSTemplateFormatVersion: z.string().optional(),
  Description: z.string().optional(),
  Metadata: z.unknown().optional(),
  Parameters: z.record(z.string(), parameter).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Rules: z.record(z.string(), rule).default({}),
  Resources: z.record(z.string(), resource),
  Outputs: z.record(z.string(), output).default({}),
});

export type Template = z.infer<typeof template>;
export type ResourceDeclaration = Template['Resources'][string];

/**
 * @throws LockstepError `NotRehearsed`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function parseTemplate({ stack, body }: TemplateSource): Template {
  const parsed = template.safeParse(typeof body === 'string' ? JSON.parse(body) : body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const keys = issue?.code === 'unrecognized_keys' ? issue.keys : [];
  const place = [stack, ...(issue?.path ?? []), ...keys].map(String).join(', ');
  const value = keys.length > 0 ? keys.join(', ') : 'a part of another form';
  throw notRehearsed(place, value, issue?.message ?? 'a template', 'Leave it out, or write it otherwise.');
}

/**
 * The error for everything in a template that the rehearsal cannot deploy as CloudFormation would.
 *
 * @param place stack and logical id
 */
export function notRehearsed(place: string, value: string, allowed: string, change: string): LockstepError {
  return new LockstepError('NotRehearsed', { place, value, allowed, change });
}
