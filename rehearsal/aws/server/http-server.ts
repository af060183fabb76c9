import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '../../message-of';
import type { Incoming, Outgoing } from '../protocol';
import type { RawHandler } from '../raw-handler';
import { HangUp } from './gate';

/** What the server hands requests to. */
export interface HttpPorts {
  /** Milliseconds since the epoch, of virtual time. */
  readonly now: () => number;
  /** Before each request; a call takes its time. */
  readonly arrive: () => void;
  /** @throws HangUp where the connection is to be closed without an answer */
  readonly api: (request: Incoming) => Promise<Outgoing>;
  /** Requests below a path that are no calls of AWS's API, by the path's first part. */
  readonly raw: Readonly<Record<string, RawHandler>>;
  /** Told about what nobody foresaw. */
  readonly failed: (failure: string) => void;
}

/** HTTP on loopback, for all services on one port. */
export class HttpServer {
  private readonly server: Server;

  constructor(private readonly ports: HttpPorts) {
    this.server = createServer((request, response) => {
      void this.serve(request, response);
    });
  }

  /** @returns base URL */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const address = this.server.address();
    if (typeof address !== 'object' || address === null) throw new Error('the server listens on no port');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await bodyOf(request);
      this.ports.arrive();
      // SDKs correct their clocks by this header, and sign with what they take for the time.
      response.sendDate = false;
      response.setHeader('date', new Date(this.ports.now()).toUTCString());
      const url = new URL(request.url ?? '/', 'http://loopback');
      const raw = this.ports.raw[url.pathname.split('/')[1] ?? ''];
      if (raw) await raw(request, body, response);
      else send(response, await this.ports.api(incoming(request, url, body)));
    } catch (error) {
      if (!(error instanceof HangUp)) this.ports.failed(messageOf(error));
      request.socket.destroy();
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

function incoming({ method = 'GET', headers }: IncomingMessage, url: URL, body: Buffer): Incoming {
  const flat = Object.entries(headers).map(([name, value]) => [name, [value ?? ''].flat().join(', ')]);
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(flat) as Readonly<Record<string, string>>,
    body,
  };
}

function send(response: ServerResponse, { status, headers, body }: Outgoing): void {
  const content = typeof body === 'string' ? Buffer.from(body) : body;
  // A HEAD answer tells the length of a body that it does not carry.
  response.writeHead(status, { 'content-length': content.byteLength, ...headers });
  response.end(content);
}
