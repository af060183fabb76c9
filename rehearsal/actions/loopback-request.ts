import { type IncomingHttpHeaders, request } from 'node:http';
import { isLoopback } from '../loopback';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Request {
  /** @default GET */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/**
 * One HTTP request to this machine, over a connection of its own.
 *
 * @throws Error when the address is not loopback, or nobody answers
 */
export function loopbackRequest(
  url: string,
  { method = 'GET', headers, body }: Request = {},
): Promise<Answer> {
  refuseBeyondLoopback(url);
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const sent = request(url, { method, headers: { ...headers, ...length }, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** @throws Error */
export function refuseBeyondLoopback(url: string): void {
  const { hostname, protocol } = new URL(url);
  if (protocol === 'http:' && isLoopback(hostname)) return;
  throw new Error(`a rehearsal talks to this machine only, and over http; got ${url}`);
}
