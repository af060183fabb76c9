import type { EcrService } from '../../../../rehearsal/aws/ecr';
import { digestOf } from '../../../../rehearsal/aws/ecr/manifest';
import type { Repository } from '../../../../rehearsal/aws/ecr/state';

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

/** The one image repository of a world. */
export class OneRepository {
  constructor(
    private readonly ecr: EcrService,
    private readonly now: () => number,
  ) {}

  get images(): Repository['images'] {
    return this.repository.images;
  }

  get tags(): Repository['tags'] {
    return this.repository.tags;
  }

  /** @returns the digest */
  push(content: string, ...tags: readonly string[]): string {
    return this.pushAs(OCI_INDEX, content, ...tags);
  }

  /** @returns the digest */
  pushAs(mediaType: string, content: string, ...tags: readonly string[]): string {
    const manifest = JSON.stringify({ schemaVersion: 2, mediaType, annotations: { content } });
    const digest = digestOf(manifest);
    this.images.set(digest, { manifest, mediaType, pushedAt: this.now() });
    for (const tag of tags) this.tags.set(tag, digest);
    return digest;
  }

  private get repository(): Repository {
    const [repository] = this.ecr.state.repositories.values();
    if (!repository) throw new Error('the world has a repository');
    return repository;
  }
}
