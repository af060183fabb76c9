import type { Command } from 'commander';
import { execute } from '../execute';
import { type CommandContext, helpText, targetCommand, type TargetOptions } from './options';

interface VerifyOptions extends TargetOptions {
  readonly revision?: string;
}

export function addVerify(program: Command, { ports, finish }: CommandContext): void {
  targetCommand(program, 'verify', 'Check that what was deployed runs and is healthy')
    .option('-r, --revision <version>', 'version that should run (default: what the target points at)')
    .addHelpText(
      'after',
      helpText(
        'verify kvs-infer --environment production',
        '{ command, passed, checks: [{ name, passed, detail }], error? }',
      ),
    )
    .action(async (workload: string, options: VerifyOptions) => {
      const code = await execute(
        ports,
        { command: 'verify', json: options.json === true },
        async (session) => {
          const { verificationFailure } = await import('./conclusion');
          const { deployer } = await session.target(workload, options.environment);
          const version = options.revision ? { name: options.revision } : undefined;
          const checks = await deployer.verify(version, session.context);
          const name = `${workload} in ${options.environment}`;
          const failure = verificationFailure(checks, name);
          const passed = checks.filter((check) => check.passed).length;
          return {
            title: `${name}: ${passed} of ${checks.length} checks passed`,
            facts: [],
            checks,
            data: {},
            ...(failure ? { failure } : {}),
          };
        },
      );
      finish(code);
    });
}
