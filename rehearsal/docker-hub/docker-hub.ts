import { createHash } from 'node:crypto';
import type { AwsService } from '../aws/service';
import { isHubImage, repositoryOf } from './names';
import type { DockerHubState, HubRepository } from './state';

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/**
 * Docker Hub with public repositories: everybody pulls, and accounts push with an access token. It is no service of AWS;
 * it stands among them because its state is part of a situation.
 *
 * @see https://docs.docker.com/docker-hub/
 */
export class DockerHub implements AwsService {
  readonly signingName = 'docker-hub';
  readonly protocol = 'json';
  readonly schemas = {};
  readonly operations = {};
  readonly makes = {};
  state: DockerHubState = { lastId: 0, tokens: new Map(), repositories: new Map(), uploads: new Map() };

  leftovers(): readonly string[] {
    return [...this.state.uploads.keys()].map((id) => `docker hub: ${id} was not completed`);
  }

  /** An account pushes with this token. */
  admit(account: string, token: string): void {
    this.state.tokens.set(account, token);
  }

  /** Tags of a repository, with the digests that they name. */
  tags(repositoryUri: string): ReadonlyMap<string, string> {
    return this.state.repositories.get(repositoryOf(repositoryUri))?.tags ?? new Map();
  }

  /**
   * Whether an image is there. Those of repositories to which nothing was pushed here belong to somebody else, and are.
   *
   * @param image with a digest
   */
  has(image: string): boolean {
    const repository = isHubImage(image) && this.state.repositories.get(repositoryOf(image));
    return !repository || repository.manifests.has(image.split('@')[1] ?? '');
  }

  /**
   * A push by somebody else, whom nobody asks for a token.
   *
   * @param image name with a tag
   * @returns the digest
   */
  push(image: string, content: string): string {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, layers: [], content }));
    const [, tag = 'latest'] = /:([^:/]+)$/.exec(image) ?? [];
    const repository = this.repository(repositoryOf(image));
    repository.manifests.set(digestOf(bytes), { mediaType: MANIFEST, bytes: bytes.toString('base64') });
    repository.tags.set(tag, digestOf(bytes));
    return digestOf(bytes);
  }

  /** Takes an image away with all its tags. */
  remove(image: string): void {
    const repository = this.repository(repositoryOf(image));
    const digest = image.split('@')[1] ?? '';
    repository.manifests.delete(digest);
    for (const [tag, named] of [...repository.tags]) if (named === digest) repository.tags.delete(tag);
  }

  /** The repository of a name; it is made where there is none. */
  repository(name: string): HubRepository {
    const before = this.state.repositories.get(name);
    if (before) return before;
    const made: HubRepository = { blobs: new Map(), manifests: new Map(), tags: new Map() };
    this.state.repositories.set(name, made);
    return made;
  }
}
