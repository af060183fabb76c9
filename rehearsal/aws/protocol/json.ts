import { membersOf, type Schema } from '../schema';
import type { Codec } from './codec';
import { base64, secondsOf } from './scalars';

/**
 * JSON 1.0 and 1.1.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export const jsonCodec: Codec = {
  operation: ({ headers }) => headers['x-amz-target']?.split('.').at(-1),
  read: ({ body }, { input }) => {
    const members: unknown = JSON.parse(body.toString() || '{}');
    return fromJson(input, members) as Record<string, unknown>;
  },
  write: (output, operation) => ({
    status: 200,
    headers: { 'content-type': JSON_TYPE },
    body: JSON.stringify(toJson(operation.output, output)),
  }),
  fail: ({ type, code, message, status, members = {} }, { headers }) => ({
    status,
    headers: {
      'content-type': JSON_TYPE,
      'x-amzn-errortype': type,
      // CloudWatch spoke the query protocol before: clients that knew its codes still ask for them.
      ...(headers['x-amzn-query-mode'] === 'true' && { 'x-amzn-query-error': `${code};Sender` }),
    },
    body: JSON.stringify({ __type: type, message, ...members }),
  }),
};

const JSON_TYPE = 'application/x-amz-json-1.1';

function fromJson(schema: Schema, value: unknown): unknown {
  return walk(schema, value, (leaf, item) =>
    leaf.isBlobSchema() && typeof item === 'string' ? Buffer.from(item, 'base64') : item,
  );
}

function toJson(schema: Schema, value: unknown): unknown {
  return walk(schema, value, (leaf, item) => {
    if (leaf.isBlobSchema()) return base64(item);
    return leaf.isTimestampSchema() ? secondsOf(item) : item;
  });
}

/**
 * Converts the scalars of a value, along its schema. What does not fit the schema is left as it is, null and
 * undefined are left out.
 */
export function walk(
  schema: Schema,
  value: unknown,
  leaf: (schema: Schema, value: unknown) => unknown,
): unknown {
  if (schema.isListSchema() && Array.isArray(value)) {
    return value.map((item: unknown) => walk(schema.getValueSchema(), item, leaf));
  }
  const record = recordOf(value);
  if (schema.isMapSchema() && record) return mapped(record, () => schema.getValueSchema(), leaf);
  if (schema.isStructSchema() && record) {
    const members = new Map(membersOf(schema));
    return mapped(record, (name) => members.get(name), leaf);
  }
  const isScalar = !schema.isListSchema() && !schema.isMapSchema() && !schema.isStructSchema();
  return isScalar ? leaf(schema, value) : value;
}

function mapped(
  record: Readonly<Record<string, unknown>>,
  schemaOf: (name: string) => Schema | undefined,
  leaf: (schema: Schema, value: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  const present = Object.entries(record).filter(([, item]) => item !== undefined && item !== null);
  return Object.fromEntries(
    present.map(([name, item]) => {
      const schema = schemaOf(name);
      return [name, schema ? walk(schema, item, leaf) : item];
    }),
  );
}

const recordOf = (value: unknown): Readonly<Record<string, unknown>> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
