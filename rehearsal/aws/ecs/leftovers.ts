import { aliveTasks, hasEnded } from './deployments';
import { lastPart } from './names';
import type { EcsState, ServiceState, TaskDefinitionState } from './state';

/** What a run should not have left behind, one line each. */
export const leftoversOf = (state: EcsState): readonly string[] => [
  ...state.services.flatMap((service) => ofService(state, service)),
  ...state.tasks
    .filter(({ service, status }) => service === undefined && status !== 'STOPPED')
    .map(({ account, cluster, id, status }) => `${account} ${lastPart(cluster)}: task ${id} is ${status}`),
  ...state.taskDefinitions
    .filter((definition) => isForNobody(state, definition))
    .map(({ account, family, revision }) => `${account}: revision ${family}:${revision} is active`),
];

function ofService(state: EcsState, service: ServiceState): readonly string[] {
  const place = `${service.account} ${lastPart(service.cluster)}/${service.name}`;
  const running = aliveTasks(state, service).filter(({ status }) => status === 'RUNNING').length;
  const open = service.deployments
    .filter((deployment) => !hasEnded(deployment))
    .map(({ id, status }) => `${place}: deployment ${id} has not ended, it is ${status}`);
  const { desired } = service;
  return running === desired ? open : [...open, `${place}: ${running} of ${desired} tasks run`];
}

/** A revision that a caller has registered, of a family that no service runs: it was for one task. */
function isForNobody(state: EcsState, definition: TaskDefinitionState): boolean {
  const { status, registeredBy, family, account } = definition;
  if (status !== 'ACTIVE' || registeredBy === undefined) return false;
  const prefix = `/${family}:`;
  return !state.services.some(
    (service) =>
      service.account === account && Object.values(service.revisions).some((arn) => arn.includes(prefix)),
  );
}
