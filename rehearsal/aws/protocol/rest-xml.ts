import { membersOf, operationSchema, type OperationSchema, type Schema } from '../schema';
import type { AwsService } from '../service';
import { plainBody } from './aws-chunked';
import type { Codec, Incoming, Outgoing } from './codec';
import { scalarOf, secondsOf, textOf } from './scalars';
import { escapeXml, fromXml, membersToXml, parseXml, wrap } from './xml';

/**
 * S3: members are bound to path, query, headers and body. The bucket is the first part of the path, as clients
 * write it for endpoints that are IP addresses.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html
 */
export const restXmlCodec: Codec = {
  operation: operationOf,
  read: (request, operation) => ({ ...boundMembers(request, operation), ...bodyMembers(request, operation) }),
  write,
  fail: ({ code, message, status }, { method }, requestId) => ({
    status,
    headers: { 'content-type': 'application/xml' },
    body:
      method === 'HEAD'
        ? ''
        : wrap(
            'Error',
            wrap('Code', code) + wrap('Message', escapeXml(message)) + wrap('RequestId', requestId),
          ),
  }),
};

/** The operation whose method, path and query fit; of several, the one that asks for more. */
function operationOf(request: Incoming, { schemas, operations }: AwsService): string | undefined {
  const fitting = Object.keys(operations).flatMap((name) => {
    const operation = operationSchema(schemas, name);
    const weight = operation && fit(request, operation);
    return operation && weight !== undefined ? [{ name, weight }] : [];
  });
  return fitting.sort((one, other) => other.weight - one.weight)[0]?.name;
}

/** How many parts of the query an operation asks for. Undefined where the request is not for it. */
function fit({ method, path, query }: Incoming, { http, input }: OperationSchema): number | undefined {
  const [wanted, template = ''] = http ?? [];
  const { key, bucket } = labelsOf(path);
  if (wanted !== method || bucket === '') return undefined;
  if (template.startsWith('/{Key+}') !== (key !== undefined)) return undefined;
  const asked = [...new URLSearchParams(template.split('?')[1])].filter(([name]) => name !== 'x-id');
  if (!asked.every(([name, value]) => query.has(name) && (value === '' || query.get(name) === value)))
    return undefined;
  const known = new Set([
    'x-id',
    ...asked.map(([name]) => name),
    ...membersOf(input).map(([, member]) => String(member.getMergedTraits().httpQuery)),
  ]);
  const isPlain = (name: string): boolean => known.has(name) || name.startsWith('X-Amz-');
  return [...query.keys()].every(isPlain) ? asked.length : undefined;
}

function labelsOf(path: string): { readonly bucket: string; readonly key?: string } {
  const [, bucket = '', ...rest] = path.split('/').map(decodeURIComponent);
  const key = rest.join('/');
  return { bucket, ...(key !== '' && { key }) };
}

/** Members that stand in path, query and headers. */
function boundMembers({ path, query, headers }: Incoming, { input }: OperationSchema): object {
  const { bucket, key } = labelsOf(path);
  const entries = membersOf(input).map(([name, member]) => {
    const { httpHeader, httpQuery, httpPrefixHeaders } = member.getMergedTraits();
    if (name === 'Bucket') return [name, bucket];
    if (name === 'Key') return [name, key];
    if (httpPrefixHeaders !== undefined) return [name, prefixed(headers, String(httpPrefixHeaders))];
    const text =
      httpHeader === undefined ? query.get(String(httpQuery)) : headers[String(httpHeader).toLowerCase()];
    return [name, text === undefined || text === null ? undefined : bound(member, text)];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as object;
}

const bound = (member: Schema, text: string): unknown =>
  member.isListSchema()
    ? text.split(',').map((item) => scalarOf(member.getValueSchema(), item.trim()))
    : scalarOf(member, text);

function prefixed(headers: Readonly<Record<string, string>>, prefix: string): object | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

function bodyMembers(request: Incoming, { input }: OperationSchema): object {
  const payload = membersOf(input).find(([, member]) => member.getMergedTraits().httpPayload === 1);
  const body = plainBody(request);
  if (!payload || (body.length === 0 && !payload[1].isBlobSchema())) return {};
  const [name, member] = payload;
  return { [name]: member.isBlobSchema() ? body : fromXml(member, parseXml(body.toString())) };
}

function write(output: object, { name, output: schema, http }: OperationSchema): Outgoing {
  const headers: Record<string, string> = {};
  const inBody = new Set<string>();
  let content: Uint8Array | undefined;
  for (const [member, memberSchema] of membersOf(schema)) {
    const value: unknown = Reflect.get(output, member);
    const { httpHeader, httpPayload, httpPrefixHeaders } = memberSchema.getMergedTraits();
    if (value === undefined || value === null) continue;
    if (httpHeader !== undefined) headers[String(httpHeader).toLowerCase()] = headerText(memberSchema, value);
    else if (httpPrefixHeaders !== undefined) {
      for (const [key, text] of Object.entries(value))
        headers[`${String(httpPrefixHeaders)}${key}`] = String(text);
    } else if (httpPayload === 1 && memberSchema.isBlobSchema()) content = value as Uint8Array;
    else inBody.add(member);
  }
  const status = http?.[2] ?? 200;
  if (content) return { status, headers, body: content };
  if (inBody.size === 0) return { status, headers, body: '' };
  const root = String(schema.getMergedTraits().xmlName ?? `${name}Result`);
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${wrap(root, membersToXml(schema, output, inBody))}`;
  return { status, headers: { ...headers, 'content-type': 'application/xml' }, body };
}

/** Moments in headers are HTTP dates. */
const headerText = (schema: Schema, value: unknown): string =>
  schema.isTimestampSchema() ? new Date(secondsOf(value) * 1_000).toUTCString() : textOf(schema, value);
