import { decodeManifest, MANIFEST_PATH } from '../contract/codec';
import { type Fault, LockstepError } from '../contract/errors';
import type { ImageReference } from '../contract/image-reference';
import type { DeployManifest, EcrImage, TargetEntry } from '../contract/manifest';
import type { ModelArtifact } from '../contract/model-artifact';
import type { Ports } from './ports';

/** @throws LockstepError `ManifestMissing`, `ManifestUnreadable` or `ManifestTooNew` */
export async function readManifest(ports: Pick<Ports, 'readFile'>): Promise<DeployManifest> {
  let text: string;
  try {
    text = await ports.readFile(MANIFEST_PATH);
  } catch (error) {
    throw new LockstepError(
      'ManifestMissing',
      {
        place: MANIFEST_PATH,
        value: 'no such file',
        allowed: 'the manifest that `npx projen` writes',
        change: 'run the command in the root of the repository',
      },
      { cause: error },
    );
  }
  return decodeManifest(text);
}

/** @throws LockstepError `UnknownWorkload` or `UnknownEnvironment`, with those that exist */
export function findTarget(manifest: DeployManifest, workload: string, environment: string): TargetEntry {
  const targets = manifest.targets.filter((target) => target.workload === workload);
  if (targets.length === 0)
    throw unknownWorkload(
      workload,
      manifest.targets.map((target) => target.workload),
    );
  const target = targets.find((each) => each.environment === environment);
  if (target) return target;
  throw new LockstepError('UnknownEnvironment', {
    place: '--environment',
    value: JSON.stringify(environment),
    allowed: list(targets.map((each) => each.environment)),
    change: `name one of the environments of ${workload}`,
  });
}

/**
 * An image that a registry of AWS keeps, by its id: that of the workload where it has one image.
 *
 * @throws LockstepError `UnknownImage`, with those that there are, or `VerbNotSupported` for another registry
 */
export function findImage(manifest: DeployManifest, id: string): EcrImage {
  const image = manifest.images.find((each) => each.id === id);
  if (image?.registry === 'ecr') return image;
  const known = manifest.images.filter(({ registry }) => registry === 'ecr').map((each) => each.id);
  if (image) {
    throw new LockstepError('VerbNotSupported', {
      place: `image ${id}`,
      value: image.repository.uri,
      allowed: `an image that ECR keeps: ${list(known)}`,
      change: 'look at the registry itself; the build job names the digest that it pushed',
    });
  }
  throw new LockstepError('UnknownImage', {
    place: '<image>',
    value: JSON.stringify(id),
    allowed: list(known),
    change: 'name one of the images of the manifest',
  });
}

/** @throws LockstepError `ForeignImage` */
export function checkRepository(
  manifest: DeployManifest,
  target: TargetEntry,
  repository: string,
  place = '--image',
): void {
  const declared = repositoriesOf(manifest, target);
  if (declared.length === 0 || declared.includes(repository)) return;
  throw new LockstepError('ForeignImage', foreign(place, repository, declared));
}

/**
 * Refuses images that are not exactly one of each repository of the target. All faults are told together.
 *
 * @throws LockstepError `ForeignImage`, or `InvalidArgument` where an image is missing or there twice
 */
export function checkImages(
  manifest: DeployManifest,
  target: TargetEntry,
  images: readonly ImageReference[],
): void {
  const declared = repositoriesOf(manifest, target);
  const given = images.map(({ repository }) => repository);
  const strangers = given.filter((repository) => !declared.includes(repository));
  const open = declared.filter((repository) => !given.includes(repository));
  // A stranger stands where one of them should: which one, nobody can tell.
  const missing = strangers.length === 0 ? open : [];
  const twice = declared.filter((each) => given.filter((repository) => repository === each).length > 1);
  const faults: readonly Fault[] = [
    ...strangers.map((repository) => foreign('--image', repository, open.length > 0 ? open : declared)),
    ...missing.map((repository) => ({
      place: '--image',
      value: `nothing of ${repository}`,
      allowed: 'one image of each repository of the target',
      change: `pass --image ${repository}@sha256:<64 hex digits>`,
    })),
    ...twice.map((repository) => ({
      place: '--image',
      value: `${repository} more than once`,
      allowed: 'one image of each repository of the target',
      change: `pass one --image of ${repository}`,
    })),
  ];
  if (faults.length > 0) {
    throw new LockstepError(strangers.length > 0 ? 'ForeignImage' : 'InvalidArgument', faults);
  }
}

const repositoriesOf = (manifest: DeployManifest, { images }: TargetEntry): readonly string[] =>
  manifest.images.filter(({ id }) => images.includes(id)).map(({ repository }) => repository.uri);

const foreign = (place: string, repository: string, declared: readonly string[]): Fault => ({
  place,
  value: repository,
  allowed: declared.join(' or '),
  change: `push the image to ${declared.join(' or ')} and pass its digest there`,
});

/**
 * Refuses a model that the workload does not serve from.
 *
 * @throws LockstepError `InvalidArgument` where models are no affair of the workload, or `ForeignModel`
 */
export function checkModel(
  manifest: DeployManifest,
  target: TargetEntry,
  model: ModelArtifact,
  place = '--model',
): void {
  const declared = modelBucket(manifest, target);
  if (declared === undefined) {
    throw new LockstepError('InvalidArgument', {
      place,
      value: model.toString(),
      allowed: `nothing: ${target.workload} keeps no model apart from its image`,
      change: `leave out ${place}`,
    });
  }
  if (model.bucket === declared) return;
  throw new LockstepError('ForeignModel', {
    place,
    value: model.toString(),
    allowed: `a model in the bucket ${declared}`,
    change: 'upload the model to the declared bucket',
  });
}

/** Bucket that the workload's models are in; undefined where it has none. */
export const modelBucket = (manifest: DeployManifest, target: TargetEntry): string | undefined =>
  manifest.workloads.find(({ id }) => id === target.workload)?.models?.bucket;

function unknownWorkload(workload: string, known: readonly string[]): LockstepError {
  return new LockstepError('UnknownWorkload', {
    place: '<workload>',
    value: JSON.stringify(workload),
    allowed: list(known),
    change: 'name one of the workloads of the manifest',
  });
}

const list = (names: readonly string[]): string => [...new Set(names)].sort().join(', ') || '(none)';
