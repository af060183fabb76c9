import type { AwsCall, DeployManifest, EcrImage, ImageEntry } from '../../contract';
import { type ReadCalls, refused, stepCallsOf } from './call';
import { ACTIONS_OF_IMAGE_COMMAND, ACTIONS_OF_RELEASE } from './command-verbs';
import { ecrImages, repositoryArn } from './ecr-images';
import type { Options } from './options';
import type { CommandPlace } from './pipeline-command';

export const SAME_IMAGE =
  'pass an image of the repository that the workload declares; the command refuses every other one';

/** Calls of `image find` and `image tag`, on the repository of the image that they name. */
export function imageCommandCalls(
  verb: keyof typeof ACTIONS_OF_IMAGE_COMMAND,
  id: string | undefined,
  given: Options,
  { place, text }: CommandPlace,
  manifest: DeployManifest,
): ReadCalls {
  const refuse = (value: string, allowed: string, change: string) =>
    refused({ place, value: `${value} in \`${text}\``, allowed, change });
  const image = imageOf(manifest, id);
  if (!image) {
    const known = ecrImages(manifest).map((one) => one.id);
    return refuse(`image ${id ?? 'nothing'}`, known.join(', '), 'name an image that lies in Amazon ECR');
  }
  const foreign = foreignImage(given, [image]);
  if (foreign !== undefined)
    return refuse(`image ${foreign}`, `an image of ${image.repository.uri}`, SAME_IMAGE);
  const releases = manifest.workloads.some(
    ({ images, releaseTags }) => images.includes(image.id) && releaseTags.length > 0,
  );
  const actions = [
    ...ACTIONS_OF_IMAGE_COMMAND[verb],
    ...(verb === 'image tag' && releases ? ACTIONS_OF_RELEASE : []),
  ];
  const calls = actions.map((action): AwsCall => ({ action, resources: [repositoryArn(image)] }));
  return { calls: stepCallsOf(calls, text, { image: image.id }), faults: [] };
}

/** Image by its id, as the command finds it. */
export const imageOf = (manifest: DeployManifest, id: string | undefined): EcrImage | undefined =>
  ecrImages(manifest).find((image) => image.id === id);

/**
 * An image that a line names and that lies in none of the repositories. The repository stands in the file even where the
 * digest comes from another job.
 */
export function foreignImage(given: Options, images: readonly ImageEntry[]): string | undefined {
  return ['--image', '-i'].flatMap(given.writtenValues).find((text) => {
    const named = text?.split('@')[0];
    return (
      named !== undefined &&
      !named.includes('${{') &&
      !images.some(({ repository }) => repository.uri === named)
    );
  });
}
