/** Numbers that decide whether a rolling update can make its first step. */
export interface RollingUpdate {
  readonly tasks: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly maxInstances: number;
  readonly tasksPerInstance: number;
}

/** One change of one number that makes the update fit. */
export interface CapacityChange {
  readonly field: 'maxInstances' | 'tasks' | 'minimumHealthyPercent';
  readonly to: number;
}

export type RollingVerdict =
  | { readonly fits: true; readonly explanation: string }
  | { readonly fits: false; readonly explanation: string; readonly changes: readonly CapacityChange[] };

/**
 * A rolling update moves only if ECS may stop a task first, or if there is room to start one first.
 * The minimum is rounded up, the maximum down.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function judgeRollingUpdate(update: RollingUpdate): RollingVerdict {
  const { tasks, maxInstances, tasksPerInstance } = update;
  const { places, keep, most } = stepsOf(update);
  const counted =
    `${count(tasks, 'task')} on ${count(maxInstances, 'instance')} ` +
    `with ${count(tasksPerInstance, 'place')} each (${places} in all)`;
  if (fits(update)) {
    const first = { stop: tasks - keep, start: Math.max(most - tasks, 0) };
    return {
      fits: true,
      explanation: `${counted}: may stop ${first.stop} first, may start ${first.start} first`,
    };
  }
  return {
    fits: false,
    explanation:
      places < tasks
        ? `${counted}: ${count(tasks - places, 'task')} cannot be placed at all`
        : `${counted}: at least ${keep} must keep running and at most ${most} fit, so no task can be replaced`,
    changes: changesFor(update),
  };
}

function stepsOf({
  tasks,
  minimumHealthyPercent,
  maximumPercent,
  maxInstances,
  tasksPerInstance,
}: RollingUpdate) {
  const places = maxInstances * tasksPerInstance;
  const keep = Math.ceil((tasks * minimumHealthyPercent) / 100);
  return { places, keep, most: Math.min(Math.floor((tasks * maximumPercent) / 100), places) };
}

function fits(update: RollingUpdate): boolean {
  const { places, keep, most } = stepsOf(update);
  return places >= update.tasks && (update.tasks > keep || most > update.tasks);
}

/** The smallest change of each number that makes the update fit, where one does. */
function changesFor(update: RollingUpdate): readonly CapacityChange[] {
  const moreInstances = range(update.maxInstances + 1, update.tasks + 1).find((to) =>
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
