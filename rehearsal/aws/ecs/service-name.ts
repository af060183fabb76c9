import type { Moment } from './moment';
import { lastPart } from './names';
import type { ServiceState } from './state';

/** Names of a service. A rehearsal has no two of the same name in two regions of an account. */
export interface ServiceName {
  readonly account: string;
  readonly cluster: string;
  readonly service: string;
}

/** @throws Error when there is none: a rehearsal that names it is wrong */
export function serviceNamed({ state }: Moment, name: ServiceName): ServiceState {
  const found = state.services.find(
    (each) =>
      each.account === name.account && each.name === name.service && lastPart(each.cluster) === name.cluster,
  );
  if (found) return found;
  throw new Error(`no service ${name.account} ${name.cluster}/${name.service} was seeded`);
}
