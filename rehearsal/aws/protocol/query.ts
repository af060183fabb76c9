import type { Codec, Failure, Outgoing } from './codec';
import { type Dialect, formTree, fromTree } from './form';
import { escapeXml, membersToXml, wrap } from './xml';

/**
 * A form with `Action`, answered in XML: STS and ELBv2.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
export const queryCodec: Codec = codecOf('query', {
  answer: (name, members, requestId) =>
    wrap(
      `${name}Response`,
      wrap(`${name}Result`, members) + wrap('ResponseMetadata', wrap('RequestId', requestId)),
    ),
  error: ({ code, message, status }, requestId) => {
    const type = status < 500 ? 'Sender' : 'Receiver';
    const error = wrap('Type', type) + wrap('Code', code) + wrap('Message', escapeXml(message));
    return wrap('ErrorResponse', wrap('Error', error) + wrap('RequestId', requestId));
  },
});

/**
 * EC2's dialect of it.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export const ec2Codec: Codec = codecOf('ec2', {
  answer: (name, members, requestId) => wrap(`${name}Response`, wrap('requestId', requestId) + members),
  error: ({ code, message }, requestId) => {
    const error = wrap('Code', code) + wrap('Message', escapeXml(message));
    return wrap('Response', wrap('Errors', wrap('Error', error)) + wrap('RequestID', requestId));
  },
});

interface Envelope {
  answer(name: string, members: string, requestId: string): string;
  error(failure: Failure, requestId: string): string;
}

function codecOf(dialect: Dialect, envelope: Envelope): Codec {
  return {
    operation: ({ body }) => new URLSearchParams(body.toString()).get('Action') ?? undefined,
    read: ({ body }, { input }) =>
      fromTree(input, formTree(body.toString()), dialect) as Record<string, unknown>,
    write: (output, operation, requestId) =>
      document(200, envelope.answer(operation.name, membersToXml(operation.output, output), requestId)),
    fail: (failure, _request, requestId) => document(failure.status, envelope.error(failure, requestId)),
  };
}

const document = (status: number, root: string): Outgoing => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n${root}`,
});
