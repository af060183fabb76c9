import { LockstepError } from '../../../contract';
import { isLoopback } from '../../loopback';
import type { Incoming, Outgoing } from '../protocol';

/** Base URLs of other emulators, by signing name of the service. */
export type Upstreams = Readonly<Record<string, string>>;

/**
 * Nothing of a rehearsal leaves this machine.
 *
 * @param known signing names of the services
 * @throws LockstepError `InvalidArgument` for a URL elsewhere, and for a service that nobody emulates
 */
export function checkUpstreams(upstreams: Upstreams, known: readonly string[]): void {
  for (const [service, url] of Object.entries(upstreams)) {
    if (!known.includes(service)) throw unknownService(service, known);
    const { hostname, protocol } = URL.canParse(url) ? new URL(url) : { hostname: '', protocol: '' };
    if (isLoopback(hostname) && /^https?:$/.test(protocol)) continue;
    throw new LockstepError('InvalidArgument', {
      place: `against ${service}`,
      value: url,
      allowed: 'an http or https URL whose host is 127.0.0.1, ::1 or localhost',
      change: 'start the other emulator on this machine and give its address',
    });
  }
}

function unknownService(service: string, known: readonly string[]): LockstepError {
  return new LockstepError('InvalidArgument', {
    place: 'against',
    value: service,
    allowed: known.join(', '),
    change: 'name one of the emulated services as its signatures do',
  });
}

/** Headers that belong to one connection. */
const HOP_BY_HOP = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']);

/** Passes a request on as it came, and its answer back. */
export async function forward(base: string, request: Incoming): Promise<Outgoing> {
  // A path such as `//host/` would name another host if it were resolved.
  const url = new URL(base);
  url.pathname = request.path;
  url.search = request.query.toString();
  const headers = Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.has(name));
  const hasBody = request.method !== 'GET' && request.method !== 'HEAD';
  const answer = await fetch(url, {
    method: request.method,
    headers,
    redirect: 'manual',
    ...(hasBody && { body: new Uint8Array(request.body) }),
  });
  const given = [...answer.headers].filter(([name]) => !HOP_BY_HOP.has(name) && name !== 'content-encoding');
  return {
    status: answer.status,
    headers: Object.fromEntries(given),
    body: new Uint8Array(await answer.arrayBuffer()),
  };
}
