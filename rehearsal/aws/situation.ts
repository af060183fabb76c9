import type { VirtualClock } from '../clock/virtual-clock';
import { copyOf } from './copy';
import type { AwsService } from './service';

/** Everything that the services remember, at one moment. Appointments of the clock are no part of it. */
export interface Situation {
  /** Milliseconds since the epoch, of virtual time. */
  readonly at: number;
  /** State of each service, by signing name. */
  readonly states: Readonly<Record<string, object>>;
}

export function situationOf(services: ReadonlyMap<string, AwsService>, clock: VirtualClock): Situation {
  const states = [...services].map(([name, { state }]) => [name, copyOf(state)]);
  return { at: clock.now(), states: Object.fromEntries(states) as Situation['states'] };
}

/**
 * Takes a situation up again. Time goes on until its moment first, so that nothing in it lies in the future.
 *
 * @throws Error for a situation of other services
 */
export function takeUp(
  situation: Situation,
  services: ReadonlyMap<string, AwsService>,
  clock: VirtualClock,
): void {
  clock.pass(Math.max(0, situation.at - clock.now()) / 1_000);
  for (const [name, service] of services) {
    const state = situation.states[name];
    if (!state) throw new Error(`the situation knows nothing of ${name}`);
    service.state = copyOf(state);
  }
}
