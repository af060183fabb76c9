import type { CellResult } from '../../constructs/gpu-check/runtime';
import { type GpuCheckCell, sameCell } from '../../constructs/gpu-check/runtime/cell';
import type { GpuCheckEntry } from '../../contract/gpu-check';

/** What is known of one combination. `noResult`: it should have run, and no result is there. */
export type CellStatus = 'tested' | 'declared' | 'failed' | 'noResult' | 'excluded';

export interface ReportedCell extends GpuCheckCell {
  readonly status: CellStatus;
  /** Why it is left out of the matrix. */
  readonly because?: string;
  readonly result?: CellResult;
}

export const CELL_STATUSES: readonly CellStatus[] = ['tested', 'declared', 'failed', 'noResult', 'excluded'];

/**
 * Every combination of the axes once: CUDA, then driver, then PyTorch. Of several results of one combination the newest
 * counts, also where the combination is left out of the matrix: somebody ran it by hand.
 */
export function reportedCells(
  { cuda, driver, pytorch, exclude }: GpuCheckEntry['matrix'],
  results: readonly CellResult[],
): readonly ReportedCell[] {
  const cells = cuda.flatMap((one) =>
    driver.flatMap((another) => pytorch.map((third) => ({ cuda: one, driver: another, pytorch: third }))),
  );
  return cells.map((cell): ReportedCell => {
    const [result] = results.filter((each) => sameCell(each.cell, cell)).sort(newestFirst);
    if (result) return { ...cell, status: result.outcome.verdict, result };
    const exclusion = exclude.find((each) => covers(each, cell));
    return exclusion
      ? { ...cell, status: 'excluded', because: exclusion.because }
      : { ...cell, status: 'noResult' };
  });
}

/** Results of combinations that the axes do not have: of an earlier manifest, or of another workload's. */
export const strangers = (
  { cuda, driver, pytorch }: GpuCheckEntry['matrix'],
  results: readonly CellResult[],
): readonly CellResult[] =>
  results.filter(
    ({ cell }) =>
      !cuda.includes(cell.cuda) || !driver.includes(cell.driver) || !pytorch.includes(cell.pytorch),
  );

export const countsOf = (cells: readonly ReportedCell[]): Readonly<Record<CellStatus, number>> => {
  const count = (status: CellStatus) => cells.filter((cell) => cell.status === status).length;
  return {
    tested: count('tested'),
    declared: count('declared'),
    failed: count('failed'),
    noResult: count('noResult'),
    excluded: count('excluded'),
  };
};

/**
 * An entry of `exclude` need not name every axis: it leaves out all that have what it names.
 *
 * @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations#excluding-matrix-configurations
 */
const covers = (
  { cuda, driver, pytorch }: GpuCheckEntry['matrix']['exclude'][number],
  cell: GpuCheckCell,
): boolean =>
  (cuda ?? cell.cuda) === cell.cuda &&
  (driver ?? cell.driver) === cell.driver &&
  (pytorch ?? cell.pytorch) === cell.pytorch;

const newestFirst = (a: CellResult, b: CellResult): number => b.endedAt.localeCompare(a.endedAt);
