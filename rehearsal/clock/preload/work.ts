import { subscribe } from 'node:diagnostics_channel';

/** Work of this process during which time must not pass, as far as it can be seen from inside. */
export interface Work {
  /** A request that has no complete answer yet, or a call to the file system that is under way. */
  busy(): boolean;
  /** A child process: it asks for time itself. */
  hasChildren(): boolean;
}

/** Handles of work that ends by itself, soon. */
const SHORT =
  /^(FSReq|GetAddrInfoReq|GetNameInfoReq|TCPConnectWrap|PipeConnectWrap|WriteWrap|ShutdownWrap|Zlib)/;

/**
 * Watches HTTP requests and the handles of Node.js.
 *
 * @param ended is called when the last request has its answer
 * @see https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#http
 */
export function watchWork(ended: () => void): Work {
  const inFlight = new Set<object>();
  const done = (request: object): void => {
    if (inFlight.delete(request) && inFlight.size === 0) ended();
  };
  subscribe('http.client.request.start', (message) => {
    const { request } = message as { request: NodeJS.EventEmitter };
    inFlight.add(request);
    request.once('close', () => done(request));
  });
  // What `fetch` sends.
  subscribe('undici:request:create', (message) => inFlight.add((message as { request: object }).request));
  for (const end of ['undici:request:trailers', 'undici:request:error']) {
    subscribe(end, (message) => done((message as { request: object }).request));
  }
  return {
    busy: () => inFlight.size > 0 || process.getActiveResourcesInfo().some((name) => SHORT.test(name)),
    hasChildren: () => process.getActiveResourcesInfo().includes('ProcessWrap'),
  };
}
