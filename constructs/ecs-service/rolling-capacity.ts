/** Numbers that decide whether a rolling update can make its first step. */
export interface RollingUpdate {
  readonly tasks: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly maxInstances: number;
  readonly tasksPerInstance: number;
}

export type RollingVerdict =
  | { readonly fits: true; readonly explanation: string }
  | { readonly fits: false; readonly explanation: string; readonly changes: readonly string[] };

/**
 * A rolling update moves only if ECS may stop a task first, or if there is room to start one first.
 * The minimum is rounded up, the maximum down.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function judgeRollingUpdate(update: RollingUpdate): RollingVerdict {
  const { tasks, minimumHealthyPercent, maximumPercent, maxInstances, tasksPerInstance } = update;
  const places = maxInstances * tasksPerInstance;
  const keep = Math.ceil((tasks * minimumHealthyPercent) / 100);
  const allowed = Math.floor((tasks * maximumPercent) / 100);
  const counted = `${tasks} ${plural(tasks, 'task')} on ${maxInstances} ${plural(maxInstances, 'instance')} with ${tasksPerInstance} ${plural(tasksPerInstance, 'place')} each (${places} in all)`;
  const mayStop = tasks - keep;
  const mayStart = Math.min(allowed, places) - tasks;
  if (places < tasks) {
    return {
      fits: false,
      explanation: `${counted}: ${tasks - places} ${plural(tasks - places, 'task')} cannot be placed at all`,
      changes: [
        `set instances.max to at least ${Math.ceil(tasks / tasksPerInstance)}`,
        `lower the number of tasks to ${places}`,
      ],
    };
  }
  if (mayStop > 0 || mayStart > 0) {
    return {
      fits: true,
      explanation: `${counted}: may stop ${mayStop} first, may start ${Math.max(mayStart, 0)} first`,
    };
  }
  const instancesForOneMore = Math.ceil((tasks + 1) / tasksPerInstance);
  const minimumThatFrees = Math.floor(((tasks - 1) * 100) / tasks);
  return {
    fits: false,
    explanation: `${counted}: at least ${keep} must keep running and at most ${Math.min(allowed, places)} fit, so no task can be replaced`,
    changes: [
      allowed > tasks
        ? `set instances.max to at least ${instancesForOneMore}`
        : `set rollout.maximumPercent to at least ${Math.ceil(((tasks + 1) * 100) / tasks)} and instances.max to at least ${instancesForOneMore}`,
      `set rollout.minimumHealthyPercent to at most ${minimumThatFrees}`,
    ],
  };
}

const plural = (count: number, word: string): string => (count === 1 ? word : `${word}s`);
