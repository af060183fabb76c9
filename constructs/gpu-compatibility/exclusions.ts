import type { MatrixExclusion } from '../../contract';
import type { JudgedCell, Matrix } from './matrix';

type Axis = 'cuda' | 'driver' | 'pytorch';

/** What an exclusion may name, the widest first, so that a narrow one says only what no wide one said. */
const PATTERNS: readonly (readonly Axis[])[] = [
  ['cuda'],
  ['pytorch'],
  ['driver'],
  ['cuda', 'pytorch'],
  ['cuda', 'driver'],
  ['driver', 'pytorch'],
  ['cuda', 'driver', 'pytorch'],
];

/**
 * Every combination that is not supported, in few entries with their reasons: GitHub leaves out what matches an entry
 * partially. Unknown combinations are excluded too, for nobody stands behind them.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstrategymatrixexclude
 */
export function exclusionsOf({ cells }: Pick<Matrix, 'cells'>): readonly MatrixExclusion[] {
  const left = new Set(cells.filter(isOut));
  return PATTERNS.flatMap((pattern) =>
    groupsOf(cells, pattern).flatMap((group): MatrixExclusion[] => {
      const [first] = group;
      if (!first || !group.every(isOut) || !group.some((cell) => left.has(cell))) return [];
      for (const cell of group) left.delete(cell);
      return [{ ...Object.fromEntries(pattern.map((axis) => [axis, first[axis]])), because: because(group) }];
    }),
  );
}

const isOut = ({ judgement }: JudgedCell): boolean => judgement.verdict !== 'supported';

/** Combinations that have the same versions on some axes. */
function groupsOf(
  cells: readonly JudgedCell[],
  pattern: readonly Axis[],
): readonly (readonly JudgedCell[])[] {
  const groups = new Map<string, JudgedCell[]>();
  for (const cell of cells) {
    const key = pattern.map((axis) => cell[axis]).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), cell]);
  }
  return [...groups.values()];
}

/** What holds for every combination of a group, or, where each has reasons of its own, all of them. */
function because(group: readonly JudgedCell[]): string {
  const reasons = group.map(({ judgement }) =>
    judgement.verdict === 'supported' ? [] : judgement.because.map(({ text }) => text),
  );
  const common = (reasons[0] ?? []).filter((text) => reasons.every((others) => others.includes(text)));
  return [...new Set(common.length > 0 ? common : reasons.flat())].join('. ');
}
