import { createHash } from 'node:crypto';
import { ApiFault, type Handlers, type Input, page, stringOf, stringsOf } from './protocol';

interface ImageId {
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

interface StoredImage {
  readonly manifest: string;
  readonly mediaType: string;
}

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const digestOf = (manifest: string): string =>
  `sha256:${createHash('sha256').update(manifest).digest('hex')}`;

/** One ECR repository: manifests by digest, tags that move or do not. */
export class RegistryModel {
  readonly images = new Map<string, StoredImage>();
  readonly tags = new Map<string, string>();

  constructor(
    readonly repository: string,
    private readonly mutableTags: RegExp,
  ) {}

  /** @returns the digest */
  push(manifest: string, ...tags: readonly string[]): string {
    return this.pushAs(OCI_INDEX, manifest, ...tags);
  }

  /** @returns the digest */
  pushAs(mediaType: string, manifest: string, ...tags: readonly string[]): string {
    const digest = digestOf(manifest);
    this.images.set(digest, { manifest, mediaType });
    for (const tag of tags) this.tags.set(tag, digest);
    return digest;
  }

  handlers(): Handlers {
    return {
      BatchGetImage: (input) => this.batchGetImage(input),
      ListImages: (input) => this.listImages(input),
      PutImage: (input) => this.putImage(input),
    };
  }

  private check(input: Input): void {
    if (stringOf(input, 'repositoryName') !== this.repository)
      throw new ApiFault('RepositoryNotFoundException', 'The repository does not exist.');
  }

  private batchGetImage(input: Input): object {
    this.check(input);
    const ids: unknown = input.imageIds;
    const [id] = Array.isArray(ids) ? (ids as readonly ImageId[]) : [];
    const digest = id?.imageDigest ?? this.tags.get(id?.imageTag ?? '');
    const image = digest === undefined ? undefined : this.images.get(digest);
    if (!image) {
      const failure = { imageId: id, failureCode: 'ImageNotFound', failureReason: 'not found' };
      return { images: [], failures: [failure] };
    }
    const { manifest, mediaType } = this.inAcceptedForm(image, input);
    return {
      images: [
        {
          repositoryName: this.repository,
          imageId: { ...id, imageDigest: digest },
          imageManifest: manifest,
          imageManifestMediaType: mediaType,
        },
      ],
      failures: [],
    };
  }

  /** A form that the caller does not name is converted for it, and other bytes have another digest. */
  private inAcceptedForm(image: StoredImage, input: Input): StoredImage {
    const accepted = input.acceptedMediaTypes === undefined ? [] : stringsOf(input, 'acceptedMediaTypes');
    if (accepted.includes(image.mediaType)) return image;
    return { manifest: `converted ${image.manifest}`, mediaType: DOCKER_MANIFEST };
  }

  private listImages(input: Input): object {
    this.check(input);
    const tagged = [...this.tags].map(([imageTag, imageDigest]) => ({ imageTag, imageDigest }));
    const bare = [...this.images.keys()].map((imageDigest) => ({ imageDigest }));
    const { tagStatus } = (input.filter ?? {}) as { readonly tagStatus?: string };
    const all = tagStatus === 'TAGGED' ? tagged : [...tagged, ...bare];
    const { items, ...token } = page(input, all, 1_000);
    return { ...token, imageIds: items };
  }

  private putImage(input: Input): object {
    this.check(input);
    const tag = stringOf(input, 'imageTag');
    const manifest = stringOf(input, 'imageManifest');
    const mediaType = stringOf(input, 'imageManifestMediaType');
    const digest = digestOf(manifest);
    if (input.imageDigest !== undefined && input.imageDigest !== digest)
      throw new ApiFault('ImageDigestDoesNotMatchException', 'The digest is not that of the manifest.');
    const before = this.tags.get(tag);
    if (before === digest) throw new ApiFault('ImageAlreadyExistsException', 'Image with that tag exists.');
    if (before !== undefined && !this.mutableTags.test(tag))
      throw new ApiFault('ImageTagAlreadyExistsException', `The image tag '${tag}' already exists.`);
    this.pushAs(mediaType, manifest, tag);
    const imageId = { imageDigest: digest, imageTag: tag };
    return { image: { repositoryName: this.repository, imageId } };
  }
}
