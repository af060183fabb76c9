import type { EcsService } from './ecs';
import type { Elbv2Service } from './elbv2';
import type { Answer, Surroundings } from './lambda';

/** Seconds that a request needs to a task and back. */
const ON_THE_WAY = 0.02;
/** Seconds after which a load balancer gives up a target that does not answer. */
const IDLE_TIMEOUT = 60;
/** Seconds after which a client gives up to reach an address. */
const NO_CONNECTION = 10;

const PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Requests of functions to services: through the load balancer to a task, whose behaviour decides. Certificates are not
 * checked.
 */
export const clientRequests = (elbv2: Elbv2Service, tasks: () => EcsService): Surroundings => ({
  request: (text, at) => {
    const url = new URL(text);
    const port = url.port === '' ? PORTS[url.protocol] : Number(url.port);
    const route = elbv2.route({ host: url.hostname, port: port ?? 80, path: url.pathname, at });
    if (route.kind === 'refused') return { kind: 'refused', reason: route.reason, seconds: NO_CONNECTION };
    if (route.kind === 'answered') return answered(route.status, 0);
    const { status, seconds } = tasks().answer(route.target, at) ?? { status: 502, seconds: 0 };
    return seconds >= IDLE_TIMEOUT ? answered(504, IDLE_TIMEOUT) : answered(status, seconds);
  },
});

const answered = (status: number, seconds: number): Answer => ({
  kind: 'answered',
  status,
  seconds: seconds + ON_THE_WAY,
});
