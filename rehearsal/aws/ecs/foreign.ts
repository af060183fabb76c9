import type { Behaviour } from './behaviour';
import {
  aliveTasks,
  currentOf,
  hasEnded,
  rollBack,
  startDeployment,
  STOPPED_BY_USER,
  targetOf,
} from './deployments';
import { clusterOf, definitionOf, type Moment } from './moment';
import { freeRoom } from './placement';
import { serviceNamed, type ServiceName } from './service-name';
import type { BreakerState, DeploymentState, GroupState, InstanceState } from './state';
import { failTask } from './stopping';
import { findDefinition, register } from './task-definitions';

/** Somebody else deploys an image, past the pipeline. */
export function deployForeign(moment: Moment, name: ServiceName, image: string): DeploymentState {
  const service = serviceNamed(moment, name);
  const { content } = definitionOf(moment.state, targetOf(service));
  const containerDefinitions = (content.containerDefinitions ?? []).map((each, index) =>
    index === 0 ? { ...each, image } : each,
  );
  const definition = register(moment, service, { ...content, containerDefinitions });
  return startDeployment(moment, service, definition.arn);
}

/**
 * An instance goes away with everything on it.
 *
 * @param id container instance id or EC2 instance id
 */
export function terminateInstance(moment: Moment, id: string): void {
  const { state } = moment;
  const gone = state.instances.find((each) => each.id === id || each.ec2Id === id);
  if (!gone) throw new Error(`no instance ${id} runs`);
  for (const task of state.tasks.filter((each) => each.instance === gone.id && each.status !== 'STOPPED')) {
    failTask(moment, task, { reason: `Host EC2 (instance ${gone.ec2Id}) terminated.` });
  }
  state.instances = state.instances.filter((each) => each !== gone);
}

/** @param name `family:revision` or ARN */
export function setStatus(
  { state }: Moment,
  account: string,
  name: string,
  status: 'ACTIVE' | 'INACTIVE',
): void {
  const all = state.taskDefinitions.filter((each) => each.account === account);
  const found = all.flatMap((each) => findDefinition(state, each, name) ?? [])[0];
  if (!found) throw new Error(`no task definition ${name} in ${account}`);
  found.status = status;
}

export function setBreaker(moment: Moment, name: ServiceName, breaker: BreakerState): void {
  serviceNamed(moment, name).breaker = breaker;
}

/** Somebody stops the newest deployment of a service, unless it has ended. */
export function stopNewest(moment: Moment, name: ServiceName): void {
  const service = serviceNamed(moment, name);
  const current = currentOf(service);
  if (current && !hasEnded(current)) rollBack(moment, service, current, STOPPED_BY_USER);
}

/** Somebody, or autoscaling, wants another number of tasks. */
export function setDesired(moment: Moment, name: ServiceName, desired: number): void {
  serviceNamed(moment, name).desired = desired;
}

/** The tasks of a service that run now behave otherwise from now on. */
export function changeTasks(moment: Moment, name: ServiceName, behaviour: Behaviour): void {
  for (const task of aliveTasks(moment.state, serviceNamed(moment, name))) Object.assign(task, { behaviour });
}

/** Something else takes GPUs of a cluster that are free now, at most so many. */
export function takeGpus(moment: Moment, account: string, cluster: string, gpus: number): void {
  let left = gpus;
  for (const instance of instancesNamed(moment, account, cluster)) {
    const taken = Math.min(left, freeRoom(moment.state, instance).gpus);
    instance.takenGpus += taken;
    left -= taken;
  }
}

/** EC2 has no more instances for the groups of a cluster: a group that should grow does not. */
export function setLaunches(moment: Moment, account: string, cluster: string, possible: boolean): void {
  for (const group of groupsOf(moment, account, cluster)) group.launches = possible;
}

/** Instances that are launched for a cluster from now on come from another machine image. */
export function setMachineImage(moment: Moment, account: string, cluster: string, imageId: string): void {
  for (const group of groupsOf(moment, account, cluster)) group.imageId = imageId;
}

function groupsOf({ state }: Moment, account: string, cluster: string): readonly GroupState[] {
  const arns = state.clusters
    .filter((each) => each.account === account && each.name === cluster)
    .flatMap(({ capacityProviders }) => capacityProviders);
  const groups = state.capacityProviders.filter(({ arn }) => arns.includes(arn)).map(({ group }) => group);
  if (groups.length === 0) throw new Error(`no group feeds ${account} ${cluster}`);
  return state.groups.filter(({ arn }) => groups.includes(arn));
}

function instancesNamed({ state }: Moment, account: string, cluster: string): readonly InstanceState[] {
  const found = state.instances.filter((each) => {
    const { name, account: owner } = clusterOf(state, each.cluster);
    return name === cluster && owner === account;
  });
  if (found.length === 0) throw new Error(`no instance is in ${account} ${cluster}`);
  return found;
}
