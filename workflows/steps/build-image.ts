import type { ImageEntry } from '../../contract';
import type { UsesStep } from '../plan/model';
import { usesStep } from './uses';

/** Tag that holds the layer cache. It moves with each build. */
export const CACHE_TAG = 'buildcache';

export interface BuildOptions {
  readonly image: ImageEntry;
  /** Repository and tag under which it is pushed. */
  readonly tag: string;
  /** Expression without `${{ }}`. @default - it is always built */
  readonly condition?: string;
}

/** Builds the image with the layers of earlier builds, and pushes it; the id of the step is `build`. */
export function buildSteps({ image, tag, condition }: BuildOptions): readonly UsesStep[] {
  const cache = `type=registry,ref=${image.repository.uri}:${CACHE_TAG}`;
  const when = condition === undefined ? {} : { condition };
  return [
    usesStep({
      name: 'Set up Buildx',
      ...when,
      uses: 'docker/setup-buildx-action',
      with: { 'cache-binary': false },
    }),
    usesStep({
      name: `Build and push ${image.id}`,
      id: 'build',
      ...when,
      uses: 'docker/build-push-action',
      with: {
        context: image.context,
        file: image.dockerfile,
        platforms: image.platform,
        push: true,
        tags: tag,
        'cache-from': cache,
        'cache-to': `${cache},mode=max,image-manifest=true,oci-mediatypes=true`,
        // The digest is then that of the image itself; attestations are made in a job of their own.
        provenance: false,
        sbom: false,
      },
      image,
    }),
  ];
}
