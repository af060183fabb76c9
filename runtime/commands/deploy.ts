import type { Command } from 'commander';
import { ImageReference } from '../../contract/image-reference';
import { execute } from '../execute';
import { type CommandContext, helpText, targetCommand, type TargetOptions } from './options';

interface DeployOptions extends TargetOptions {
  readonly image: string;
}

export function addDeploy(program: Command, { ports, finish }: CommandContext): void {
  targetCommand(program, 'deploy', 'Deploy an image, wait for this deployment, and verify it')
    .requiredOption('-i, --image <repository@sha256:…>', 'image by digest')
    .addHelpText(
      'after',
      helpText(
        'deploy kvs-infer --environment production --image "$IMAGE"',
        '{ command, passed, receipt: { deployment?, version, previous?, state }, outcome, checks?, diagnoses?, error? }',
      ),
    )
    .action(async (workload: string, options: DeployOptions) => {
      const code = await execute(
        ports,
        { command: 'deploy', json: options.json === true },
        async (session) => {
          const image = ImageReference.parse(options.image);
          const { conclude } = await import('./conclusion');
          const { checkRepository } = await import('../manifest');
          const { manifest, entry, deployer } = await session.target(workload, options.environment);
          checkRepository(manifest, entry, image.repository);
          session.phase(`Deploy ${workload} to ${options.environment}`);
          const receipt = await deployer.deploy({ image }, session.context);
          // GitHub drops job outputs that hold a masked value, such as the account id in an ARN.
          await session.output('deployment', lastPart(receipt.deployment ?? ''));
          await session.output('version', receipt.version.name);
          await session.output('previous', receipt.previous?.name ?? '');
          return conclude(session, deployer, receipt, `${workload} in ${options.environment}`);
        },
      );
      finish(code);
    });
}

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
