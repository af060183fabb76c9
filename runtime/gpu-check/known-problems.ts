import { HOST_IMAGES, judgeCell, type Source } from '../../constructs/gpu-compatibility';
import type { ReportedCell } from './cells';

/** Something that a combination can stumble over, and where it was read. */
export interface KnownProblem {
  readonly text: string;
  readonly source: Source;
  /** Combinations that it is said of. Absent where it is said of all. */
  readonly cells?: number;
}

/** What no table has a row for. */
const GENERAL: readonly KnownProblem[] = [
  {
    text:
      'NVIDIA’s runtime refuses to start an image whose NVIDIA_REQUIRE_CUDA the driver does not meet ' +
      '(“unsatisfied condition: cuda>=…”), also where minor-version compatibility would hold',
    source: { url: 'https://github.com/NVIDIA/nvidia-container-toolkit/issues/152', read: '2026-11-22' },
  },
  {
    text: 'A task that finds no GPU is no failed task for ECS: it waits, and only a deadline of one’s own ends it',
    source: { url: 'https://github.com/aws/copilot-cli/issues/1879', read: '2026-11-20' },
  },
];

/**
 * What the tables note of the combinations that run, each note once, then the host image where it is past its end of
 * life, then what holds everywhere.
 *
 * @param hostImage name of the image that the hosts have
 * @param day `YYYY-MM-DD`
 */
export function knownProblems(
  cells: readonly ReportedCell[],
  hostImage: string,
  day: string,
): readonly KnownProblem[] {
  const running = cells.filter(({ status }) => status !== 'excluded');
  return [...notesOf(running, day), ...oldHostImage(hostImage, day), ...GENERAL];
}

function notesOf(cells: readonly ReportedCell[], day: string): readonly KnownProblem[] {
  const found = new Map<string, KnownProblem & { readonly cells: number }>();
  for (const cell of cells) {
    const judgement = judgeCell(cell, day);
    if (judgement.verdict !== 'supported') continue;
    for (const { text, source } of judgement.notes) {
      found.set(text, { text, source, cells: (found.get(text)?.cells ?? 0) + 1 });
    }
  }
  return [...found.values()];
}

const oldHostImage = (used: string, day: string): readonly KnownProblem[] =>
  HOST_IMAGES.filter(({ name, endOfLife }) => name === used && endOfLife < day).map(
    ({ name, driver, endOfLife, source }) => ({
      text: `The ECS image ${name} (driver ${driver}) reached its end of life on ${endOfLife}`,
      source,
    }),
  );
