import { LockstepError } from '../../../contract';
import type { Incoming, Outgoing } from '../protocol';

/** Base URLs of other emulators, by signing name of the service. */
export type Upstreams = Readonly<Record<string, string>>;

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/**
 * Nothing of a rehearsal leaves this machine.
 *
 * @throws LockstepError `InvalidArgument` for a URL elsewhere
 */
export function checkUpstreams(upstreams: Upstreams): void {
  for (const [service, url] of Object.entries(upstreams)) {
    if (URL.canParse(url) && LOOPBACK.test(new URL(url).hostname)) continue;
    throw new LockstepError('InvalidArgument', {
      place: `against ${service}`,
      value: url,
      allowed: 'a URL whose host is 127.0.0.1, ::1 or localhost',
      change: 'start the other emulator on this machine and give its address',
    });
  }
}

/** Headers that belong to one connection. */
const HOP_BY_HOP = new Set(['connection', 'content-length', 'host', 'keep-alive', 'transfer-encoding']);

/** Passes a request on as it came, and its answer back. */
export async function forward(base: string, request: Incoming): Promise<Outgoing> {
  const url = new URL(request.path, base);
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
