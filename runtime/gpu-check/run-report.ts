import type { CellResult, GpuFigures } from '../../constructs/gpu-check/runtime';
import { cellName } from '../../constructs/gpu-check/runtime/cell';
import { LockstepError } from '../../contract/errors';
import type { Report } from '../report';

/** What one combination showed, for the log of its job. */
export function runReport(result: CellResult, output: string): Report {
  const { cell, outcome, image, task } = result;
  const name = cellName(cell);
  const facts: readonly (readonly [string, string])[] = [
    ['image', image],
    ...(task === undefined
      ? []
      : [
          ['task', task.id] as const,
          ['instance', task.instanceType ?? `(asked for ${result.instanceType})`] as const,
        ]),
    ...(outcome.figures ? figureFacts(outcome.figures) : []),
    ['result', output],
    ...result.leftBehind.map((command) => ['clean up with', command] as const),
  ];
  const data = { result };
  if (outcome.verdict !== 'failed') {
    return { title: `${name}: ${outcome.verdict}${whyDeclared(result)}`, facts, data };
  }
  const { cause, message, remedy, evidence } = outcome;
  return {
    title: `${name}: failed (${cause})`,
    facts,
    diagnoses: [
      { source: task === undefined ? 'no task' : `task ${task.id}`, cause: message, evidence, remedy },
    ],
    data,
    failure: new LockstepError('GpuCheckFailed', {
      place: name,
      value: `${cause}: ${message}`,
      allowed: 'a task that ends well and says its figures',
      change: remedy,
    }),
  };
}

function whyDeclared({ cell, outcome }: CellResult): string {
  if (outcome.verdict !== 'declared') return '';
  return `: it ran with driver ${outcome.figures.driver}, and the tables stand for ${cell.driver}`;
}

const figureFacts = (figures: GpuFigures): readonly (readonly [string, string])[] => [
  ['host', `driver ${figures.driver}, ${figures.gpu}, compute capability ${figures.capability}`],
  ['PyTorch', `${figures.pytorch} with CUDA ${figures.cuda}`],
  [
    'matrix product',
    `${figures.matmul.teraflops} TFLOPS (${figures.matmul.size} rows, ${figures.matmul.milliseconds} ms)`,
  ],
  [
    'frames',
    `${figures.frames.perSecond} a second, ${figures.frames.p50Milliseconds} ms (p50), ${figures.frames.p95Milliseconds} ms (p95)`,
  ],
];
