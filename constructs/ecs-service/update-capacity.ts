import type { ServiceStrategy } from './spec';

/** Numbers that decide whether a deployment finds the room that it needs. */
export interface UpdateRoom {
  readonly strategy: ServiceStrategy;
  readonly tasks: number;
  /** Of the rolling update; the other strategies keep all tasks of both versions. */
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly maxInstances: number;
  readonly tasksPerInstance: number;
  /** Of several types of instances, the one that takes the fewest tasks. @default - there is one type */
  readonly smallestType?: string;
}

/** One change of one number that makes the update fit. */
export interface CapacityChange {
  readonly field: 'maxInstances' | 'tasks' | 'minimumHealthyPercent';
  readonly to: number;
}

export type UpdateVerdict =
  | { readonly fits: true; readonly explanation: string }
  | { readonly fits: false; readonly explanation: string; readonly changes: readonly CapacityChange[] };

/** Judges whether a service can go from one version to the next on the instances that it may have. */
export function judgeUpdate(update: UpdateRoom): UpdateVerdict {
  const { strategy, tasks, maxInstances, tasksPerInstance, smallestType } = update;
  const judge = strategy === 'rolling' ? judgeRolling : judgeShifting;
  const places = maxInstances * tasksPerInstance;
  const { fits, because } = judge(update);
  const explanation =
    `${count(tasks, 'task')} on ${count(maxInstances, 'instance')} ` +
    `with ${count(tasksPerInstance, 'place')} each${smallestType ? `, as ${smallestType} has,` : ''} (${places} in all): ${because}`;
  if (fits) return { fits, explanation };
  return { fits, explanation, changes: changesFor(update, (other) => judge(other).fits) };
}

interface Judgement {
  readonly fits: boolean;
  readonly because: string;
}

/**
 * A rolling update moves only if ECS may stop a task first, or if there is room to start one first.
 * The minimum is rounded up, the maximum down.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
function judgeRolling({
  tasks,
  minimumHealthyPercent,
  maximumPercent,
  maxInstances,
  tasksPerInstance,
}: UpdateRoom): Judgement {
  const places = maxInstances * tasksPerInstance;
  const keep = Math.ceil((tasks * minimumHealthyPercent) / 100);
  const most = Math.min(Math.floor((tasks * maximumPercent) / 100), places);
  if (places < tasks) {
    return { fits: false, because: `${count(tasks - places, 'task')} cannot be placed at all` };
  }
  if (tasks > keep || most > tasks) {
    const first = { stop: tasks - keep, start: Math.max(most - tasks, 0) };
    return { fits: true, because: `may stop ${first.stop} first, may start ${first.start} first` };
  }
  return {
    fits: false,
    because: `at least ${keep} must keep running and at most ${most} fit, so no task can be replaced`,
  };
}

/**
 * All other strategies run both versions at full size, until the bake is over.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
function judgeShifting({ tasks, maxInstances, tasksPerInstance }: UpdateRoom): Judgement {
  const places = maxInstances * tasksPerInstance;
  const needed = 2 * tasks;
  const both = `both versions need ${count(needed, 'place')} at the same time`;
  return places >= needed
    ? { fits: true, because: both }
    : { fits: false, because: `${both}, ${needed - places} more than there are` };
}

/** The smallest change of each number that makes the update fit, where one does. */
function changesFor(update: UpdateRoom, fits: (update: UpdateRoom) => boolean): readonly CapacityChange[] {
  const moreInstances = range(update.maxInstances + 1, 2 * update.tasks).find((to) =>
    fits({ ...update, maxInstances: to }),
  );
  const fewerTasks = range(1, update.tasks - 1)
    .reverse()
    .find((to) => fits({ ...update, tasks: to }));
  const lessHealthy = range(0, update.minimumHealthyPercent - 1)
    .reverse()
    .find((to) => fits({ ...update, minimumHealthyPercent: to }));
  return [
    ...(moreInstances === undefined ? [] : [{ field: 'maxInstances' as const, to: moreInstances }]),
    ...(lessHealthy === undefined ? [] : [{ field: 'minimumHealthyPercent' as const, to: lessHealthy }]),
    ...(fewerTasks === undefined ? [] : [{ field: 'tasks' as const, to: fewerTasks }]),
  ];
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(to - from + 1, 0) }, (_, index) => from + index);

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
