import type { DeployManifest } from '../../contract';
import type { World } from '../aws/world';
import { FOREIGN_TAG } from '../targets/foreign';
import type { Label, LabelOf } from '../targets';
import { commitOf } from './requests';

/** Tag that the pipeline gives to the image of a commit. */
export const tagOf = (sha: string): string => `sha-${sha.slice(0, 12)}`;

/** Knows whose image a reference is, also when the image is in no registry any more. */
export class Labels {
  private readonly known = new Map<string, Label>();

  /** @param sha commit of the run */
  constructor(
    private readonly manifest: DeployManifest,
    private readonly world: World,
    private readonly sha: string,
  ) {}

  /** Reads the tags that images have now. */
  look(): void {
    const named = [
      [FOREIGN_TAG, 'foreign'],
      [tagOf(commitOf('earlier')), 'earlier'],
      [tagOf(this.sha), 'new'],
    ] as const;
    const { ecr, dockerHub } = this.world;
    for (const { repository, registry } of this.manifest.images) {
      const tags = (registry === 'ecr' ? ecr : dockerHub).tags(repository.uri);
      for (const [tag, label] of named) {
        const digest = tags.get(tag);
        if (digest !== undefined) this.known.set(`${repository.uri}@${digest}`, label);
      }
    }
  }

  /** The label of an image by digest. */
  readonly of: LabelOf = (image) => this.known.get(image) ?? 'nothing';
}
