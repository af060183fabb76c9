import type { Command } from 'commander';
import { LockstepError } from '../../contract/errors';
import { execute } from '../execute';
import { type CommandContext, helpText, targetCommand, type TargetOptions } from './options';

interface WaitOptions extends TargetOptions {
  readonly deployment?: string;
}

export function addWait(program: Command, { ports, finish }: CommandContext): void {
  targetCommand(program, 'wait', 'Wait for the newest deployment, and verify it')
    .option('-d, --deployment <id>', 'fail unless this is the newest deployment')
    .addHelpText(
      'after',
      helpText(
        'wait kvs-infer --environment production',
        '{ command, passed, receipt: { deployment?, version, previous?, state }, outcome, checks?, diagnoses?, error? }',
      ),
    )
    .action(async (workload: string, options: WaitOptions) => {
      const code = await execute(ports, { command: 'wait', json: options.json === true }, async (session) => {
        const { conclude } = await import('./conclusion');
        const { deployer } = await session.target(workload, options.environment);
        const receipt = await deployer.current(session.context);
        if (options.deployment !== undefined && !isSame(options.deployment, receipt.deployment)) {
          throw new LockstepError('DeploymentSuperseded', {
            place: '--deployment',
            value: options.deployment,
            allowed: receipt.deployment ?? 'no deployment at all',
            change: 'wait for the newest deployment, or deploy again',
          });
        }
        return conclude(session, deployer, receipt, `${workload} in ${options.environment}`);
      });
      finish(code);
    });
}

/** The whole identifier, or its last part. */
const isSame = (given: string, found: string | undefined): boolean =>
  found === given || (found?.endsWith(`/${given}`) ?? false);
