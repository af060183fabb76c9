import { cbor, dateToTag } from '@smithy/core/cbor';
import type { Schema } from '../schema';
import type { Codec } from './codec';
import { walk } from './json';
import { secondsOf } from './scalars';

/**
 * RPC v2 with CBOR, which the AWS CLI speaks to CloudWatch.
 *
 * @see https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 */
export const cborCodec: Codec = {
  operation: ({ path }) => /^\/service\/[^/]+\/operation\/([^/]+)$/.exec(path)?.[1],
  read: ({ body }, { input }) => {
    const members: unknown = body.length > 0 ? cbor.deserialize(body) : {};
    return walk(input, members, fromCbor) as Record<string, unknown>;
  },
  write: (output, operation) => answer(200, walk(operation.output, output, toCbor)),
  fail: ({ type, code, message, status }) => ({
    ...answer(status, { __type: type, message }),
    headers: { ...CBOR_HEADERS, 'x-amzn-query-error': `${code};Sender` },
  }),
};

export const isCbor = (headers: Readonly<Record<string, string>>): boolean =>
  headers['smithy-protocol'] === 'rpc-v2-cbor';

const CBOR_HEADERS = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };

const answer = (status: number, body: unknown) => ({
  status,
  headers: CBOR_HEADERS,
  body: cbor.serialize(body),
});

/** A timestamp is a number of seconds under tag 1. */
function fromCbor(schema: Schema, value: unknown): unknown {
  const tagged =
    schema.isTimestampSchema() && typeof value === 'object' && value !== null && 'value' in value;
  return tagged ? Number(value.value) : value;
}

const toCbor = (schema: Schema, value: unknown): unknown =>
  schema.isTimestampSchema() ? dateToTag(new Date(secondsOf(value) * 1_000)) : value;
