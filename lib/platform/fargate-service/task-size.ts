/** A size of a task that Fargate offers. */
export interface TaskSize {
  /** CPU units, 1024 for one core. */
  readonly cpu: number;
  readonly memoryMib: number;
}

const GIB = 1024;

/** Memory for each number of CPU units: from, to and in steps of, in MiB. */
const MEMORY: readonly (readonly [cpu: number, from: number, to: number, step: number])[] = [
  [512, GIB, 4 * GIB, GIB],
  [1024, 2 * GIB, 8 * GIB, GIB],
  [2048, 4 * GIB, 16 * GIB, GIB],
  [4096, 8 * GIB, 30 * GIB, GIB],
  [8192, 16 * GIB, 60 * GIB, 4 * GIB],
  [16_384, 32 * GIB, 120 * GIB, 8 * GIB],
];

/**
 * Sizes of tasks with Linux, from the smallest to the largest.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const TASK_SIZES: readonly TaskSize[] = [
  ...[512, GIB, 2 * GIB].map((memoryMib) => ({ cpu: 256, memoryMib })),
  ...MEMORY.flatMap(([cpu, from, to, step]) =>
    Array.from({ length: (to - from) / step + 1 }, (_, index) => ({ cpu, memoryMib: from + index * step })),
  ),
];

export const isTaskSize = ({ cpu, memoryMib }: TaskSize): boolean =>
  TASK_SIZES.some((size) => size.cpu === cpu && size.memoryMib === memoryMib);

/** The largest size within what is wanted, and the smallest that has all of it, or as much as there is. */
export function nearestTaskSizes(wanted: TaskSize): readonly TaskSize[] {
  const within = TASK_SIZES.filter(
    ({ cpu, memoryMib }) => cpu <= wanted.cpu && memoryMib <= wanted.memoryMib,
  );
  const enough = TASK_SIZES.find(
    ({ cpu, memoryMib }) =>
      cpu >= Math.min(wanted.cpu, LARGEST.cpu) && memoryMib >= Math.min(wanted.memoryMib, LARGEST.memoryMib),
  );
  return [...new Set([within.at(-1), enough])].filter((size) => size !== undefined);
}

const LARGEST: TaskSize = TASK_SIZES.reduce((largest, { cpu, memoryMib }) => ({
  cpu: Math.max(largest.cpu, cpu),
  memoryMib: Math.max(largest.memoryMib, memoryMib),
}));
