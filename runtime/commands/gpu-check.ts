import type { Command } from 'commander';
import { execute, type Interruption } from '../execute';
import type { RunCheckOptions } from '../gpu-check/run';
import { type CommandContext, helpText, jsonOption } from './options';

interface RunOptions extends RunCheckOptions {
  readonly json?: boolean;
}

interface ReportOptions {
  readonly results: string;
  readonly output: string;
  readonly json?: boolean;
}

/**
 * GitHub sends SIGTERM 7.5 s after SIGINT, and kills 2.5 s later: a call that AWS answers late can still be cleaned up.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
 */
const RUN_INTERRUPTION: Interruption = {
  graceMs: 7_000,
  change:
    'clean up with the commands that `leftBehind` of the result file names, and run the combination again',
};

/** `lockstep gpu-check`: one combination on a GPU, and what all of them showed. */
export function addGpuCheck(program: Command, context: CommandContext): void {
  const gpuCheck = program
    .command('gpu-check')
    .description('Try combinations of CUDA, driver and PyTorch on a GPU, and report what they showed');
  addRun(gpuCheck, context);
  addReport(gpuCheck, context);
}

function addRun(gpuCheck: Command, { ports, finish }: CommandContext): void {
  gpuCheck
    .command('run')
    .description(
      'Run the image of one combination as a task on a GPU instance of its own, and write what it showed. ' +
        'It counts as tested only where the driver of the host is the one of the combination.',
    )
    .argument('<workload>', 'workload with a GPU check')
    .requiredOption('--cuda <version>', 'CUDA toolkit of the image')
    .requiredOption('--driver <version>', 'driver of the combination')
    .requiredOption('--pytorch <version>', 'PyTorch of the image')
    .requiredOption('-i, --image <image>', 'image of the combination, by tag or digest')
    .option('--instance-type <type>', 'EC2 type of the instance (default: the first of the manifest)')
    .option(
      '-o, --output <file>',
      'file for the result; it is written also when the check fails',
      'gpu-check.json',
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      helpText(
        'gpu-check run kvs-infer --cuda 12.1.1 --driver 580.159.03 --pytorch 2.4.0 --image "$IMAGE"',
        '{ command, passed, result: { workload, cell, instanceType, image, baseImages, startedAt, endedAt, task?,\n' +
          '    outcome: { verdict: tested|declared, figures } | { verdict: failed, cause, message, remedy, evidence },\n' +
          '    leftBehind }, error? }',
        {
          done: 'the combination works on the host that it ran on',
          failed: 'it does not, or no GPU was free in time',
        },
      ),
    )
    .action(async (workload: string, options: RunOptions) => {
      finish(
        await execute(
          ports,
          { command: 'gpu-check run', json: options.json === true, interruption: RUN_INTERRUPTION },
          async (session) => {
            const { runCheck } = await import('../gpu-check/run');
            return runCheck(session, workload, options);
          },
        ),
      );
    });
}

function addReport(gpuCheck: Command, { ports, finish }: CommandContext): void {
  gpuCheck
    .command('report')
    .description(
      'Write the compatibility report of a workload: every combination of its matrix with what a run showed, the ' +
        'reviewed tables, prices and known problems. Talks to nobody.',
    )
    .argument('<workload>', 'workload with a GPU check')
    .requiredOption('-r, --results <folder>', 'folder with results of `gpu-check run`, at any depth')
    .option('-o, --output <folder>', 'folder for report.md and report.json', 'gpu-compatibility')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      helpText(
        'gpu-check report kvs-infer --results gpu-check --output gpu-compatibility',
        '{ command, passed, report: { workload, counts, cells: [{ cuda, driver, pytorch, status, … }], … }, error? }',
        {
          done: 'the report is written, whatever it says',
          failed: 'a file cannot be read or written',
          api: 'none',
        },
      ),
    )
    .action(async (workload: string, options: ReportOptions) => {
      finish(
        await execute(
          ports,
          { command: 'gpu-check report', json: options.json === true },
          async (session) => {
            const { reportChecks } = await import('../gpu-check/report');
            return reportChecks(session, workload, options);
          },
        ),
      );
    });
}
