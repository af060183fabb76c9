import { optionalString, refuseOthers } from '../modelled-members';
import { ApiFault, type Call, type Input, type Operation, page, stringOf, stringsOf } from '../service';
import { resolveIds, type ImageId } from './image-ids';
import { digestOf, inAcceptedForm } from './manifest';
import { putImage } from './put-image';
import { asks, type EcrHolder, repositoryOf } from './repository';
import type { Repository } from './state';

const API = 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_';
const LARGEST_PAGE = 1_000;

/** Images of a repository: by digest, with tags that move or do not. */
export function imageOperations(ecr: EcrHolder): Readonly<Record<string, Operation>> {
  const operation = (
    name: string,
    members: readonly string[],
    handle: (repository: Repository, input: Input, call: Call) => object,
  ): Operation => ({
    source: `${API}${name}.html`,
    questions: asks(ecr, name),
    handle: (input, call) => {
      refuseOthers(`ecr:${name}`, input, ['repositoryName', 'registryId', ...members]);
      return handle(repositoryOf(ecr, input, call), input, call);
    },
  });
  const listed = ['filter', 'maxResults', 'nextToken'];
  return {
    PutImage: operation(
      'PutImage',
      ['imageManifest', 'imageManifestMediaType', 'imageTag', 'imageDigest'],
      (repository, input, call) => ({ image: put(repository, input, call) }),
    ),
    BatchGetImage: operation('BatchGetImage', ['imageIds', 'acceptedMediaTypes'], batchGet),
    ListImages: operation('ListImages', listed, (repository, input) => {
      const { items, ...token } = page(input, filtered(repository, input), LARGEST_PAGE);
      return { imageIds: items, ...token };
    }),
    DescribeImages: operation('DescribeImages', ['imageIds', ...listed], describeImages),
    BatchDeleteImage: operation('BatchDeleteImage', ['imageIds'], batchDelete),
  };
}

function put(repository: Repository, input: Input, { now }: Call): object {
  const mediaType = optionalString(input, 'imageManifestMediaType');
  const tag = optionalString(input, 'imageTag');
  const digest = optionalString(input, 'imageDigest');
  const imageManifest = stringOf(input, 'imageManifest');
  const pushed = {
    manifest: imageManifest,
    ...(mediaType && { mediaType }),
    ...(tag && { tag }),
    ...(digest && { digest }),
  };
  const stored = putImage(repository, pushed, now);
  return {
    registryId: repository.account,
    repositoryName: repository.name,
    imageId: { imageDigest: digestOf(imageManifest), ...(tag && { imageTag: tag }) },
    imageManifest,
    imageManifestMediaType: stored.mediaType,
  };
}

function batchGet(repository: Repository, input: Input): object {
  const { found, failures } = resolveIds(repository, input);
  const accepted = input.acceptedMediaTypes === undefined ? [] : stringsOf(input, 'acceptedMediaTypes');
  const images = found.map(({ id, digest, image }) => {
    const { manifest, mediaType } = inAcceptedForm(image, accepted);
    return {
      registryId: repository.account,
      repositoryName: repository.name,
      imageId: { ...id, imageDigest: digest },
      imageManifest: manifest,
      imageManifestMediaType: mediaType,
    };
  });
  return { images, failures };
}

/** One id for each tag, and one for each image without a tag. */
function filtered({ images, tags }: Repository, input: Input): readonly ImageId[] {
  const { tagStatus = 'ANY', ...others } = (input.filter ?? {}) as Readonly<Record<string, unknown>>;
  refuseOthers('ecr:filter', others, []);
  const named = new Set(tags.values());
  const tagged = [...tags].map(([imageTag, imageDigest]) => ({ imageDigest, imageTag }));
  const untagged = [...images.keys()]
    .filter((digest) => !named.has(digest))
    .map((imageDigest) => ({ imageDigest }));
  if (tagStatus === 'TAGGED') return tagged;
  return tagStatus === 'UNTAGGED' ? untagged : [...tagged, ...untagged];
}

function describeImages(repository: Repository, input: Input): object {
  if (input.imageIds === undefined) {
    const digests = new Set(filtered(repository, input).flatMap(({ imageDigest }) => imageDigest ?? []));
    const { items, ...token } = page(input, [...digests], LARGEST_PAGE);
    return { imageDetails: items.flatMap((digest) => detail(repository, digest)), ...token };
  }
  const { found, failures } = resolveIds(repository, input);
  const [missing] = failures;
  if (!missing) return { imageDetails: found.flatMap(({ digest }) => detail(repository, digest)) };
  const { imageDigest = 'null', imageTag = 'null' } = missing.imageId;
  const { name, account } = repository;
  throw new ApiFault(
    'ImageNotFoundException',
    `The image with imageId {imageDigest:'${imageDigest}', imageTag:'${imageTag}'} does not exist within the repository with name '${name}' in the registry with id '${account}'`,
  );
}

function detail({ account, name, images, tags, layers }: Repository, digest: string): readonly object[] {
  const image = images.get(digest);
  if (!image) return [];
  const imageTags = [...tags].flatMap(([tag, named]) => (named === digest ? tag : []));
  const parts = [...layers].filter(([layer]) => image.manifest.includes(layer));
  const size = parts.reduce((sum, [, content]) => sum + Buffer.byteLength(content, 'base64'), 0);
  return [
    {
      registryId: account,
      repositoryName: name,
      imageDigest: digest,
      ...(imageTags.length > 0 && { imageTags }),
      imageSizeInBytes: size,
      imagePushedAt: new Date(image.pushedAt),
      imageManifestMediaType: image.mediaType,
    },
  ];
}

/** A tag is taken off; the image goes with its last tag, or when its digest is named. */
function batchDelete(repository: Repository, input: Input): object {
  const { images, tags } = repository;
  const { found, failures } = resolveIds(repository, input);
  const isReferenced = (digest: string): boolean =>
    [...images].some(([other, { manifest }]) => other !== digest && manifest.includes(digest));
  const imageIds = found.flatMap(({ id, digest }) => {
    const { imageTag } = id;
    if (imageTag !== undefined) tags.delete(imageTag);
    const left = [...tags].filter(([, named]) => named === digest);
    const stays = isReferenced(digest) || (imageTag !== undefined && left.length > 0);
    if (stays) return imageTag === undefined ? [] : [{ ...id, imageDigest: digest }];
    images.delete(digest);
    for (const [tag] of left) tags.delete(tag);
    return [{ ...id, imageDigest: digest }];
  });
  const kept = found.filter(({ id, digest }) => id.imageTag === undefined && images.has(digest));
  return { imageIds, failures: [...failures, ...kept.map(({ id }) => REFERENCED(id))] };
}

const REFERENCED = (imageId: ImageId): object => ({
  imageId,
  failureCode: 'ImageReferencedByManifestList',
  failureReason: 'Requested image referenced by manifest list',
});
