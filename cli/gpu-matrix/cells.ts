import {
  type GpuModel,
  type Judgement,
  type JudgedCell,
  type Matrix,
  type Reason,
  type Rule,
} from '../../constructs/gpu-compatibility';
import type { Table, TonedText } from './table';

const RULES: Readonly<Record<Rule, string>> = {
  driver: 'driver',
  pytorchBuild: 'build',
  computeCapability: 'GPU',
};

const rulesOf = (reasons: readonly Reason[]): string => reasons.map(({ rule }) => RULES[rule]).join(', ');

/** `packaged`, `minor`, `no: build`, `unknown: GPU`. */
export function verdictText(judgement: Judgement): TonedText {
  switch (judgement.verdict) {
    case 'supported':
      return judgement.by === 'packagedDriver'
        ? { text: 'packaged', tone: 'good' }
        : { text: 'minor', tone: 'fair' };
    case 'unsupported':
      return { text: `no: ${rulesOf(judgement.because)}`, tone: 'bad' };
    case 'unknown':
      return { text: `unknown: ${rulesOf(judgement.because)}`, tone: 'unknown' };
  }
}

/** A row for each CUDA and PyTorch, a column for each driver. */
export function cellTable({ cells, github }: Matrix, gpu: GpuModel): Table {
  const rows = github.cuda.flatMap((cuda) =>
    github.pytorch.map((pytorch) => {
      const row = cells.filter((cell) => cell.cuda === cuda && cell.pytorch === pytorch);
      return [cuda, pytorch, ...row.map(({ judgement }) => verdictText(judgement))];
    }),
  );
  return {
    title: `Combinations on ${gpu}`,
    caption:
      `${github.include.length} of ${cells.length} supported: packaged (the driver has all of the toolkit) or ` +
      'minor (what the major version guarantees); the others say which rule refuses',
    head: ['CUDA', 'PyTorch', ...github.driver],
    rows,
  };
}

/** Every reason of the matrix once, with how many combinations it is said of. */
export function reasonTable(cells: readonly JudgedCell[]): Table {
  const counted = new Map<string, { reason: Reason; cells: number }>();
  for (const reason of cells.flatMap(({ judgement }) => reasonsOf(judgement))) {
    const entry = counted.get(reason.text) ?? { reason, cells: 0 };
    counted.set(reason.text, { ...entry, cells: entry.cells + 1 });
  }
  return {
    title: 'Why',
    caption: '--explain CUDA/DRIVER/PYTORCH tells one combination with its sources',
    head: ['cells', 'rule', 'reason'],
    rows: [...counted.values()].map(({ reason, cells: count }) => [
      String(count),
      RULES[reason.rule],
      reason.text,
    ]),
  };
}

/** What refuses a combination or leaves it open; nothing for a supported one. */
const reasonsOf = (judgement: Judgement): readonly Reason[] =>
  judgement.verdict === 'supported' ? [] : judgement.because;
