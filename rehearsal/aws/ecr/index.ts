import * as schemas from '@aws-sdk/client-ecr';
import type { VirtualClock } from '../../clock/virtual-clock';
import { ApiFault, type AwsService, type Operation, type Question, type TemplateResource } from '../service';
import { buildArguments } from './build-arguments';
import { imageOperations } from './images';
import { layerOperations } from './layers';
import { digestOf, smallImage } from './manifest';
import { privateImage, type Pull, pull } from './pull';
import { putImage } from './put-image';
import { makeRepository, repositoryOperations } from './repositories';
import { repositoryNamed } from './repository';
import { sessionOperations } from './sessions';
import { emptyState, type EcrState, type Repository } from './state';

export type { Pull } from './pull';
export { registryHandler } from './registry-protocol';
export { registryUrl } from './registry-route';

interface EcrOptions {
  readonly clock: VirtualClock;
  /** Base URL of the emulated AWS, for the URLs of layers. @default - `GetDownloadUrlForLayer` is refused */
  readonly endpoint?: () => string;
}

/** Private registries of every account and region. @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/ */
export class EcrService implements AwsService {
  readonly signingName = 'ecr';
  readonly protocol = 'json';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly makes = {
    'AWS::ECR::Repository': (resource: TemplateResource) => makeRepository(this, resource, this.clock.now()),
  };
  state: EcrState = emptyState();
  private readonly clock: VirtualClock;

  constructor({ clock, endpoint }: EcrOptions) {
    this.clock = clock;
    this.operations = {
      ...sessionOperations(this),
      ...repositoryOperations(this),
      ...layerOperations(this, endpoint),
      ...imageOperations(this),
    };
  }

  leftovers(): readonly string[] {
    return [...this.state.repositories.values()].flatMap(({ arn, uploads }) =>
      [...uploads.keys()].map((id) => `ecr: ${id} to ${arn} was not completed`),
    );
  }

  /**
   * The pull of a task's image.
   *
   * @param image as in a container definition
   * @param ask puts a question to IAM for the execution role of the task
   */
  pull(image: string, ask: (question: Question) => boolean): Pull {
    return pull(this, image, ask);
  }

  /**
   * Tags of a repository, with the digests that they name.
   *
   * @param repositoryUri such as `222222222222.dkr.ecr.us-east-1.amazonaws.com/team/app`
   * @throws ApiFault `RepositoryNotFoundException`
   */
  tags(repositoryUri: string): ReadonlyMap<string, string> {
    return this.named(repositoryUri).repository.tags;
  }

  /**
   * A push by somebody else, whom nobody asks for permission. Immutable tags hold for them too.
   *
   * @param image name with a tag
   * @param content what makes the image different from others
   * @param built build arguments
   * @returns the digest
   * @throws ApiFault `RepositoryNotFoundException`, `ImageTagAlreadyExistsException`, `ImageAlreadyExistsException`
   */
  push(image: string, content: string, built: Readonly<Record<string, string>> = {}): string {
    const { repository, tag } = this.named(image);
    const { blobs, manifest } = smallImage(content, built);
    for (const blob of blobs) repository.layers.set(digestOf(blob), blob.toString('base64'));
    putImage(repository, { manifest, ...(tag !== undefined && { tag }) }, this.clock.now());
    return digestOf(manifest);
  }

  /** Build arguments of an image. None for an image that nobody has built here. */
  buildArguments(image: string): Readonly<Record<string, string>> {
    return buildArguments(this, image);
  }

  /**
   * Takes an image away with all its tags, as a lifecycle rule or a person would.
   *
   * @param image name with tag or digest
   * @throws ApiFault `RepositoryNotFoundException` or `ImageNotFoundException`
   */
  remove(image: string): void {
    const { repository, digest, tag = '' } = this.named(image);
    const gone = digest ?? repository.tags.get(tag);
    if (gone === undefined || !repository.images.delete(gone)) {
      throw new ApiFault('ImageNotFoundException', `${image} is not in the registry`);
    }
    for (const [name, named] of [...repository.tags]) if (named === gone) repository.tags.delete(name);
  }

  private named(image: string): { repository: Repository; tag?: string; digest?: string } {
    const parts = privateImage(image);
    if (!parts) throw new ApiFault('RepositoryNotFoundException', `${image} is in no private registry`);
    const { registry, region, name, ...rest } = parts;
    return { repository: repositoryNamed(this, registry, region, name), ...rest };
  }
}
