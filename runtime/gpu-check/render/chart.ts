/** A series of a chart: bars, or a line over them. */
export interface Series {
  readonly shape: 'bar' | 'line';
  readonly values: readonly number[];
}

export interface Chart {
  readonly title: string;
  /** One for each value. Characters besides letters, digits, dots, slashes, hyphens and blanks are left out. */
  readonly labels: readonly string[];
  /** Name of the axis of values, with its unit. */
  readonly axis: string;
  readonly series: readonly Series[];
}

const WIDTH = 900;
const ROW = 28;
const AROUND = 120;

/**
 * A chart as a Mermaid block, with a row for each label. GitHub draws it in summaries and in Markdown files.
 *
 * @see https://mermaid.js.org/syntax/xyChart.html
 */
export function chart({ title, labels, axis, series }: Chart): readonly string[] {
  const size = { width: WIDTH, height: AROUND + ROW * labels.length };
  const highest = Math.max(0, ...series.flatMap(({ values }) => values));
  return [
    '```mermaid',
    `%%{init: ${JSON.stringify({ xyChart: size })}}%%`,
    'xychart-beta horizontal',
    `    title "${quotable(title)}"`,
    `    x-axis [${labels.map((label) => `"${quotable(label)}"`).join(', ')}]`,
    `    y-axis "${quotable(axis)}" 0 --> ${roundUp(highest)}`,
    ...series.map(({ shape, values }) => `    ${shape} [${values.join(', ')}]`),
    '```',
  ];
}

const quotable = (text: string): string => text.replaceAll(/[^\w./ -]/g, '');

/** The next number of one digit and zeros that is not below: the axis ends there. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const unit = 10 ** Math.floor(Math.log10(value));
  return Number((Math.ceil(value / unit) * unit).toPrecision(6));
}
