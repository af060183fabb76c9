import { z } from 'zod';
import { LockstepError } from './errors';
import { type DeployManifest, manifestSchema, SCHEMA_REVISION } from './manifest';
import { allowedBy } from './zod-issue';

/** Where the manifest stands, relative to the root of the repository. */
export const MANIFEST_PATH = '.lockstep/manifest.json';

/** The manifest as it is committed: two spaces, fields in the order of the schema, final newline. */
export function encodeManifest(manifest: DeployManifest): string {
  return `${JSON.stringify(manifestSchema.parse(manifest), null, 2)}\n`;
}

/**
 * @param place the file, for messages
 * @throws LockstepError `ManifestUnreadable` or `ManifestTooNew`
 */
export function decodeManifest(text: string, place: string = MANIFEST_PATH): DeployManifest {
  const value = parseJson(text, place);
  const revision = z.object({ schemaRevision: z.number() }).safeParse(value);
  if (revision.success && revision.data.schemaRevision > SCHEMA_REVISION) {
    throw new LockstepError('ManifestTooNew', {
      place: `${place} schemaRevision`,
      value: String(revision.data.schemaRevision),
      allowed: `at most ${SCHEMA_REVISION}`,
      change: 'run `npx projen` with the newer Lockstep, so that .lockstep/cli.mjs is written anew too',
    });
  }
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new LockstepError(
    'ManifestUnreadable',
    parsed.error.issues.map((issue) => ({
      place: `${place} ${issue.path.join('.') || '(top)'}`,
      value: issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : 'a value of another form',
      allowed: allowedBy(issue),
      change: 'run `npx projen` to write the manifest anew',
    })),
  );
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LockstepError(
      'ManifestUnreadable',
      { place, value: 'text that is not JSON', allowed: 'a JSON document', change: 'run `npx projen`' },
      { cause: error },
    );
  }
}

/** The JSON schema of the manifest, for editors and other readers. */
export function manifestJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(manifestSchema) as Record<string, unknown>;
}
