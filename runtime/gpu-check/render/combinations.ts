import type { CellResult } from '../../../constructs/gpu-check/runtime';
import { cellName } from '../../../constructs/gpu-check/runtime/cell';
import { code, codeBlock, table, text } from '../../renderers/markdown';
import { CELL_STATUSES, type CellStatus, type ReportedCell } from '../cells';
import type { CompatibilityReport } from '../compatibility-report';

export const STATUS_NAMES: Readonly<Record<CellStatus, string>> = {
  tested: 'tested',
  declared: 'declared',
  failed: 'failed',
  noResult: 'no result',
  excluded: 'excluded',
};

const MEANINGS: Readonly<Record<CellStatus, string>> = {
  tested: 'ran on a host with this driver',
  declared: 'ran on a host with another driver; the tables say that it works with this one',
  failed: 'ran and did not pass, or found no GPU',
  noResult: 'should have run, and left no result: its image was not built, or its job was cancelled',
  excluded: 'left out, because the tables say that it cannot work or nobody has reviewed it',
};

/** A row for each CUDA and PyTorch, a column for each driver, then what the words mean and how often each is there. */
export function combinations({ axes, cells, counts }: CompatibilityReport): readonly string[] {
  const rows = axes.cuda.flatMap((cuda) =>
    axes.pytorch.map((pytorch) => [
      text(cuda),
      text(pytorch),
      ...cells.filter((cell) => cell.cuda === cuda && cell.pytorch === pytorch).map(cellText),
    ]),
  );
  return [
    '## Combinations',
    '',
    ...table(['CUDA', 'PyTorch', ...axes.driver.map((driver) => `driver ${text(driver)}`)], rows),
    '',
    ...table(
      ['', 'combinations', 'meaning'],
      CELL_STATUSES.filter((status) => counts[status] > 0).map((status) => [
        STATUS_NAMES[status],
        String(counts[status]),
        MEANINGS[status],
      ]),
    ),
  ];
}

function cellText({ status, result }: ReportedCell): string {
  if (result?.outcome.verdict === 'failed') return `**failed**: ${text(result.outcome.cause)}`;
  return STATUS_NAMES[status];
}

/** What failed: cause, what to do, and the evidence folded away. */
export function failures({ cells }: CompatibilityReport): readonly (readonly string[])[] {
  const failed = cells.filter(({ status }) => status === 'failed');
  if (failed.length === 0) return [];
  return [['## What failed'], ...failed.flatMap(({ result }) => (result ? [failedPart(result)] : []))];
}

function failedPart({ cell, outcome, task }: CellResult): readonly string[] {
  if (outcome.verdict !== 'failed') return [];
  return [
    `### ${text(cellName(cell))}: ${text(outcome.cause)}`,
    '',
    `${text(outcome.message)}. **What to do:** ${text(outcome.remedy)}.`,
    ...(task === undefined ? [] : ['', `Task ${code(task.id)}`]),
    ...(outcome.evidence.length === 0
      ? []
      : ['', '<details><summary>Evidence</summary>', '', ...codeBlock(outcome.evidence), '', '</details>']),
  ];
}

/** What is missing, and files that are no results. */
export function missing({ cells, unread, strangers }: CompatibilityReport): readonly string[] | undefined {
  const lines = [
    ...cells.filter(({ status }) => status === 'noResult').map((cell) => text(cellName(cell))),
    ...unread.map(({ path, why }) => `${code(path)} cannot be read: ${text(why)}`),
    ...strangers.map(({ cell }) => `a result of ${text(cellName(cell))}, which is not in the matrix`),
  ];
  if (lines.length === 0) return undefined;
  return ['## Without result', '', ...lines.map((line) => `- ${line}`)];
}

/** What runs could not clean up by themselves. */
export function leftBehind({ cells }: CompatibilityReport): readonly string[] | undefined {
  const commands = cells.flatMap(({ result }) => result?.leftBehind ?? []);
  if (commands.length === 0) return undefined;
  return ['## Left behind', '', 'Clean up with', '', ...codeBlock(commands)];
}

/** The combinations that are left out, as the matrix of the workflow names them. */
export function exclusions({ exclusions: left }: CompatibilityReport): readonly string[] | undefined {
  if (left.length === 0) return undefined;
  return [
    '## Excluded combinations',
    '',
    'An empty column stands for every version.',
    '',
    ...table(
      ['CUDA', 'driver', 'PyTorch', 'because'],
      left.map(({ cuda = '', driver = '', pytorch = '', because }) => [
        text(cuda),
        text(driver),
        text(pytorch),
        text(because),
      ]),
    ),
  ];
}
