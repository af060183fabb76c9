import { currentOf, say } from './deployments';
import { definitionOf, type Moment } from './moment';
import { fits, minus, type Room, shortOf } from './room';
import type { EcsState, InstanceState, ServiceState, TaskState } from './state';
import { needOf } from './task-definitions';

/** What is free on an instance: a task keeps its room until it has stopped. */
export function freeRoom(state: EcsState, instance: InstanceState): Room {
  const taken = { cpu: 0, memory: 0, gpus: instance.takenGpus };
  return state.tasks
    .filter((task) => task.instance === instance.id && task.status !== 'STOPPED')
    .map((task) => needOf(definitionOf(state, task.definition)))
    .reduce(minus, minus(instance.room, taken));
}

export const hasRegistered = ({ now }: Pick<Moment, 'now'>, { registersAt }: InstanceState): boolean =>
  registersAt <= now;

/** Instances on which a task may run. */
function candidates(moment: Moment, task: Pick<TaskState, 'cluster' | 'provider'>): readonly InstanceState[] {
  return moment.state.instances.filter(
    (each) =>
      each.cluster === task.cluster &&
      hasRegistered(moment, each) &&
      each.interruptedAt === undefined &&
      (task.provider === undefined || each.provider === task.provider),
  );
}

/**
 * Gives a task a place, if there is one. On Fargate there always is.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement.html
 */
export function place(moment: Moment, task: TaskState): boolean {
  const { state, now } = moment;
  if (isFargate(task.provider)) {
    Object.assign(task, { status: 'PENDING', placedAt: now });
    return true;
  }
  const need = needOf(definitionOf(state, task.definition));
  const instance = candidates(moment, task).find((each) => fits(need, freeRoom(state, each)));
  if (!instance) return false;
  Object.assign(task, { instance: instance.id, status: 'PENDING', placedAt: now });
  return true;
}

export const isFargate = (provider: string | undefined): boolean =>
  provider === 'FARGATE' || provider === 'FARGATE_SPOT';

/**
 * Says once for each deployment that a task finds no place: ECS leaves out repeated messages until the cause is
 * gone.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
 */
export function complain(moment: Moment, service: ServiceState, task: TaskState): void {
  const current = currentOf(service);
  if (!current || current.complained) return;
  current.complained = true;
  const [closest] = candidates(moment, task);
  const need = needOf(definitionOf(moment.state, task.definition));
  const short = closest && shortOf(need, freeRoom(moment.state, closest));
  const detail = closest
    ? `The closest matching container-instance ${closest.id} has insufficient ${short ?? 'resources'} available.`
    : 'Reason: No Container Instances were found in your cluster.';
  const message = 'was unable to place a task because no container instance met all of its requirements.';
  say(moment, service, `${message} ${detail}`);
}
