import { isAt } from '../place';
import { ApiFault, type Call, type Input, stringOf } from '../service';
import type { Moment } from './moment';
import { lastPart } from './names';
import { clusterName } from './questions';
import type { ClusterState, ServiceState, TaskDefinitionState } from './state';
import { findDefinition } from './task-definitions';

/** @throws ApiFault `ClusterNotFoundException` */
export function clusterIn({ state }: Moment, input: Input, call: Call): ClusterState {
  const name = clusterName(input);
  const found = state.clusters.find((each) => isAt(each, call) && each.name === name);
  if (found) return found;
  throw new ApiFault('ClusterNotFoundException', 'Cluster not found.');
}

export const findService = (
  { state }: Moment,
  cluster: ClusterState,
  name: string,
): ServiceState | undefined =>
  state.services.find((each) => each.cluster === cluster.arn && each.name === lastPart(name));

/** @throws ApiFault `ClusterNotFoundException`, `ServiceNotFoundException`, `ServiceNotActiveException` */
export function activeServiceIn(moment: Moment, input: Input, call: Call): ServiceState {
  const service = findService(moment, clusterIn(moment, input, call), stringOf(input, 'service'));
  if (!service) throw new ApiFault('ServiceNotFoundException', 'Service not found.');
  if (service.status !== 'ACTIVE') throw new ApiFault('ServiceNotActiveException', 'Service was not ACTIVE.');
  return service;
}

/** @throws ApiFault `ClientException` */
export function definitionIn({ state }: Moment, call: Call, name: string): TaskDefinitionState {
  const definition = findDefinition(state, call, name);
  if (definition && isAt(definition, call)) return definition;
  throw new ApiFault('ClientException', 'Unable to describe task definition.');
}

/** @throws ApiFault `ClientException` */
export function activeDefinitionIn(moment: Moment, call: Call, name: string): TaskDefinitionState {
  const definition = definitionIn(moment, call, name);
  if (definition.status === 'ACTIVE') return definition;
  throw new ApiFault('ClientException', 'TaskDefinition is inactive');
}
