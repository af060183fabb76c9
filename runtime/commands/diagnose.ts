import type { Command } from 'commander';
import { execute } from '../execute';
import { type CommandContext, helpText, targetCommand, type TargetOptions } from './options';

export function addDiagnose(program: Command, { ports, finish }: CommandContext): void {
  targetCommand(program, 'diagnose', 'Say why the newest deployment failed, and what to do')
    .addHelpText(
      'after',
      helpText(
        'diagnose kvs-infer --environment production',
        '{ command, passed, diagnoses: [{ source, cause, evidence, remedy }], error? }',
      ),
    )
    .action(async (workload: string, options: TargetOptions) => {
      const code = await execute(
        ports,
        { command: 'diagnose', json: options.json === true },
        async (session) => {
          const { deployer } = await session.target(workload, options.environment);
          const diagnoses = await deployer.diagnose(session.context);
          const found =
            diagnoses.length === 0
              ? 'nothing wrong was found'
              : `${diagnoses.length} found, most probable first`;
          return { title: `${workload} in ${options.environment}: ${found}`, facts: [], diagnoses, data: {} };
        },
      );
      finish(code);
    });
}
