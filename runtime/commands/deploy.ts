import { type Command, Option } from 'commander';
import type { Version } from '../../contract/deployer';
import { ImageReference } from '../../contract/image-reference';
import { ModelArtifact } from '../../contract/model-artifact';
import { deploymentId } from './deployment-id';
import type { CommandContext } from './options';
import { addTargetVerb, type TargetOptions } from './target-verb';

interface DeployOptions extends TargetOptions {
  readonly image: readonly string[];
  readonly model?: string;
}

export function addDeploy(program: Command, context: CommandContext): void {
  addTargetVerb<'deploy', DeployOptions>(program, context, {
    name: 'deploy',
    description: 'Deploy the images of a workload, wait for this deployment, and verify it',
    options: (command) =>
      command
        .addOption(
          new Option(
            '-i, --image <repository@sha256:…>',
            'image by digest; once for each image of the workload',
          )
            .argParser<readonly string[]>((text, others = []) => [...others, text])
            .makeOptionMandatory(),
        )
        .option(
          '-m, --model <s3://bucket/key.tar.gz>',
          'model, with ?versionId=… where a certain version is meant (default: the one that was released last, at first the initial one)',
        ),
    example: '--image "$IMAGE"',
    json: 'receipt: { deployment?, version, previous?, state }, outcome, checks?, diagnoses?',
    exits: { done: 'deployed and verified', failed: 'the deployment or a check failed' },
    run: async ({ session, manifest, entry, deployer, options, name }) => {
      const images = options.image.map((text) => ImageReference.parse(text));
      const model = options.model === undefined ? undefined : ModelArtifact.parse(options.model);
      const { conclude } = await import('./conclusion');
      const { checkImages, checkModel } = await import('../manifest');
      checkImages(manifest, entry, images);
      if (model) checkModel(manifest, entry, model);
      session.phase(`Deploy ${name}`);
      // Written before anything changes: a job that dies right after it can still be undone.
      const starting = ({ name: version }: Version) => session.output('version', version);
      const receipt = await deployer.deploy(
        { images, ...(model ? { model } : {}), starting },
        session.context,
      );
      await session.output('deployment', deploymentId(receipt.deployment ?? ''));
      await session.output('previous', receipt.previous?.name ?? '');
      return conclude(session, deployer, receipt, name);
    },
  });
}
