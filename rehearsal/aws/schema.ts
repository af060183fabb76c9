import { NormalizedSchema } from '@smithy/core/schema';

export type Schema = NormalizedSchema;

/** Input and output of an operation, as the SDK's own tables have them. */
export interface OperationSchema {
  readonly name: string;
  readonly input: Schema;
  readonly output: Schema;
  /** Method, path with labels and static query, and status, of an operation that is bound to HTTP. */
  readonly http?: readonly [method: string, path: string, status: number];
}

/** What the SDK knows about an exception. */
export interface ErrorSchema {
  /** HTTP status, where the exception has one of its own. */
  readonly status?: number;
  /** Code on the wire of the query protocols, where it differs from the name. */
  readonly queryCode?: string;
}

/** First element of the tuple of an operation, and of that of an exception. */
const OPERATION = 9;
const EXCEPTION = -3;
/** Where the tuples have what: an operation its traits and its input, behind which the output stands. */
const TRAITS = 3;
const INPUT = 4;
/** A structure its members, and how many of them are required; those come first. */
const MEMBERS = 4;
const REQUIRED = 6;

/** Undefined where the SDK knows no such operation. */
export function operationSchema(schemas: object, name: string): OperationSchema | undefined {
  const found: unknown = Reflect.get(schemas, `${name}$`);
  if (!Array.isArray(found) || found[0] !== OPERATION) return undefined;
  const { http } = NormalizedSchema.of(traitsOnly(found[TRAITS])).getMergedTraits();
  return {
    name,
    input: normalized(found[INPUT]),
    output: normalized(found[INPUT + 1]),
    ...(http !== undefined && { http: http as unknown as [string, string, number] }),
  };
}

/** @param type name of the exception, such as `ClusterNotFoundException` */
export function errorSchema(schemas: object, type: string): ErrorSchema {
  const found: unknown = Reflect.get(schemas, `${type}$`);
  if (!Array.isArray(found) || found[0] !== EXCEPTION) return {};
  const traits = found[TRAITS] as { httpError?: number; aqe?: readonly [string, number] };
  return {
    ...(traits.httpError !== undefined && { status: traits.httpError }),
    ...(traits.aqe && { queryCode: traits.aqe[0] }),
  };
}

/** Members that must be there: an internal layout of the SDK's tables, which the contract tests hold in place. */
export function requiredOf(schema: Schema): readonly string[] {
  const struct: unknown = schema.getSchema();
  if (!Array.isArray(struct) || schema.isUnionSchema()) return [];
  const names = struct[MEMBERS] as readonly string[];
  return names.slice(0, Number(struct[REQUIRED] ?? 0));
}

export type Member = readonly [name: string, schema: Schema];

/** The SDK makes members anew each time that it is asked; here every request asks. */
const known = new WeakMap<object, readonly Member[]>();

export function membersOf(schema: Schema): readonly Member[] {
  if (!schema.isStructSchema()) return [];
  const struct = schema.getSchema() as object;
  const members = known.get(struct) ?? [...schema.structIterator()];
  known.set(struct, members);
  return members;
}

const normalized = (schema: unknown): Schema =>
  NormalizedSchema.of(schema as Parameters<typeof NormalizedSchema.of>[0]);

/** The traits of an operation, readable as those of any schema. */
const traitsOnly = (traits: unknown) =>
  [0, 'lockstep', 'Traits', traits, 0] as unknown as Parameters<typeof NormalizedSchema.of>[0];
