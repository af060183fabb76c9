import type { Command } from 'commander';
import type { TargetStatus, Version } from '../../contract/deployer';
import { LockstepError } from '../../contract/errors';
import { ImageReference } from '../../contract/image-reference';
import type { DeployManifest, TargetEntry } from '../../contract/manifest';
import { ModelArtifact } from '../../contract/model-artifact';
import type { CommandContext } from './options';
import { addTargetVerb, type TargetOptions } from './target-verb';

interface ResolveOptions extends TargetOptions {
  readonly model?: string;
}

/** What one environment hands to the next. */
interface Release {
  readonly image: ImageReference;
  /** Absent where the workload keeps no models. */
  readonly model?: ModelArtifact;
}

export function addResolve(program: Command, context: CommandContext): void {
  addTargetVerb<'resolve', ResolveOptions>(program, context, {
    name: 'resolve',
    description: 'Name the image and the model that an environment runs, for the next one to take over',
    options: (command) =>
      command.option(
        '-m, --model <s3://bucket/key.tar.gz>',
        'another model than the one that the environment runs',
      ),
    exampleTarget: 'bikeshare --environment staging',
    json: 'version, image, digest, model?, since?',
    exits: { done: 'a stable release is named', failed: 'the environment runs none' },
    run: async ({ session, manifest, entry, deployer, options, name }) => {
      const { checkModel } = await import('../manifest');
      const named = options.model === undefined ? undefined : ModelArtifact.parse(options.model);
      if (named) checkModel(manifest, entry, named);
      const { version, since } = stableRelease(await deployer.status(session.context), name);
      const { image, model } = await contentOf(version, named, manifest, entry, name);
      await session.output('digest', image.digest);
      if (model) await session.output('model', withoutBucket(model));
      return {
        title: `${name}: ${version.name} can be promoted`,
        facts: [
          ['version', version.name],
          ['image', image.toString()],
          ...(model ? [['model', model.toString()] as const] : []),
          ...(named && version.model ? [[`model of ${entry.environment}`, version.model] as const] : []),
          ...(since === undefined ? [] : [['released', since] as const]),
        ],
        data: {
          version,
          image: image.toString(),
          digest: image.digest,
          ...(model ? { model: model.toString() } : {}),
          ...(since === undefined ? {} : { since }),
        },
      };
    },
  });
}

/** @throws LockstepError `NothingToPromote` */
function stableRelease(
  { running, changingTo, history }: TargetStatus,
  name: string,
): { readonly version: Version; readonly since?: string } {
  if (changingTo) throw nothing(name, `a deployment to ${changingTo.name} is under way`);
  if (!running) throw nothing(name, 'no release serves there at the moment');
  const release = history.find(({ version, stable }) => stable && version.name === running.name);
  if (!release) throw nothing(name, `${running.name}, which no deployment has brought to its end`);
  return { version: running, ...(release.at === undefined ? {} : { since: release.at }) };
}

/** @throws LockstepError `NothingToPromote`, `ForeignImage`, `ForeignModel` or `InvalidModelArtifact` */
async function contentOf(
  { name: version, image: reference, model: artifact }: Version,
  named: ModelArtifact | undefined,
  manifest: DeployManifest,
  entry: TargetEntry,
  name: string,
): Promise<Release> {
  const { checkModel, checkRepository, modelBucket } = await import('../manifest');
  const runs = `what runs in ${entry.environment}`;
  if (reference === undefined) throw nothing(name, `${version}, whose image cannot be told`);
  const image = ImageReference.parse(reference, `image of ${runs}`);
  checkRepository(manifest, entry, image.repository, `image of ${runs}`);
  if (named) return { image, model: versioned(named) };
  if (modelBucket(manifest, entry) === undefined) return { image };
  if (artifact === undefined) throw nothing(name, `${version}, whose model cannot be told`);
  const model = ModelArtifact.parse(artifact, `model of ${runs}`);
  // Jobs hand on the key alone: in another bucket it would name another model, or none.
  checkModel(manifest, entry, model, `model of ${runs}`);
  return { image, model };
}

/** What is approved must be what is deployed: the newest version of a key may be another one by then. */
function versioned(model: ModelArtifact): ModelArtifact {
  if (model.version !== undefined) return model;
  throw new LockstepError('InvalidModelArtifact', {
    place: '--model',
    value: model.toString(),
    allowed: `${model.uri}?versionId=<id>`,
    change: `name the version, which \`aws s3api head-object --bucket ${model.bucket} --key ${model.key} --query VersionId\` prints`,
  });
}

/**
 * Key and version. The name of a bucket holds the account id, and GitHub drops job outputs that hold a masked value.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs
 */
const withoutBucket = ({ key, version }: ModelArtifact): string =>
  version === undefined ? key : `${key}?versionId=${version}`;

const nothing = (name: string, value: string): LockstepError =>
  new LockstepError('NothingToPromote', {
    place: name,
    value,
    allowed: 'a release that was deployed to its end and serves',
    change: 'let a deployment there succeed, then promote again',
  });
