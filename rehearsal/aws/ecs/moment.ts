import type { EcsPorts } from './ports';
import type {
  CapacityProviderState,
  ClusterState,
  EcsState,
  GroupState,
  ServiceState,
  TaskDefinitionState,
} from './state';

/** The model at one moment: what it remembers, the time, and what is around it. */
export interface Moment {
  readonly state: EcsState;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly ports: EcsPorts;
}

/** Ids are counters, so that two runs of the same rehearsal are the same. */
export function nextId({ state }: Moment, kind: string): string {
  state.lastId += 1;
  return `${kind}${String(state.lastId).padStart(4, '0')}`;
}

export const secondsSince = ({ now }: Moment, then: number | undefined): number =>
  (now - (then ?? now)) / 1_000;

export const clusterOf = (state: EcsState, arn: string): ClusterState =>
  known(
    state.clusters.find((each) => each.arn === arn),
    arn,
  );

export const serviceOf = (state: EcsState, arn: string): ServiceState =>
  known(
    state.services.find((each) => each.arn === arn),
    arn,
  );

export const definitionOf = (state: EcsState, arn: string): TaskDefinitionState =>
  known(
    state.taskDefinitions.find((each) => each.arn === arn),
    arn,
  );

export const groupOf = (state: EcsState, provider: CapacityProviderState): GroupState =>
  known(
    state.groups.find((each) => each.arn === provider.group),
    provider.group,
  );

/** References inside of the state always lead somewhere; one that does not is a fault of the model. */
function known<T>(found: T | undefined, arn: string): T {
  if (found === undefined) throw new Error(`the ECS model has lost ${arn}`);
  return found;
}
