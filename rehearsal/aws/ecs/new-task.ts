import { behaviourOf } from './behaviour';
import { type Moment, nextId } from './moment';
import { lastPart } from './names';
import type { ClusterState, TaskDefinitionState, TaskState } from './state';

/**
 * A task that has no place yet.
 *
 * @param startedBy id of the service deployment, or who runs the task
 * @param origin what a task of a service knows of it, the capacity provider, and how the call can be repeated
 */
export function newTask(
  moment: Moment,
  { account, region, arn: cluster }: Pick<ClusterState, 'account' | 'region' | 'arn'>,
  definition: TaskDefinitionState,
  startedBy: string,
  origin: Pick<TaskState, 'service' | 'revision' | 'provider' | 'run'>,
): TaskState {
  const image = definition.content.containerDefinitions?.[0]?.image ?? '';
  const service = origin.service === undefined ? {} : { service: lastPart(origin.service) };
  return {
    account,
    region,
    id: nextId(moment, 'task'),
    cluster,
    definition: definition.arn,
    ...origin,
    startedBy,
    createdAt: moment.now,
    behaviour: behaviourOf(moment.state.rules, { account, image, family: definition.family, ...service }),
    image,
    status: 'PROVISIONING',
    desired: 'RUNNING',
    health: 'UNKNOWN',
    served: false,
    pulled: false,
    requests: 0,
    digests: {},
    targets: [],
  };
}
