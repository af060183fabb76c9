import { decodeManifest, MANIFEST_PATH } from '../contract/codec';
import { LockstepError } from '../contract/errors';
import type { DeployManifest, ImageEntry, TargetEntry } from '../contract/manifest';
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

/** Image of a workload. @throws LockstepError `UnknownWorkload`, with the workloads that have one */
export function findImage(manifest: DeployManifest, workload: string): ImageEntry {
  const entry = manifest.workloads.find(({ id }) => id === workload);
  const image = manifest.images.find(({ id }) => id === entry?.image);
  if (image) return image;
  const withImage = manifest.workloads.filter((each) => each.image !== undefined);
  throw unknownWorkload(
    workload,
    withImage.map(({ id }) => id),
  );
}

/** @throws LockstepError `ForeignImage` */
export function checkRepository(
  manifest: DeployManifest,
  target: TargetEntry,
  repository: string,
  place = '--image',
): void {
  const declared = manifest.images.find(({ id }) => id === target.image)?.repository.uri;
  if (declared === undefined || declared === repository) return;
  throw new LockstepError('ForeignImage', {
    place,
    value: repository,
    allowed: declared,
    change: `push the image to ${declared} and pass its digest there`,
  });
}

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
