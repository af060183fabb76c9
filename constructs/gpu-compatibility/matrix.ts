import { LockstepError } from '../../contract';
import type { Cell } from './cell';
import type { GpuModel } from './gpus';
import { judgeCell } from './judge-cell';
import type { Judgement, SupportedBy } from './judgement';
import {
  compareVersions,
  CUDA_FORM,
  DRIVER_FORM,
  PYTORCH_FORM,
  readVersion,
  type VersionForm,
} from './version';

/** The versions that a matrix combines. */
export interface Axes {
  readonly cuda: readonly string[];
  readonly driver: readonly string[];
  readonly pytorch: readonly string[];
  /** GPU that all cells are judged for. @default 'T4' */
  readonly gpu?: GpuModel;
}

type Combination = Pick<Cell, 'cuda' | 'driver' | 'pytorch'>;

export interface JudgedCell extends Combination {
  readonly judgement: Judgement;
}

/**
 * `strategy.matrix` of a job. Entries of `include` name combinations that are there and give them one more value.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrix
 */
export interface GithubMatrix {
  readonly cuda: readonly string[];
  readonly driver: readonly string[];
  readonly pytorch: readonly string[];
  readonly include: readonly (Combination & { readonly by: SupportedBy })[];
  readonly exclude: readonly Combination[];
}

export interface Matrix {
  /** Every combination, in the order of its versions: CUDA, then driver, then PyTorch. */
  readonly cells: readonly JudgedCell[];
  /** What is left to run: supported cells. Unknown ones are excluded too, for nobody stands behind them. */
  readonly github: GithubMatrix;
}

/** @see https://docs.github.com/en/actions/reference/limits */
const MOST_JOBS = 256;

/**
 * Judges every combination. Versions that stand twice count once, and their order does not matter.
 *
 * @throws LockstepError `InvalidArgument` for a version that is none, or more combinations than GitHub runs
 */
export function matrixOf({ cuda, driver, pytorch, gpu }: Axes): Matrix {
  const axes = {
    cuda: ordered(cuda, CUDA_FORM, 'cuda'),
    driver: ordered(driver, DRIVER_FORM, 'driver'),
    pytorch: ordered(pytorch, PYTORCH_FORM, 'pytorch'),
  };
  const cells = combinations(axes).map((cell) => ({
    ...cell,
    judgement: judgeCell({ ...cell, ...(gpu !== undefined && { gpu }) }),
  }));
  const include = cells.flatMap(({ judgement, ...cell }) =>
    judgement.verdict === 'supported' ? [{ ...cell, by: judgement.by }] : [],
  );
  if (include.length > MOST_JOBS) throw tooMany(include.length);
  const exclude = cells.flatMap(({ judgement, ...cell }) =>
    judgement.verdict === 'supported' ? [] : [cell],
  );
  return { cells, github: { ...axes, include, exclude } };
}

const combinations = ({ cuda, driver, pytorch }: Axes): readonly Combination[] =>
  cuda.flatMap((one) =>
    driver.flatMap((another) => pytorch.map((third) => ({ cuda: one, driver: another, pytorch: third }))),
  );

/** Oldest first, each once. */
function ordered(texts: readonly string[], form: VersionForm, place: string): readonly string[] {
  const versions = texts.map((text) => readVersion(text, form, place)).sort(compareVersions);
  return versions
    .filter((version, at) => {
      const before = versions[at - 1];
      return before === undefined || compareVersions(before, version) !== 0;
    })
    .map(({ text }) => text);
}

const tooMany = (jobs: number) =>
  new LockstepError('InvalidArgument', {
    place: 'matrix',
    value: `${jobs} supported combinations`,
    allowed: `at most ${MOST_JOBS}, the jobs that GitHub makes of one matrix`,
    change: 'leave versions out',
  });
