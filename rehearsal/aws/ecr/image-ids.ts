import { z } from 'zod';
import { ApiFault, type Input } from '../service';
import { isDigest } from './manifest';
import type { Repository, StoredImage } from './state';

/** Most ids in one call. */
const MOST = 100;

const ImageIds = z
  .array(z.object({ imageDigest: z.string().optional(), imageTag: z.string().optional() }))
  .min(1)
  .max(MOST);

export interface ImageId {
  readonly imageDigest?: string | undefined;
  readonly imageTag?: string | undefined;
}

export interface FoundImage {
  /** As asked for. */
  readonly id: ImageId;
  readonly digest: string;
  readonly image: StoredImage;
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageFailure.html */
export interface ImageFailure {
  readonly imageId: ImageId;
  readonly failureCode: string;
  readonly failureReason: string;
}

/**
 * Finds the images that a request names by digest, tag or both.
 *
 * @throws ApiFault `InvalidParameterException`
 */
export function resolveIds(
  repository: Repository,
  input: Input,
): { readonly found: readonly FoundImage[]; readonly failures: readonly ImageFailure[] } {
  const read = ImageIds.safeParse(input.imageIds);
  if (!read.success) throw new ApiFault('InvalidParameterException', `imageIds: 1 to ${MOST} ids of images`);
  const resolved = read.data.map((id) => resolveId(repository, id));
  return {
    found: resolved.flatMap((one) => ('image' in one ? one : [])),
    failures: resolved.flatMap((one) => ('image' in one ? [] : one)),
  };
}

function resolveId({ images, tags }: Repository, id: ImageId): FoundImage | ImageFailure {
  const failure = (failureCode: string, failureReason: string): ImageFailure => ({
    imageId: id,
    failureCode,
    failureReason,
  });
  const { imageDigest, imageTag } = id;
  if (imageDigest === undefined && imageTag === undefined) {
    return failure('MissingDigestAndTag', 'Image must have at least one of imageTag or imageDigest');
  }
  if (imageDigest !== undefined && !isDigest(imageDigest)) {
    return failure('InvalidImageDigest', 'Invalid request parameters: image digest');
  }
  const named = imageTag === undefined ? imageDigest : tags.get(imageTag);
  if (named !== undefined && imageDigest !== undefined && named !== imageDigest) {
    return failure('ImageTagDoesNotMatchDigest', 'Requested tag does not name the requested digest');
  }
  const image = named === undefined ? undefined : images.get(named);
  if (named === undefined || !image) return failure('ImageNotFound', 'Requested image not found');
  return { id, digest: named, image };
}
