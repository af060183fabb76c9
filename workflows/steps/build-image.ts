import type { ImageEntry } from '../../contract';
import type { InputValue, UsesStep } from '../plan/model';
import type { ImageRepository } from './action-calls';
import { usesStep } from './uses';

/** Tag that holds the layer cache. It moves with each build. */
export const CACHE_TAG = 'buildcache';

export interface BuildOptions {
  /** What is built, and where it is kept. */
  readonly image: ImageRepository & Pick<ImageEntry, 'id' | 'context' | 'dockerfile' | 'platform'>;
  /** Repository and tag under which it is pushed. */
  readonly tag: string;
  /** Expression without `${{ }}`. @default - it is always built */
  readonly condition?: string;
  /** Values of the `ARG`s of the Dockerfile, which may hold expressions. @default - none */
  readonly arguments?: Readonly<Record<string, string>>;
  /** `layers`: those of earlier builds are taken over. `none`: all are made anew. */
  readonly cache: 'layers' | 'none';
}

/** Builds the image and pushes it; the id of the step is `build`. */
export function buildSteps({ image, tag, condition, cache, ...options }: BuildOptions): readonly UsesStep[] {
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
        ...argumentInput(options.arguments),
        push: true,
        tags: tag,
        ...(cache === 'layers' && layerCache(image)),
        // The digest is then that of the image itself; attestations are made in a job of their own.
        provenance: false,
        sbom: false,
      },
      image,
    }),
  ];
}

function layerCache({ repository }: ImageRepository): Record<string, InputValue> {
  const cache = `type=registry,ref=${repository.uri}:${CACHE_TAG}`;
  return { 'cache-from': cache, 'cache-to': `${cache},mode=max,image-manifest=true,oci-mediatypes=true` };
}

function argumentInput(values: Readonly<Record<string, string>> = {}): Record<string, InputValue> {
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  return lines.length > 0 ? { 'build-args': lines.join('') } : {};
}
