import * as logs from '@aws-sdk/client-cloudwatch-logs';
import * as ecr from '@aws-sdk/client-ecr';
import * as ecs from '@aws-sdk/client-ecs';
import * as ssm from '@aws-sdk/client-ssm';
import { NormalizedSchema } from '@smithy/core/schema';

export type Input = Readonly<Record<string, unknown>>;
export type Handlers = Readonly<Record<string, (input: Input) => object>>;

/** An error that the service answers with. */
export class ApiFault extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly status: number = 400,
  ) {
    super(message);
  }
}

export function stringOf(input: Input, field: string): string {
  const value = input[field];
  if (typeof value !== 'string') throw new ApiFault('InvalidParameterException', `${field} is missing`);
  return value;
}

export function stringsOf(input: Input, field: string): readonly string[] {
  const value: unknown = input[field];
  if (!Array.isArray(value)) throw new ApiFault('InvalidParameterException', `${field} is missing`);
  return value.map(String);
}

/**
 * At most so many ids in one call.
 *
 * @throws ApiFault as AWS answers to more
 */
export function limited(input: Input, field: string, most: number): readonly string[] {
  const ids = stringsOf(input, field);
  if (ids.length > most) throw new ApiFault('InvalidParameterException', `${field}: at most ${most}`);
  return ids;
}

/**
 * One page of a list. It never holds more than half of it, so that a reader who stops at the first page is
 * found out.
 *
 * @param most largest `maxResults` that AWS accepts
 */
export function page<T>(
  input: Input,
  items: readonly T[],
  most: number,
): { readonly items: readonly T[]; readonly nextToken?: string } {
  const asked = Number(input.maxResults ?? most);
  if (asked < 1 || asked > most) throw new ApiFault('InvalidParameterException', `maxResults: 1 to ${most}`);
  const start = input.nextToken === undefined ? 0 : Number(stringOf(input, 'nextToken'));
  const end = start + Math.min(asked, Math.max(1, Math.ceil(items.length / 2)));
  return { items: items.slice(start, end), ...(end < items.length ? { nextToken: String(end) } : {}) };
}

/** IAM prefix and SDK package by the service part of `X-Amz-Target`. */
export const SERVICES: Readonly<Record<string, { readonly prefix: string; readonly schemas: object }>> = {
  AmazonEC2ContainerServiceV20141113: { prefix: 'ecs', schemas: ecs },
  AmazonSSM: { prefix: 'ssm', schemas: ssm },
  Logs_20140328: { prefix: 'logs', schemas: logs },
  AmazonEC2ContainerRegistry_V20150921: { prefix: 'ecr', schemas: ecr },
};

/** Input and output schema of an operation, from the SDK's own tables. */
function schemasOf(
  schemas: object,
  operation: string,
): { readonly input: NormalizedSchema; readonly output: NormalizedSchema } {
  const found: unknown = Reflect.get(schemas, `${operation}$`);
  if (!Array.isArray(found)) throw new ApiFault('UnknownOperationException', operation);
  return { input: normalized(found[4]), output: normalized(found[5]) };
}

const normalized = (schema: unknown): NormalizedSchema =>
  NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]);

/** Faults of a value against the SDK's schema: members that do not exist, and wrong types. */
export function schemaFaults(
  schemas: object,
  operation: string,
  direction: 'input' | 'output',
  value: unknown,
): readonly string[] {
  return faults(schemasOf(schemas, operation)[direction], value, operation);
}

function faults(schema: NormalizedSchema, value: unknown, path: string): readonly string[] {
  if (value === undefined || value === null) return [];
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [`${path} must be a list`];
    return value.flatMap((item, index) => faults(schema.getValueSchema(), item, `${path}[${index}]`));
  }
  if (schema.isStructSchema()) {
    if (typeof value !== 'object') return [`${path} must be an object`];
    const members = schema.getMemberSchemas();
    return Object.entries(value).flatMap(([name, member]) => {
      const memberSchema = members[name];
      return memberSchema ? faults(memberSchema, member, `${path}.${name}`) : [`${path}.${name} is unknown`];
    });
  }
  if (schema.isStringSchema() && typeof value !== 'string') return [`${path} must be a string`];
  if (schema.isNumericSchema() && typeof value !== 'number') return [`${path} must be a number`];
  if (schema.isTimestampSchema() && typeof value !== 'number')
    return [`${path} must be seconds since the epoch`];
  if (schema.isBooleanSchema() && typeof value !== 'boolean') return [`${path} must be true or false`];
  return [];
}
