import { createHash } from 'node:crypto';
import { ApiFault, type Handlers, stringOf, stringsOf } from './protocol';

/** SSM parameters by name. */
export function ssmHandlers(parameters: Map<string, string>): Handlers {
  return {
    GetParameters: (input) => {
      const names = stringsOf(input, 'Names');
      return {
        Parameters: names
          .filter((name) => parameters.has(name))
          .map((Name) => ({ Name, Type: 'String', Value: parameters.get(Name), Version: 1 })),
        InvalidParameters: names.filter((name) => !parameters.has(name)),
      };
    },
    PutParameter: (input) => {
      const name = stringOf(input, 'Name');
      if (!parameters.has(name)) throw new ApiFault('ValidationException', 'A parameter type is required.');
      if (input.Overwrite !== true)
        throw new ApiFault('ParameterAlreadyExists', 'The parameter already exists.');
      parameters.set(name, stringOf(input, 'Value'));
      return { Version: 2 };
    },
  };
}

/**
 * Log streams `prefix/container/task` over the lines of each task.
 *
 * @param lines by task id
 */
export function logsHandlers(logGroup: string, lines: ReadonlyMap<string, readonly string[]>): Handlers {
  return {
    GetLogEvents: (input) => {
      const stream = stringOf(input, 'logStreamName');
      const found = lines.get(stream.slice(stream.lastIndexOf('/') + 1));
      if (stringOf(input, 'logGroupName') !== logGroup || !found) {
        throw new ApiFault('ResourceNotFoundException', 'The specified log stream does not exist.');
      }
      return {
        events: found.slice(-Number(input.limit ?? 10_000)).map((message) => ({ message, timestamp: 0 })),
      };
    },
  };
}

/** One ECR repository: manifests by digest, tags that move or do not. */
export class RegistryModel {
  readonly manifests = new Map<string, string>();
  readonly tags = new Map<string, string>();

  constructor(
    readonly repository: string,
    private readonly mutableTags: RegExp,
  ) {}

  /** @returns the digest */
  push(manifest: string, ...tags: readonly string[]): string {
    const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
    this.manifests.set(digest, manifest);
    for (const tag of tags) this.tags.set(tag, digest);
    return digest;
  }

  handlers(): Handlers {
    const check = (name: string) => {
      if (name !== this.repository)
        throw new ApiFault('RepositoryNotFoundException', 'The repository does not exist.');
    };
    return {
      BatchGetImage: (input) => {
        check(stringOf(input, 'repositoryName'));
        const ids: unknown = input.imageIds;
        const [id] = Array.isArray(ids) ? (ids as { imageTag?: string; imageDigest?: string }[]) : [];
        const digest = id?.imageDigest ?? this.tags.get(id?.imageTag ?? '');
        const imageManifest = digest === undefined ? undefined : this.manifests.get(digest);
        if (imageManifest === undefined) {
          return {
            images: [],
            failures: [{ imageId: id, failureCode: 'ImageNotFound', failureReason: 'not found' }],
          };
        }
        return {
          images: [
            {
              repositoryName: this.repository,
              imageId: { ...id, imageDigest: digest },
              imageManifest,
              imageManifestMediaType: 'application/vnd.oci.image.index.v1+json',
            },
          ],
          failures: [],
        };
      },
      PutImage: (input) => {
        check(stringOf(input, 'repositoryName'));
        const tag = stringOf(input, 'imageTag');
        const manifest = stringOf(input, 'imageManifest');
        const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
        const before = this.tags.get(tag);
        if (before === digest)
          throw new ApiFault('ImageAlreadyExistsException', 'Image with that tag exists.');
        if (before !== undefined && !this.mutableTags.test(tag)) {
          throw new ApiFault('ImageTagAlreadyExistsException', `The image tag '${tag}' already exists.`);
        }
        this.push(manifest, tag);
        return {
          image: { repositoryName: this.repository, imageId: { imageDigest: digest, imageTag: tag } },
        };
      },
    };
  }
}
