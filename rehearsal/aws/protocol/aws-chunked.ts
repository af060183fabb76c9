import type { Incoming } from './codec';

/**
 * The body without the chunks in which SDKs send what they sign or sum up while sending.
 *
 * @throws SyntaxError for a chunk without size
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function plainBody({ headers, body }: Pick<Incoming, 'headers' | 'body'>): Buffer {
  const chunked =
    headers['content-encoding']?.includes('aws-chunked') === true ||
    headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true;
  if (!chunked) return body;
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf('\r\n', at);
    const [digits = ''] = body.subarray(at, end).toString().split(';');
    const size = parseInt(digits, 16);
    if (end < 0 || Number.isNaN(size)) throw new SyntaxError('a chunk without size');
    if (size === 0) return Buffer.concat(chunks);
    chunks.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
