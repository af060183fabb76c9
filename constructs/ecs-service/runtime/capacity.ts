/**
 * Arithmetic of free GPUs. A task gets whole GPUs of one instance, so that free GPUs on different
 * instances do not add up.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html
 */

export interface InstanceGpus {
  readonly registered: number;
  readonly free: number;
}

export interface CapacityLimits {
  readonly instanceTypes: readonly string[];
  readonly purchase: 'onDemand' | 'warm' | 'spot';
  readonly maxInstances: number;
  readonly gpusPerInstance: number;
  readonly gpusPerTask: number;
}

export interface Shortage {
  /** Tasks for which there is no place. */
  readonly tasks: number;
  /** GPUs that are missing for them; 0 when GPUs are not the reason. */
  readonly gpus: number;
  /** True while the group may still add instances, and one of them has room for a task. */
  readonly canGrow: boolean;
  /** Whether new instances are Spot Instances, which AWS may not have. */
  readonly onSpot: boolean;
  /** The arithmetic in one sentence. */
  readonly sentence: string;
}

export function shortageOf(
  unplacedTasks: number,
  instances: readonly InstanceGpus[],
  limits: CapacityLimits,
): Shortage {
  const { instanceTypes, maxInstances, gpusPerInstance, gpusPerTask, purchase } = limits;
  const onSpot = purchase === 'spot';
  const more = Math.max(0, maxInstances - instances.length);
  const canGrow = more > 0 && gpusPerInstance >= gpusPerTask;
  const growth = growthOf(more, limits);
  const have = `${instances.length} × ${instanceTypes.join(' or ')} ${instances.length === 1 ? 'has' : 'have'}`;
  const tasks = `${unplacedTasks} ${unplacedTasks === 1 ? 'task' : 'tasks'}`;
  if (gpusPerTask === 0) {
    const sentence = `${tasks} without a place: ${have} no room for the CPU or memory asked for; ${growth}`;
    return { tasks: unplacedTasks, gpus: 0, canGrow, onSpot, sentence };
  }
  const places = instances.reduce((sum, { free }) => sum + Math.floor(free / gpusPerTask), 0);
  const free = instances.reduce((sum, instance) => sum + instance.free, 0);
  const gpus = Math.max(0, unplacedTasks - places) * gpusPerTask;
  const need =
    gpus > 0
      ? `${tasks} × ${plural(gpusPerTask)} need ${gpus} more ${gpus === 1 ? 'GPU' : 'GPUs'}`
      : `${tasks} × ${plural(gpusPerTask)} would fit`;
  return {
    tasks: unplacedTasks,
    gpus,
    canGrow,
    onSpot,
    sentence: `${need}; ${have} ${free} free; ${growth}`,
  };
}

/**
 * Old tasks that a rolling update may still stop to make room.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function stoppableTasks(
  running: { readonly all: number; readonly old: number },
  desired: number,
  minimumHealthyPercent: number,
): number {
  const atLeast = Math.ceil((desired * minimumHealthyPercent) / 100);
  return Math.max(0, Math.min(running.old, running.all - atLeast));
}

/**
 * Tasks that a rolling update may start beside those that run or are about to.
 *
 * @param alive running and pending tasks of every version
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function startableTasks(alive: number, desired: number, maximumPercent: number): number {
  return Math.max(0, Math.floor((desired * maximumPercent) / 100) - alive);
}

function growthOf(
  more: number,
  { maxInstances, gpusPerInstance, gpusPerTask, purchase }: CapacityLimits,
): string {
  if (more === 0) return `the group may not grow beyond ${maxInstances}`;
  const gain = gpusPerTask > 0 && gpusPerInstance > 0 ? `, by ${plural(more * gpusPerInstance)}` : '';
  // Which is no promise: Spot is what AWS has left over.
  const from = purchase === 'spot' ? ', as long as AWS has Spot Instances' : '';
  return `the group may grow to ${maxInstances}${gain}${from}`;
}

const plural = (gpus: number): string => `${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`;
