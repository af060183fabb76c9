import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Log } from './log.js';

export interface AppProps {
  readonly version: string;
  readonly log: Log;
  /** Milliseconds of a clock that only goes forward. */
  readonly clock: () => number;
  /** True from the moment in which the service was told to end. */
  readonly isEnding: () => boolean;
}

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

/** What load balancer and container ask all the time; it would drown everything else in the log. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

export function createApp(props: AppProps): RequestListener {
  return (request, response) => {
    const began = props.clock();
    const path = pathOf(request);
    // Nothing is read from a body, and one that nobody takes would keep the connection busy.
    request.resume();
    if (!PROBES.has(path)) {
      response.once('close', () => {
        const milliseconds = Math.round(props.clock() - began);
        props.log('request', { method: request.method, path, status: response.statusCode, milliseconds });
      });
    }
    send(response, answerTo(request.method ?? '', path, props), props.isEnding());
  };
}

/** Without the query, which may hold what no log should. */
const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/';

function answerTo(method: string, path: string, { version, isEnding }: AppProps): Answer {
  const answer = resourceAt(path, version, isEnding());
  if (!answer) return { status: 404, body: { error: 'no such path' } };
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, body: { error: 'allowed: GET, HEAD' } };
  return answer;
}

function resourceAt(path: string, version: string, ending: boolean): Answer | undefined {
  switch (path) {
    case '/':
      return { status: 200, body: { service: 'devops-day3-app', version } };
    case '/healthz':
      return { status: 200, body: { status: 'alive' } };
    case '/readyz':
      return ending
        ? { status: 503, body: { status: 'ending' } }
        : { status: 200, body: { status: 'ready' } };
    default:
      return undefined;
  }
}

function send(response: ServerResponse, { status, body }: Answer, ending: boolean): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(status === 405 && { allow: 'GET, HEAD' }),
    // The client then opens its next connection elsewhere.
    ...(ending && { connection: 'close' }),
  });
  // Node leaves the body out where the method is HEAD.
  response.end(text);
}
