import { createHash } from 'node:crypto';
import type { BuildContext } from './build-context';
import { type Content, content } from './registry-client';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar';

/** Everything that decides what comes out of a build. */
export interface Recipe {
  readonly context: BuildContext;
  readonly buildArguments: readonly string[];
  readonly labels: readonly string[];
  readonly target: string;
  /** `linux/amd64` and so on; one at least. */
  readonly platforms: readonly string[];
  /** Whether attestations travel with the image, so that it becomes an index. */
  readonly attested: boolean;
  /** Commit that is built, 40 hex digits. */
  readonly commit: string;
}

/** An image as a registry keeps it. */
export interface BuiltImage {
  readonly blobs: readonly Content[];
  /** Manifests that `top` names; pushed before it. */
  readonly parts: readonly Content[];
  /** What tags point at: a manifest, or an index of them. */
  readonly top: Content;
  /** Digest of the config of the first platform. */
  readonly configDigest: string;
}

/**
 * Makes an image out of a recipe: the same recipe gives the same digest. Its layers hold no files, only what they
 * were made of.
 *
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
export function imageOf(recipe: Recipe): BuiltImage {
  const made = recipe.platforms.map((platform) => onePlatform(recipe, platform));
  const [first, ...others] = made;
  if (first === undefined) throw new Error('an image has one platform at least');
  const blobs = made.flatMap((image) => image.blobs);
  const configDigest = first.config.digest;
  if (others.length === 0 && !recipe.attested) return { blobs, parts: [], top: first.manifest, configDigest };
  const attestation = recipe.attested ? [attestationOf(first.manifest)] : [];
  const parts = [...made.map(({ manifest }) => manifest), ...attestation.map(({ manifest }) => manifest)];
  const described = [
    ...made.map(({ manifest, platform }) => ({ ...descriptorOf(manifest), platform: partsOf(platform) })),
    ...attestation.map(({ manifest }) => ({
      ...descriptorOf(manifest),
      platform: { os: 'unknown', architecture: 'unknown' },
    })),
  ];
  const top = content(INDEX, JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: described }));
  return { blobs: [...blobs, ...attestation.flatMap((part) => part.blobs)], parts, top, configDigest };
}

/** A cache that a later build can start from: the layers of this one, under a tag of its own. */
export function cacheOf({ blobs, configDigest }: BuiltImage): {
  readonly blobs: readonly Content[];
  readonly top: Content;
} {
  const layers = blobs.filter(({ mediaType }) => mediaType === LAYER);
  const config = content(
    'application/vnd.buildkit.cacheconfig.v0',
    JSON.stringify({ records: [configDigest] }),
  );
  return { blobs: [...layers, config], top: manifestOf(config, layers) };
}

interface PlatformImage {
  readonly platform: string;
  readonly config: Content;
  readonly manifest: Content;
  readonly blobs: readonly Content[];
}

function onePlatform(recipe: Recipe, platform: string): PlatformImage {
  const { context, buildArguments, labels, target, commit } = recipe;
  const base = content(LAYER, `base of ${platform}: ${hex(context.dockerfile)}`);
  const files = content(
    LAYER,
    JSON.stringify({ files: context.digest, buildArguments, target, platform, commit }),
  );
  const settings = { Labels: Object.fromEntries(labels.map(pairOf)) };
  const config = content(
    CONFIG,
    JSON.stringify({
      ...partsOf(platform),
      config: settings,
      // What stands in for the program of the image reads them; a real config has them in its history only.
      ...(buildArguments.length > 0 && { buildArguments: Object.fromEntries(buildArguments.map(pairOf)) }),
      rootfs: { type: 'layers', diff_ids: [base.digest, files.digest] },
    }),
  );
  return { platform, config, manifest: manifestOf(config, [base, files]), blobs: [base, files, config] };
}

function attestationOf(subject: Content): { readonly manifest: Content; readonly blobs: readonly Content[] } {
  const statement = content('application/vnd.in-toto+json', JSON.stringify({ subject: subject.digest }));
  const config = content(
    CONFIG,
    JSON.stringify({ architecture: 'unknown', os: 'unknown', subject: subject.digest }),
  );
  return { manifest: manifestOf(config, [statement]), blobs: [statement, config] };
}

function manifestOf(config: Content, layers: readonly Content[]): Content {
  const text = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: descriptorOf(config),
    layers: layers.map(descriptorOf),
  };
  return content(MANIFEST, JSON.stringify(text));
}

export const descriptorOf = ({ mediaType, digest, bytes }: Content) => ({
  mediaType,
  digest,
  size: bytes.length,
});

function partsOf(platform: string): {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
} {
  const [os = '', architecture = '', variant] = platform.split('/');
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function pairOf(line: string): readonly [string, string] {
  const [key = '', ...value] = line.split('=');
  return [key, value.join('=')];
}

const hex = (text: string): string => createHash('sha256').update(text).digest('hex');
