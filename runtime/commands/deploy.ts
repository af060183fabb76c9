import type { Command } from 'commander';
import type { Version } from '../../contract/deployer';
import { ImageReference } from '../../contract/image-reference';
import { ModelArtifact } from '../../contract/model-artifact';
import { deploymentId } from './deployment-id';
import type { CommandContext } from './options';
import { addTargetVerb, type TargetOptions } from './target-verb';

interface DeployOptions extends TargetOptions {
  readonly image: string;
  readonly model?: string;
}

export function addDeploy(program: Command, context: CommandContext): void {
  addTargetVerb<'deploy', DeployOptions>(program, context, {
    name: 'deploy',
    description: 'Deploy an image, wait for this deployment, and verify it',
    options: (command) =>
      command
        .requiredOption('-i, --image <repository@sha256:…>', 'image by digest')
        .option(
          '-m, --model <s3://bucket/key.tar.gz>',
          'model, with ?versionId=… where a certain version is meant (default: the one that was released last, at first the initial one)',
        ),
    example: '--image "$IMAGE"',
    json: 'receipt: { deployment?, version, previous?, state }, outcome, checks?, diagnoses?',
    exits: { done: 'deployed and verified', failed: 'the deployment or a check failed' },
    run: async ({ session, manifest, entry, deployer, options, name }) => {
      const image = ImageReference.parse(options.image);
      const model = options.model === undefined ? undefined : ModelArtifact.parse(options.model);
      const { conclude } = await import('./conclusion');
      const { checkModel, checkRepository } = await import('../manifest');
      checkRepository(manifest, entry, image.repository);
      if (model) checkModel(manifest, entry, model);
      session.phase(`Deploy ${name}`);
      // Written before anything changes: a job that dies right after it can still be undone.
      const starting = ({ name: version }: Version) => session.output('version', version);
      const receipt = await deployer.deploy(
        { image, ...(model ? { model } : {}), starting },
        session.context,
      );
      await session.output('deployment', deploymentId(receipt.deployment ?? ''));
      await session.output('previous', receipt.previous?.name ?? '');
      return conclude(session, deployer, receipt, name);
    },
  });
}
