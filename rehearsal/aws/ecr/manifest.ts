import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ApiFault } from '../service';

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';

/** The older form of each form of the OCI. */
const OLDER: Readonly<Record<string, string>> = {
  [OCI_INDEX]: 'application/vnd.docker.distribution.manifest.list.v2+json',
  [OCI_MANIFEST]: 'application/vnd.docker.distribution.manifest.v2+json',
};

const MEDIA_TYPES = [...Object.keys(OLDER), ...Object.values(OLDER)];

const Descriptor = z.object({ digest: z.string() });
const Manifest = z.object({
  mediaType: z.string().optional(),
  config: Descriptor.optional(),
  layers: z.array(Descriptor).optional(),
  manifests: z.array(Descriptor).optional(),
});

/** What a manifest needs to be there before it can be pushed, as digests. */
export interface References {
  readonly layers: readonly string[];
  readonly images: readonly string[];
}

export interface ReadManifest extends References {
  readonly mediaType: string;
}

export const digestOf = (bytes: string | Buffer): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export const isDigest = (text: string): boolean => /^sha256:[0-9a-f]{64}$/.test(text);

/**
 * Reads a manifest or an index.
 *
 * @param declared media type that the request names
 * @throws ApiFault `InvalidParameterException`, or `UnsupportedImageTypeException` for the first schema
 * @see https://github.com/opencontainers/image-spec/blob/main/manifest.md
 */
export function readManifest(text: string, declared: string | undefined): ReadManifest {
  const read = Manifest.safeParse(json(text));
  if (!read.success) throw refused('Invalid JSON syntax');
  const { mediaType = declared, config, layers = [], manifests = [] } = read.data;
  if (mediaType === undefined) throw refused('the manifest names no mediaType, nor does the request');
  if (declared !== undefined && declared !== mediaType)
    throw refused(`mediaType is ${mediaType}, not ${declared}`);
  if (!MEDIA_TYPES.includes(mediaType)) {
    throw new ApiFault('UnsupportedImageTypeException', `The media type ${mediaType} is not supported`);
  }
  return {
    mediaType,
    layers: [...(config ? [config] : []), ...layers].map(({ digest }) => digest),
    images: manifests.map(({ digest }) => digest),
  };
}

const refused = (why: string): ApiFault =>
  new ApiFault(
    'InvalidParameterException',
    `Invalid parameter at 'ImageManifest' failed to satisfy constraint: '${why}'`,
  );

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * The form in which a reader is served: a form that it does not accept is converted for it, and other bytes
 * have another digest.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-manifest-formats.html
 */
export function inAcceptedForm<Form extends { readonly manifest: string; readonly mediaType: string }>(
  stored: Form,
  accepted: readonly string[],
): { readonly manifest: string; readonly mediaType: string } {
  const older = OLDER[stored.mediaType];
  if (accepted.includes(stored.mediaType) || older === undefined) return stored;
  const manifest = MEDIA_TYPES.reduce(
    (text, type) => text.replaceAll(type, OLDER[type] ?? type),
    stored.manifest,
  );
  return { manifest, mediaType: older };
}

/** A whole image of one layer, for whoever needs some image: its configuration, layer and manifest. */
export function smallImage(
  content: string,
  built: Readonly<Record<string, string>> = {},
): {
  readonly blobs: readonly Buffer[];
  readonly manifest: string;
} {
  const layer = Buffer.from(content);
  const config = Buffer.from(
    JSON.stringify({
      architecture: 'amd64',
      os: 'linux',
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
      ...(Object.keys(built).length > 0 && { buildArguments: built }),
    }),
  );
  const describe = (mediaType: string, bytes: Buffer) => ({
    mediaType,
    digest: digestOf(bytes),
    size: bytes.length,
  });
  const manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: describe('application/vnd.oci.image.config.v1+json', config),
    layers: [describe('application/vnd.oci.image.layer.v1.tar', layer)],
  };
  return { blobs: [config, layer], manifest: JSON.stringify(manifest) };
}
