import type { Command } from 'commander';
import type { CommandContext } from './options';
import { addTargetVerb, type TargetOptions } from './target-verb';

interface VerifyOptions extends TargetOptions {
  readonly revision?: string;
}

export function addVerify(program: Command, context: CommandContext): void {
  addTargetVerb<'verify', VerifyOptions>(program, context, {
    name: 'verify',
    description: 'Check that what was deployed runs and is healthy',
    options: (command) =>
      command.option(
        '-r, --revision <version>',
        'version that should run (default: what the target points at)',
      ),
    json: 'checks: [{ name, passed, detail }]',
    exits: { done: 'every check passed', failed: 'a check failed' },
    run: async ({ session, deployer, options, name }) => {
      const { verificationFailure } = await import('./verification');
      const version = options.revision ? { name: options.revision } : undefined;
      const checks = await deployer.verify(version, session.context);
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
  });
}
