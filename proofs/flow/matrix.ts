import type { Job } from '../artefacts';
import { record, textsOf } from './occurrences';

/** The matrix of a job as GitHub reads it. */
export interface JobMatrix {
  readonly axes: Readonly<Record<string, readonly string[]>>;
  /** Each leaves out every combination that has all of its values. */
  readonly exclude: readonly Readonly<Record<string, string>>[];
  /** Names of what is written besides axes and `exclude`, such as `include`, and of axes that are no list. */
  readonly unread: readonly string[];
  /** GitHub cancels the other jobs when one fails, unless this is false. */
  readonly failFast: boolean;
  /** Jobs at the same time. @default - as many as there are runners */
  readonly maxParallel?: number;
}

/**
 * @returns undefined for a job without matrix
 * @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
 */
export function matrixOf({ raw }: Job): JobMatrix | undefined {
  const strategy = record(raw.strategy);
  if (strategy.matrix === undefined) return undefined;
  const { include, exclude, ...axes } = record(strategy.matrix);
  const lists = Object.entries(axes).filter(([, values]) => Array.isArray(values));
  const maxParallel = strategy['max-parallel'];
  return {
    axes: Object.fromEntries(lists.map(([name, values]) => [name, textsOf(values)])),
    exclude: (Array.isArray(exclude) ? exclude : []).map((one) =>
      Object.fromEntries(Object.entries(record(one)).map(([name, value]) => [name, String(value)])),
    ),
    unread: [
      ...(typeof strategy.matrix === 'string' ? [strategy.matrix] : []),
      ...(include === undefined ? [] : ['include']),
      ...(exclude === undefined || Array.isArray(exclude) ? [] : ['exclude']),
      ...Object.keys(axes).filter((name) => !Array.isArray(axes[name])),
    ],
    failFast: strategy['fail-fast'] !== false,
    ...(typeof maxParallel === 'number' && { maxParallel }),
  };
}

/** A combination of a matrix: a value for each axis. */
export type Combination = Readonly<Record<string, string>>;

/** Every combination that runs. */
export function combinationsOf({
  axes,
  exclude,
}: Pick<JobMatrix, 'axes' | 'exclude'>): readonly Combination[] {
  const all = Object.entries(axes).reduce<readonly Combination[]>(
    (made, [name, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  return all.filter(
    (one) => !exclude.some((out) => Object.entries(out).every(([name, value]) => one[name] === value)),
  );
}
