import { z } from 'zod';
import { privateImage } from './pull';
import { arnOf, type EcrHolder } from './repository';
import type { Repository } from './state';

const descriptor = z.object({ digest: z.string() });
const manifestSchema = z.object({
  config: descriptor.optional(),
  manifests: z.array(descriptor).optional(),
});

/** As the stand-in of the build writes it; a real image has them in its history only. */
const configSchema = z.object({ buildArguments: z.record(z.string(), z.string()).default({}) });

/** Build arguments of an image, of its first platform. None for an image that nobody has built here. */
export function buildArguments({ state }: EcrHolder, image: string): Readonly<Record<string, string>> {
  const named = privateImage(image);
  if (!named) return {};
  const repository = state.repositories.get(arnOf(named.registry, named.region, named.name));
  const digest = named.digest ?? repository?.tags.get(named.tag ?? '');
  return repository && digest !== undefined ? ofDigest(repository, digest) : {};
}

function ofDigest(repository: Repository, digest: string): Readonly<Record<string, string>> {
  const stored = repository.images.get(digest);
  if (!stored) return {};
  const { config, manifests } = manifestSchema.parse(JSON.parse(stored.manifest));
  const [first] = manifests ?? [];
  if (first) return ofDigest(repository, first.digest);
  const blob = repository.layers.get(config?.digest ?? '');
  if (blob === undefined) return {};
  return configSchema.parse(JSON.parse(Buffer.from(blob, 'base64').toString())).buildArguments;
}
