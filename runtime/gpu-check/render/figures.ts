import type { CellResult, GpuFigures } from '../../../constructs/gpu-check/runtime';
import { table, text } from '../../renderers/markdown';
import type { ReportedCell } from '../cells';
import type { CompatibilityReport } from '../compatibility-report';
import { chart } from './chart';
import { STATUS_NAMES } from './combinations';

interface Measured {
  readonly cell: ReportedCell;
  readonly result: CellResult;
  readonly figures: GpuFigures;
}

/** What the programs measured, as a table and as charts. */
export function figures({ cells }: CompatibilityReport): readonly (readonly string[])[] {
  const measured = cells.flatMap((cell): readonly Measured[] => {
    const { result } = cell;
    const found = result?.outcome.figures;
    return result && found ? [{ cell, result, figures: found }] : [];
  });
  if (measured.length === 0) return [['## Measured figures', '', 'No combination has measured anything.']];
  const labels = measured.map(({ cell }) => `${cell.cuda} / ${cell.driver} / ${cell.pytorch}`);
  return [
    ['## Measured figures', '', ...figureTable(measured)],
    [
      'Frames per second by CUDA / driver / PyTorch, more is better:',
      '',
      ...chart({
        title: 'Frames per second',
        labels,
        axis: 'frames per second',
        series: [{ shape: 'bar', values: measured.map((each) => each.figures.frames.perSecond) }],
      }),
    ],
    [
      'Latency of one frame by CUDA / driver / PyTorch, less is better. Bars show the 95th percentile, the line the median:',
      '',
      ...chart({
        title: 'Latency of one frame',
        labels,
        axis: 'milliseconds',
        series: [
          { shape: 'bar', values: measured.map((each) => each.figures.frames.p95Milliseconds) },
          { shape: 'line', values: measured.map((each) => each.figures.frames.p50Milliseconds) },
        ],
      }),
    ],
  ];
}

const figureTable = (measured: readonly Measured[]): readonly string[] =>
  table(
    [
      'CUDA',
      'driver',
      'PyTorch',
      '',
      'host driver',
      'GPU',
      'instance',
      'matrix product (TFLOPS)',
      'frames per second',
      'p50 (ms)',
      'p95 (ms)',
      'waited (s)',
      'ran (s)',
    ],
    measured.map(({ cell, result, figures: { driver, gpu, capability, matmul, frames } }) => [
      text(cell.cuda),
      text(cell.driver),
      text(cell.pytorch),
      STATUS_NAMES[cell.status],
      text(driver),
      text(`${gpu} (${capability})`),
      text(result.task?.instanceType ?? result.instanceType),
      number(matmul.teraflops),
      number(frames.perSecond),
      number(frames.p50Milliseconds),
      number(frames.p95Milliseconds),
      number(result.task?.waited),
      number(result.task?.ran),
    ]),
  );

/** Four digits are more than two runs agree on. */
const number = (value: number | undefined): string =>
  value === undefined ? '' : String(Number(value.toPrecision(4)));
