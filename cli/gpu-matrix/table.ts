import type { Source } from '../../constructs/gpu-compatibility';
import type { Paint } from '../local-command';

/** How good what stands in a cell is: it is told by words, and by colour where there is one. */
export type Tone = 'good' | 'fair' | 'bad' | 'unknown';

export interface TonedText {
  readonly text: string;
  readonly tone: Tone;
}

export interface Table {
  readonly title: string;
  /** A line below the title. */
  readonly caption?: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | TonedText)[])[];
  /** Where all rows were read, named below them. @default - rows name their own, or were computed */
  readonly sources?: readonly Source[];
}

export const sourceText = ({ url, read }: Source): string => `${url} (${read})`;

/** Each page once. */
const sourceTexts = (sources: readonly Source[] = []): readonly string[] => [
  ...new Set(sources.map(sourceText)),
];

const textOf = (cell: string | TonedText): string => (typeof cell === 'string' ? cell : cell.text);

/** For a terminal: columns, each as wide as its widest text. */
export function textTable({ title, caption, head, rows, sources }: Table, paint: Paint): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => textOf(row[column] ?? '').length)),
  );
  const line = (cells: readonly (string | TonedText)[]): string =>
    cells
      .map((cell, column) => {
        const padding =
          column === cells.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - textOf(cell).length);
        return painted(cell, paint) + padding;
      })
      .join('  ')
      .trimEnd();
  return [
    '',
    paint.bold(title),
    ...(caption === undefined ? [] : [`  ${caption}`]),
    `  ${paint.dim(line(head))}`,
    ...rows.map((row) => `  ${line(row)}`),
    ...sourceTexts(sources).map((text) => `  ${paint.dim(text)}`),
    '',
  ].join('\n');
}

function painted(cell: string | TonedText, paint: Paint): string {
  if (typeof cell === 'string') return cell;
  const colours = { good: paint.green, fair: paint.yellow, bad: paint.red, unknown: paint.dim };
  return colours[cell.tone](cell.text);
}

/**
 * For a step summary or a pull request.
 *
 * @see https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/organizing-information-with-tables
 */
export function markdownTable({ title, caption, head, rows, sources }: Table): string {
  const line = (cells: readonly (string | TonedText)[]): string =>
    `| ${cells.map((cell) => textOf(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    `### ${title}`,
    '',
    ...(caption === undefined ? [] : [caption, '']),
    line(head),
    line(head.map(() => '---')),
    ...rows.map(line),
    '',
    ...sourceTexts(sources).flatMap((text) => [`Source: ${text}`, '']),
  ].join('\n');
}
