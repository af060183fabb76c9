import type { Command } from 'commander';
import { LockstepError } from '../../contract/errors';
import { deploymentId } from './deployment-id';
import type { CommandContext } from './options';
import { addTargetVerb, type TargetOptions } from './target-verb';

interface WaitOptions extends TargetOptions {
  readonly deployment?: string;
}

export function addWait(program: Command, context: CommandContext): void {
  addTargetVerb<'wait', WaitOptions>(program, context, {
    name: 'wait',
    description: 'Wait for the newest deployment, and verify it',
    options: (command) =>
      command.option('-d, --deployment <id>', 'fail unless this is the newest deployment'),
    json: 'receipt: { deployment?, version, previous?, state }, outcome, checks?, diagnoses?',
    exits: { done: 'deployed and verified', failed: 'the deployment or a check failed' },
    run: async ({ session, deployer, options, name }) => {
      const { conclude } = await import('./conclusion');
      const receipt = await deployer.current(session.context);
      checkNewest(options.deployment, receipt.deployment);
      return conclude(session, deployer, receipt, name);
    },
  });
}

/** @throws LockstepError `DeploymentSuperseded` when another deployment is the newest than the one named */
function checkNewest(named: string | undefined, newest: string | undefined): void {
  if (named === undefined || deploymentId(named) === deploymentId(newest ?? '')) return;
  throw new LockstepError('DeploymentSuperseded', {
    place: '--deployment',
    value: named,
    allowed: newest ?? 'no deployment at all',
    change: 'wait for the newest deployment, or deploy again',
  });
}
