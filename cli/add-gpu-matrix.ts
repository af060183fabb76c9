import { type Command, Option } from 'commander';
import {
  type Axes,
  DEFAULT_GPU,
  GPU_MODELS,
  type GpuModel,
  type Matrix,
  matrixOf,
  REVIEWED_AXES,
} from '../constructs/gpu-compatibility';
import type { CommandContext } from '../runtime/commands/options';
import { cellTable, reasonTable } from './gpu-matrix/cells';
import {
  explain,
  explanationTables,
  headline,
  readCombination,
  renderExplanation,
} from './gpu-matrix/explanation';
import { REVIEWED, reviewedTables } from './gpu-matrix/reviewed-tables';
import { markdownTable, type Table, textTable } from './gpu-matrix/table';
import { addLocalCommand, type Answer } from './local-command';

interface GpuMatrixOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly cuda?: readonly string[];
  readonly driver?: readonly string[];
  readonly pytorch?: readonly string[];
  readonly gpu: GpuModel;
  readonly explain?: string;
}

/** `lockstep gpu-matrix`: what the reviewed tables say of CUDA, driver and PyTorch together. */
export function addGpuMatrix(program: Command, context: CommandContext): void {
  addLocalCommand<GpuMatrixOptions>(
    program,
    context,
    {
      name: 'gpu-matrix',
      description: 'Say which CUDA, driver and PyTorch go together, and why not',
      example: 'gpu-matrix --explain 12.2.0/525.85.12/2.4.0',
      shape:
        '{ gpu, reviewed, matrix: { cuda, driver, pytorch, include, exclude },\n' +
        '    cells: [{ cuda, driver, pytorch, judgement }] }\n' +
        '  with --explain:\n' +
        '  { cell, judgement: { verdict: supported, by, notes } | { verdict: unsupported | unknown, because },\n' +
        '    hosts: [{ image, driver, shows }] }',
    },
    (options) => Promise.resolve(answerTo(options)),
  )
    .option('--cuda <version...>', 'CUDA toolkits to combine (default: reviewed ones)')
    .option('--driver <version...>', 'drivers to combine (default: reviewed ones)')
    .option('--pytorch <version...>', 'PyTorch versions to combine (default: reviewed ones)')
    .addOption(new Option('--gpu <model>', 'GPU to judge for').choices(GPU_MODELS).default(DEFAULT_GPU))
    .addOption(
      new Option('--explain <cuda/driver/pytorch>', 'tell one combination, with its sources').conflicts([
        'cuda',
        'driver',
        'pytorch',
      ]),
    )
    .addOption(new Option('--markdown', 'print Markdown').conflicts('json'))
    .addHelpText(
      'after',
      '\nExit code:\n' +
        '  0  every combination was judged, whatever the verdict\n' +
        '  2  wrong usage, or a version that is none\n',
    );
}

function answerTo(options: GpuMatrixOptions): Answer {
  const markdown = options.markdown === true;
  if (options.explain !== undefined) {
    const explanation = explain({ ...readCombination(options.explain), gpu: options.gpu });
    return {
      json: explanation,
      text: (paint) =>
        markdown
          ? `## ${headline(explanation)}\n\n${inMarkdown(explanationTables(explanation))}`
          : renderExplanation(explanation, paint),
    };
  }
  const matrix = matrixOf(axesOf(options));
  const asked = [options.cuda, options.driver, options.pytorch].some((axis) => axis !== undefined);
  const tables = [...(asked ? [] : reviewedTables()), ...matrixTables(matrix, options.gpu)];
  return {
    json: { gpu: options.gpu, reviewed: REVIEWED, matrix: matrix.github, cells: matrix.cells },
    text: (paint) =>
      markdown ? inMarkdown(tables) : `${tables.map((table) => textTable(table, paint)).join('')}\n`,
  };
}

const axesOf = ({ cuda, driver, pytorch, gpu }: GpuMatrixOptions): Axes => ({
  cuda: cuda ?? REVIEWED_AXES.cuda,
  driver: driver ?? REVIEWED_AXES.driver,
  pytorch: pytorch ?? REVIEWED_AXES.pytorch,
  gpu,
});

const matrixTables = (matrix: Matrix, gpu: GpuModel): readonly Table[] => [
  cellTable(matrix, gpu),
  reasonTable(matrix.cells),
];

const inMarkdown = (tables: readonly Table[]): string => tables.map(markdownTable).join('\n');
