import { clusterOf, definitionOf, groupOf, type Moment, nextId, serviceOf } from './moment';
import { roomOf } from './instance-types';
import { complain, freeRoom, hasRegistered } from './placement';
import { fits, minus, type Room } from './room';
import type { CapacityProviderState, ClusterState, GroupState, InstanceState, TaskState } from './state';
import { needOf } from './task-definitions';

/** Adds an instance of a provider's group to a cluster. */
export function launch(
  moment: Moment,
  cluster: ClusterState,
  provider: CapacityProviderState,
  registersAt: number,
): InstanceState {
  const { imageId, name, onSpotAbove, ...group } = groupOf(moment.state, provider);
  const others = instancesOf(moment, provider);
  const instanceType = nextType(group, others.length);
  const onDemand = others.filter(({ spot }) => !spot).length;
  const id = nextId(moment, 'instance');
  const instance: InstanceState = {
    id,
    ec2Id: `i-${id.replace(/\D/g, '').padStart(17, '0')}`,
    type: instanceType,
    ...(imageId === undefined ? {} : { imageId }),
    cluster: cluster.arn,
    provider: provider.arn,
    room: roomOf(instanceType, `Auto Scaling group ${name}, instance type`),
    takenGpus: 0,
    registersAt,
    ...(onSpotAbove !== undefined && onDemand >= onSpotAbove ? { spot: true as const } : {}),
  };
  moment.state.instances.push(instance);
  return instance;
}

/**
 * Managed scaling: tasks that wait for a place make the group grow, as far as it may; an instance that has been
 * idle for long is given back.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-scaling-behavior.html
 */
export function scale(moment: Moment, provider: CapacityProviderState): void {
  const waiting = moment.state.tasks.filter(
    (task) => task.status === 'PROVISIONING' && task.provider === provider.arn,
  );
  noteIdle(moment, provider);
  for (const task of scaleOut(moment, provider, waiting)) {
    const heard = task.service !== undefined && moment.state.saysWaiting;
    if (heard) complain(moment, serviceOf(moment.state, task.service), task);
  }
  if (provider.managedScaling && waiting.length === 0) scaleIn(moment, provider);
}

const instancesOf = ({ state }: Moment, provider: CapacityProviderState): readonly InstanceState[] =>
  state.instances.filter((each) => each.provider === provider.arn);

/** @returns tasks for which no instance will come */
function scaleOut(
  moment: Moment,
  provider: CapacityProviderState,
  waiting: readonly TaskState[],
): readonly TaskState[] {
  const { state, now } = moment;
  const group = groupOf(state, provider);
  const starting = instancesOf(moment, provider).filter((each) => !hasRegistered(moment, each));
  const promised = starting.map((each) => freeRoom(state, each));
  return waiting.filter((task) => {
    const need = needOf(definitionOf(state, task.definition));
    if (take(promised, need)) return false;
    const full = instancesOf(moment, provider).length >= group.maxSize;
    if (!provider.managedScaling || full || !group.launches) return true;
    const cluster = clusterOf(state, task.cluster);
    const room = roomOf(
      nextType(group, instancesOf(moment, provider).length),
      `Auto Scaling group ${group.name}, instance type`,
    );
    if (!fits(need, room)) return true;
    launch(moment, cluster, provider, now + startSeconds(moment, group) * 1_000);
    promised.push(minus(room, need));
    return false;
  });
}

const nextType = ({ instanceTypes }: Pick<GroupState, 'instanceTypes'>, count: number): string =>
  instanceTypes[count % instanceTypes.length] ?? '';

/** An instance that waits stopped is there sooner, and another takes its place in the pool. */
function startSeconds({ state, now }: Moment, group: GroupState): number {
  const { instanceStartsWithin, warmStartsWithin } = state.timing;
  const ready = group.warm?.findIndex((at) => at <= now) ?? -1;
  if (ready < 0) return instanceStartsWithin;
  const refilled = now + instanceStartsWithin * 1_000;
  group.warm = group.warm?.map((at, index) => (index === ready ? refilled : at));
  return warmStartsWithin;
}

/** Takes the room for one task from the first instance that has it. */
function take(rooms: Room[], need: Room): boolean {
  const index = rooms.findIndex((room) => fits(need, room));
  const room = rooms[index];
  if (!room) return false;
  rooms[index] = minus(room, need);
  return true;
}

function noteIdle(moment: Moment, provider: CapacityProviderState): void {
  for (const instance of instancesOf(moment, provider)) {
    const busy =
      instance.takenGpus > 0 ||
      !hasRegistered(moment, instance) ||
      moment.state.tasks.some((task) => task.instance === instance.id && task.status !== 'STOPPED');
    if (busy) delete instance.idleSince;
    else instance.idleSince ??= moment.now;
  }
}

function scaleIn(moment: Moment, provider: CapacityProviderState): void {
  const { state, now } = moment;
  const { minSize } = groupOf(state, provider);
  const all = instancesOf(moment, provider);
  const idle = all.filter(
    ({ idleSince }) => idleSince !== undefined && now - idleSince >= state.timing.scaleInAfter * 1_000,
  );
  const excess = idle.slice(0, Math.max(0, all.length - minSize)).map(({ id }) => id);
  if (excess.length > 0) state.instances = state.instances.filter(({ id }) => !excess.includes(id));
}
