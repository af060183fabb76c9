import { membersOf, requiredOf, type Schema } from './schema';

/** Whether a value may still hold a `Date`, which the protocol writes as it needs. */
type Direction = 'input' | 'output';

/**
 * Faults of a value against the SDK's schema: members that do not exist, that are missing, and wrong types. The
 * schemas know neither lengths nor patterns, ranges or enumerations.
 */
export function schemaFaults(
  schema: Schema,
  value: unknown,
  path: string,
  direction: Direction,
): readonly string[] {
  if (schema.isUnitSchema()) return Object.keys(value ?? {}).map((name) => `${path}.${name} is unknown`);
  if (schema.isStructSchema()) return structFaults(schema, value, path, direction);
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) return [`${path} must be a list`];
    return value.flatMap((item: unknown, index) =>
      schemaFaults(schema.getValueSchema(), item, `${path}[${index}]`, direction),
    );
  }
  if (schema.isMapSchema()) {
    if (!isObject(value)) return [`${path} must be a map`];
    return Object.entries(value).flatMap(([key, item]) =>
      schemaFaults(schema.getValueSchema(), item, `${path}.${key}`, direction),
    );
  }
  const expected = expectation(schema, direction);
  return expected && !expected.fits(value) ? [`${path} must be ${expected.name}`] : [];
}

function structFaults(schema: Schema, value: unknown, path: string, direction: Direction): readonly string[] {
  if (!isObject(value)) return [`${path} must be an object`];
  const members = new Map(membersOf(schema));
  const missing = requiredOf(schema).filter((name) => value[name] === undefined || value[name] === null);
  const present = Object.entries(value).filter(([, item]) => item !== undefined && item !== null);
  return [
    ...missing.map((name) => `${path}.${name} is missing`),
    ...present.flatMap(([name, item]) => {
      const member = members.get(name);
      return member
        ? schemaFaults(member, item, `${path}.${name}`, direction)
        : [`${path}.${name} is unknown`];
    }),
  ];
}

interface ScalarExpectation {
  readonly name: string;
  fits(value: unknown): boolean;
}

const TEXT: ScalarExpectation = { name: 'a string', fits: (value) => typeof value === 'string' };
const NUMBER: ScalarExpectation = { name: 'a number', fits: (value) => Number.isFinite(value) };
const FLAG: ScalarExpectation = { name: 'true or false', fits: (value) => typeof value === 'boolean' };
const MOMENT: ScalarExpectation = {
  name: 'seconds since the epoch',
  fits: (value) => Number.isFinite(value),
};
const MOMENT_OR_DATE: ScalarExpectation = {
  name: 'seconds since the epoch, or a Date',
  fits: (value) => Number.isFinite(value) || value instanceof Date,
};
const BYTES: ScalarExpectation = { name: 'bytes', fits: (value) => value instanceof Uint8Array };

function expectation(schema: Schema, direction: Direction): ScalarExpectation | undefined {
  if (schema.isStringSchema()) return TEXT;
  if (schema.isNumericSchema() || schema.isBigIntegerSchema() || schema.isBigDecimalSchema()) return NUMBER;
  if (schema.isBooleanSchema()) return FLAG;
  if (schema.isTimestampSchema()) return direction === 'input' ? MOMENT : MOMENT_OR_DATE;
  if (schema.isBlobSchema()) return BYTES;
  // What is left is the document type: any JSON. Strings with a media type are strings on the wire.
  return schema.isDocumentSchema() ? undefined : TEXT;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
