import { z } from 'zod';
import { isPlain, unsupported } from './refusal';

const asList = (value: unknown): unknown => (Array.isArray(value) ? value : [value]);
const texts = z.preprocess(asList, z.array(z.string()).min(1).readonly());
/** The grammar lets numbers and Booleans stand without quotation marks. */
const values = z.preprocess(
  asList,
  z
    .array(z.union([z.string(), z.number().transform(String), z.boolean().transform(String)]))
    .min(1)
    .readonly(),
);

/** `"*"` is short for `{ "AWS": "*" }`: everyone. */
const principal = z.preprocess(
  (value) => (value === '*' ? { AWS: ['*'] } : value),
  z
    .strictObject({
      AWS: texts.optional(),
      Service: texts.optional(),
      Federated: texts.optional(),
      CanonicalUser: texts.optional(),
    })
    .refine((map) => Object.keys(map).length > 0, 'at least one principal'),
);

const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principal.optional(),
  NotPrincipal: principal.optional(),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Condition: z.record(z.string(), z.record(z.string(), values)).optional(),
});

const document = z.strictObject({
  /** A policy without version follows the older language. */
  Version: z.enum(['2008-10-17', '2012-10-17']).default('2008-10-17'),
  Id: z.string().optional(),
  Statement: z.preprocess(asList, z.array(statement).min(1).readonly()),
});

/** A policy document in its own grammar, with single values made into lists. */
export type PolicyDocument = z.infer<typeof document>;
export type StatementDocument = PolicyDocument['Statement'][number];

/**
 * @throws LockstepError `UnsupportedPolicy` for everything outside of the grammar, and for values that
 * are known only at deployment
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parseDocument(place: string, input: unknown): PolicyDocument {
  refuseUnknownValues(place, input);
  const parsed = document.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys : [])];
  // A single statement may stand without list: its place is that of the first all the same.
  const root = isPlain(input) ? { ...input, Statement: asList(input.Statement) } : input;
  const change = 'Follow the grammar of IAM policies.';
  throw unsupported(at(place, path), valueAt(root, path), issue?.message ?? 'a policy document', change);
}

/** Intrinsic functions, CDK tokens, and instances of classes that stand for what is not yet known. */
function refuseUnknownValues(place: string, value: unknown): void {
  const known = 'values that are known before the deployment';
  if (typeof value === 'string' && value.includes('${Token[')) {
    throw unsupported(place, value, known, 'Give the value as literal.');
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      refuseUnknownValues(at(place, [index]), item);
    });
  } else if (isPlain(value)) {
    for (const [key, item] of Object.entries(value)) {
      if (key === 'Ref' || key.startsWith('Fn::')) {
        throw unsupported(place, value, known, 'Resolve the function, or give the value as literal.');
      }
      refuseUnknownValues(at(place, [key]), item);
    }
  } else if (typeof value === 'object' && value !== null) {
    throw unsupported(place, value, known, 'Give the value as literal.');
  }
}

/** `policy "Calls", Statement[0].Action[1]`. */
function at(place: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text.endsWith('"') ? `${text}, ${String(step)}` : `${text}.${String(step)}`;
  }, place);
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return (value as readonly unknown[])[Number(step)];
    // A single value may stand without list.
    if (!isPlain(value)) return step === 0 ? value : undefined;
    return value[String(step)];
  }, root);
}
