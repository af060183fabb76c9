import { ApiFault } from '../service';
import { digestOf, readManifest } from './manifest';
import { isImmutable } from './repository';
import type { Repository, StoredImage } from './state';

export interface PushedImage {
  readonly manifest: string;
  readonly mediaType?: string;
  readonly tag?: string;
  /** What the caller takes its digest to be. */
  readonly digest?: string;
}

/**
 * Stores a manifest, once everything that it refers to is there, and gives it a tag.
 *
 * @throws ApiFault as the API reference names them
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html
 */
export function putImage(repository: Repository, pushed: PushedImage, now: number): StoredImage {
  const { manifest, tag } = pushed;
  const digest = digestOf(manifest);
  if (pushed.digest !== undefined && pushed.digest !== digest) {
    const text = `Digest '${pushed.digest}' does not match the digest of the manifest, '${digest}'`;
    throw new ApiFault('ImageDigestDoesNotMatchException', text);
  }
  const { mediaType } = checkReferences(repository, pushed);
  if (tag !== undefined && !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag)) {
    throw new ApiFault('InvalidParameterException', `Invalid parameter at 'imageTag': '${tag}'`);
  }
  checkTag(repository, digest, tag);
  const stored = repository.images.get(digest) ?? { manifest, mediaType, pushedAt: now };
  repository.images.set(digest, stored);
  if (tag !== undefined) repository.tags.set(tag, digest);
  return stored;
}

function checkReferences(
  repository: Repository,
  { manifest, mediaType, tag }: PushedImage,
): { mediaType: string } {
  const read = readManifest(manifest, mediaType);
  const into = `into repository with name '${repository.name}' in the registry with id '${repository.account}' do not exist`;
  const image = tag === undefined ? 'image' : `image with tag '${tag}'`;
  const layers = read.layers.filter((layer) => !repository.layers.has(layer));
  if (layers.length > 0) {
    const text = `Layers with digests '[${layers.join(', ')}]' required for pushing ${image} ${into}`;
    throw new ApiFault('LayersNotFoundException', text);
  }
  const images = read.images.filter((digest) => !repository.images.has(digest));
  if (images.length === 0) return read;
  const text = `Images with digests '[${images.join(', ')}]' required for pushing ${image} ${into}`;
  throw new ApiFault('ReferencedImagesNotFoundException', text);
}

/**
 * The same bytes under the same tag are `ImageAlreadyExistsException` whatever the mutability; other bytes
 * under a tag that does not move are `ImageTagAlreadyExistsException`.
 */
function checkTag(repository: Repository, digest: string, tag: string | undefined): void {
  const { name, account, tags, images } = repository;
  const already = `already exists in the repository with name '${name}' in registry with id '${account}'`;
  if (tag === undefined) {
    if (!images.has(digest)) return;
    throw new ApiFault('ImageAlreadyExistsException', `Image with digest '${digest}' ${already}`);
  }
  const before = tags.get(tag);
  if (before === digest) {
    throw new ApiFault(
      'ImageAlreadyExistsException',
      `Image with digest '${digest}' and tag '${tag}' ${already}`,
    );
  }
  if (before !== undefined && isImmutable(repository, tag)) throw tagTaken(repository, tag);
}

export const tagTaken = ({ name }: Repository, tag: string): ApiFault =>
  new ApiFault(
    'ImageTagAlreadyExistsException',
    `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
  );
