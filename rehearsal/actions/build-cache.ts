import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import { failed } from './build-context';
import { type BuiltImage, cacheOf } from './built-image';
import { notRehearsed } from './definition';
import { type ImageName, imageName } from './image-name';
import { RegistryFault, type RegistryClient } from './registry-client';
import { z } from 'zod';

const manifestSchema = z.looseObject({ config: z.looseObject({ digest: z.string() }) });

/** Opens the registry of an image with what the job has signed in to. */
export type Connect = (image: ImageName) => RegistryClient;

/** A cache as a step describes it: `type=registry,ref=…,mode=max`. */
interface CacheEntry {
  readonly ref: ImageName;
  readonly ignoreError: boolean;
}

/**
 * @see https://docs.docker.com/build/cache/backends/registry/
 * @throws ActionFailure for a cache that is not in a registry
 */
function cacheEntry(line: string): CacheEntry {
  if (!line.includes('=')) return { ref: imageName(line), ignoreError: false };
  const fields = new Map(line.split(',').map((field) => splitOnce(field)));
  const type = fields.get('type') ?? '';
  if (type !== 'registry') throw notRehearsed('docker/build-push-action', `a cache of type "${type}"`);
  const ref = fields.get('ref');
  if (ref === undefined)
    throw new ActionFailure(`buildx failed with: ERROR: registry cache requires ref: ${line}`);
  return { ref: imageName(ref), ignoreError: fields.get('ignore-error') === 'true' };
}

function splitOnce(field: string): readonly [string, string] {
  const at = field.indexOf('=');
  return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
}

/** Reads caches before the build. One that is missing, or refused, is reported and the build goes on without. */
export async function importCaches(
  step: ActionRun,
  lines: readonly string[],
  connect: Connect,
): Promise<void> {
  for (const { ref } of lines.map(cacheEntry)) {
    try {
      const registry = connect(ref);
      const digest = await registry.headManifest(ref.reference);
      if (digest === undefined) throw new RegistryFault(`${ref.text}: not found`);
      const manifest = await registry.manifest(digest);
      const { config } = manifestSchema.parse(JSON.parse(manifest.bytes.toString('utf8')));
      await registry.blob(config.digest);
      step.log(`importing cache manifest from ${ref.text}`);
    } catch (error) {
      if (!(error instanceof RegistryFault)) throw error;
      step.log(`ERROR: failed to configure registry cache importer: ${error.message}`);
    }
  }
}

/**
 * Writes caches after the build.
 *
 * @throws ActionFailure when a registry refuses, unless the entry says `ignore-error=true`
 */
export async function exportCaches(
  step: ActionRun,
  lines: readonly string[],
  image: BuiltImage,
  connect: Connect,
): Promise<void> {
  const cache = cacheOf(image);
  for (const { ref, ignoreError } of lines.map(cacheEntry)) {
    try {
      const registry = connect(ref);
      for (const blob of cache.blobs) await registry.pushBlob(blob);
      await registry.pushManifest(cache.top, ref.reference);
      step.log(`exported cache to ${ref.text}`);
    } catch (error) {
      if (!(error instanceof RegistryFault)) throw error;
      if (!ignoreError) throw failed(`failed to solve: error writing manifest blob: ${error.message}`);
      step.log(`cache export failed, ignored: ${error.message}`);
    }
  }
}
