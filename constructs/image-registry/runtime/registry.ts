import {
  BatchGetImageCommand,
  ECRClient,
  type Image,
  type ImageIdentifier,
  ListImagesCommand,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import type { AwsConnection, EcrImage } from '../../../contract';
import { LockstepError } from '../../../contract';
import { awsErrorName, callAws, clientOptions, paged } from '../../aws-client';

/** Every form that buildx pushes; without them ECR would convert the manifest, and with it the digest. */
const MEDIA_TYPES = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
];

/**
 * Most tags that one page lists.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImages.html
 */
const LIST_PAGE = 1_000;

/** The image repository of a workload. */
export interface Registry {
  /** Digest behind a tag; undefined when there is no such tag. */
  find(tag: string): Promise<string | undefined>;
  /** Every tag in the repository. */
  tags(): Promise<readonly string[]>;
  /**
   * Gives an image a further tag. A tag that names the image already is fine.
   *
   * @returns false when the tag was there already
   * @throws LockstepError `ImageNotFound` or `TagTaken`
   */
  tag(digest: string, tag: string): Promise<boolean>;
  close(): void;
}

export function openRegistry({ repository }: EcrImage, connection: AwsConnection): Registry {
  const ecr = new ECRClient(clientOptions({ ...connection, region: repository.region }));
  const where = { repositoryName: repository.name, registryId: repository.account };

  const get = async (imageId: ImageIdentifier): Promise<Image | undefined> => {
    const { images } = await callAws('ecr:BatchGetImage', () =>
      ecr.send(new BatchGetImageCommand({ ...where, imageIds: [imageId], acceptedMediaTypes: MEDIA_TYPES })),
    );
    return images?.[0];
  };

  return {
    find: async (imageTag) => (await get({ imageTag }))?.imageId?.imageDigest,
    tags: async () => {
      const ids = await paged(
        'ecr:ListImages',
        (token) =>
          callAws('ecr:ListImages', () =>
            ecr.send(
              new ListImagesCommand({
                ...where,
                filter: { tagStatus: 'TAGGED' },
                maxResults: LIST_PAGE,
                ...token,
              }),
            ),
          ),
        ({ imageIds }) => imageIds,
      );
      return ids.flatMap(({ imageTag }) => imageTag ?? []);
    },
    tag: async (imageDigest, imageTag) => {
      const image = await get({ imageDigest });
      if (!image) throw imageNotFound(repository.uri, imageDigest);
      const { imageManifest, imageManifestMediaType } = image;
      try {
        await callAws('ecr:PutImage', () =>
          ecr.send(
            new PutImageCommand({ ...where, imageManifest, imageManifestMediaType, imageTag, imageDigest }),
          ),
        );
        return true;
      } catch (error) {
        if (awsErrorName(error) === 'ImageAlreadyExistsException') return false;
        if (awsErrorName(error) === 'ImageTagAlreadyExistsException')
          throw tagTaken(repository.uri, imageTag);
        throw error;
      }
    },
    close: () => ecr.destroy(),
  };
}

const imageNotFound = (repository: string, digest: string): LockstepError =>
  new LockstepError('ImageNotFound', {
    place: repository,
    value: digest,
    allowed: 'the digest of an image that was pushed',
    change: 'push the image first, or pass the digest that the build job printed',
  });

const tagTaken = (repository: string, tag: string): LockstepError =>
  new LockstepError('TagTaken', {
    place: `${repository}:${tag}`,
    value: 'a tag that names other bytes',
    allowed: 'a new tag, or the same image again',
    change: 'release under a new version number',
  });
