import type { Fault } from '../../../contract';
import { outside } from '../faults';
import type { K3sApp, K3sAppEnvironment } from './k3s-app';

/** What speaks against the update of an environment. */
export function strategyFaults(
  app: K3sApp,
  { strategy, inboundCidrs }: K3sAppEnvironment,
  place: string,
): Fault[] {
  if (strategy.kind === 'rolling') return [];
  if (!app.services.some(({ route }) => route)) {
    return [
      {
        place,
        value: `"${strategy.kind}", but no service has a route`,
        allowed: '"rolling": only a route can share traffic between two versions',
        change: "give a service a route, or write { strategy: 'rolling' }",
      },
    ];
  }
  return [
    ...waitFaults(app, strategy, place),
    ...(strategy.kind === 'canary' && inboundCidrs.length === 0 ? [unreachedFault(place)] : []),
  ];
}

/** Every deployment would be undone at its first step. */
const unreachedFault = (place: string): Fault => ({
  place,
  value: '"canary", but nobody from outside reaches the route: no request comes to judge the new version by',
  allowed: '"canary" where inbound names who reaches the route',
  change: "set inbound.cidrs of this environment, or write { strategy: 'blueGreen' }",
});

type Gradual = Exclude<K3sAppEnvironment['strategy'], { readonly kind: 'rolling' }>;

function waitFaults(app: K3sApp, strategy: Gradual, place: string): Fault[] {
  if (strategy.kind === 'blueGreen') {
    const { bakeSeconds } = strategy;
    return [
      ...outside(bakeSeconds, 0, 3600, `${place}.bake`, 'seconds'),
      ...deadlineFaults(app, bakeSeconds, `${place}.bake`, 'shorten the bake'),
    ];
  }
  const { steps, stepSeconds } = strategy;
  return [
    ...risingFaults(steps, `${place}.steps`),
    ...outside(stepSeconds, 60, 3600, `${place}.step`, 'seconds'),
    ...deadlineFaults(app, steps.length * stepSeconds, `${place}.step`, 'shorten the steps or take fewer'),
  ];
}

function risingFaults(steps: readonly number[], place: string): Fault[] {
  if (steps.every((step, index) => step > (steps[index - 1] ?? 0))) return [];
  return [
    {
      place,
      value: steps.join(', '),
      allowed: 'rising shares of the traffic',
      change: 'order the steps, each once',
    },
  ];
}

/** Rolling out and asking for health take time besides. */
const ROOM_SECONDS = 300;

function deadlineFaults(
  { rollout: { timeoutMinutes } }: K3sApp,
  waitSeconds: number,
  place: string,
  shorten: string,
): Fault[] {
  const room = timeoutMinutes * 60 - ROOM_SECONDS;
  if (waitSeconds <= room) return [];
  return [
    {
      place,
      value: `${waitSeconds} seconds of watching`,
      allowed: `at most ${room} seconds: rollout.timeout of ${timeoutMinutes} minutes less ${ROOM_SECONDS / 60} for the rollout itself`,
      change: `${shorten}, or raise rollout.timeout`,
    },
  ];
}
