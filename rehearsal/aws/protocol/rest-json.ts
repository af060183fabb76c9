import { membersOf, operationSchema, type OperationSchema } from '../schema';
import type { AwsService } from '../service';
import type { Codec, Incoming, Outgoing } from './codec';
import { scalarOf, textOf } from './scalars';

/**
 * REST with JSON, as far as the runtime of SageMaker and Lambda need it: members are bound to labels of the path, to the
 * query, to headers, to the status, and to a blob that is the whole body.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
 */
export const restJsonCodec: Codec = {
  operation: operationOf,
  read: (request, operation) => {
    checkBindings(operation);
    return readMembers(request, operation);
  },
  write,
  fail: ({ type, message, status, members = {} }) => ({
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
    body: JSON.stringify({ Message: message, ...members }),
  }),
};

function operationOf({ method, path }: Incoming, { schemas, operations }: AwsService): string | undefined {
  return Object.keys(operations).find((name) => {
    const [wanted, template] = operationSchema(schemas, name)?.http ?? [];
    return wanted === method && template !== undefined && labelsOf(template, path) !== undefined;
  });
}

/** Labels by name; undefined where the path is another one. */
function labelsOf(template: string, path: string): Readonly<Record<string, string>> | undefined {
  const pattern = template.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const found = new RegExp(`^${pattern}$`).exec(path);
  if (!found) return undefined;
  const labels = Object.entries(found.groups ?? {}).map(([name, text]) => [name, decodeURIComponent(text)]);
  return Object.fromEntries(labels) as Readonly<Record<string, string>>;
}

/** @throws Error for an operation with members that are bound in another way */
function checkBindings({ name, input, output }: OperationSchema): void {
  for (const [member, schema] of [...membersOf(input), ...membersOf(output)]) {
    const { httpLabel, httpHeader, httpQuery, httpResponseCode, httpPayload } = schema.getMergedTraits();
    const isBlob = httpPayload === 1 && schema.isBlobSchema();
    if (httpLabel === 1 || httpResponseCode === 1 || isBlob) continue;
    if (httpHeader !== undefined || httpQuery !== undefined) continue;
    throw new Error(`the REST protocol of the emulator cannot bind ${member} of ${name}`);
  }
}

function readMembers({ path, query, headers, body }: Incoming, { input, http }: OperationSchema) {
  const labels = labelsOf(http?.[1] ?? '', path) ?? {};
  const entries = membersOf(input).map(([name, member]) => {
    const { httpHeader, httpQuery, httpPayload } = member.getMergedTraits();
    if (httpPayload === 1) return [name, body];
    if (httpQuery !== undefined) return [name, query.get(String(httpQuery)) ?? undefined];
    if (httpHeader === undefined) return [name, labels[name]];
    const text = headers[String(httpHeader).toLowerCase()];
    return [name, text === undefined ? undefined : scalarOf(member, text)];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Readonly<
    Record<string, unknown>
  >;
}

function write(output: object, { output: schema, http }: OperationSchema): Outgoing {
  const headers: Record<string, string> = {};
  let body: Uint8Array | string = '';
  let status = http?.[2] ?? 200;
  for (const [name, member] of membersOf(schema)) {
    const value: unknown = Reflect.get(output, name);
    if (value === undefined || value === null) continue;
    const { httpHeader, httpPayload, httpResponseCode } = member.getMergedTraits();
    if (httpPayload === 1) body = value as Uint8Array;
    else if (httpResponseCode === 1) status = Number(value);
    else headers[String(httpHeader).toLowerCase()] = textOf(member, value);
  }
  return { status, headers, body };
}
