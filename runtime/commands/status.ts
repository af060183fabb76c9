import type { Command } from 'commander';
import { execute } from '../execute';
import { type CommandContext, helpText, targetCommand, type TargetOptions } from './options';

export function addStatus(program: Command, { ports, finish }: CommandContext): void {
  targetCommand(program, 'status', 'Show what runs and the last deployments')
    .addHelpText(
      'after',
      helpText(
        'status kvs-infer --environment production',
        '{ command, passed, running?, facts, history: [{ version, startedAt?, status, stable }], error? }',
      ),
    )
    .action(async (workload: string, options: TargetOptions) => {
      const code = await execute(
        ports,
        { command: 'status', json: options.json === true },
        async (session) => {
          const { deployer } = await session.target(workload, options.environment);
          const { running, facts, history } = await deployer.status(session.context);
          return {
            title: `${workload} in ${options.environment}: ${running ? `${running.name} runs` : 'nothing runs'}`,
            facts: running?.image ? [['image', running.image], ...facts] : facts,
            history,
            data: { running, facts: Object.fromEntries(facts) },
          };
        },
      );
      finish(code);
    });
}
