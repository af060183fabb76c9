import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LockstepError } from '../contract';
import { fileFaults, isDefined, type Platform } from '../lib/platform';

const ROOT = dirname(__dirname);
const FILE = 'platform.config.ts';

/**
 * Loads the platform file and reads the files that it names.
 *
 * @throws LockstepError `PlatformUnreadable`, `InvalidConfiguration`
 */
export function loadPlatform(): Platform {
  const platform = exported();
  const faults = fileFaults(platform, {
    hasFolder: (path) => existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isDirectory(),
    hasFile: (path) => existsSync(join(ROOT, path)) && statSync(join(ROOT, path)).isFile(),
    read: (path) => readFileSync(join(ROOT, path), 'utf8'),
  });
  if (faults.length > 0) throw new LockstepError('InvalidConfiguration', faults);
  return platform;
}

function exported(): Platform {
  let module: { readonly default?: unknown };
  try {
    module = createRequire(__filename)(join(ROOT, FILE)) as { readonly default?: unknown };
  } catch (error) {
    if (LockstepError.is(error)) throw error;
    if (!(error instanceof Error)) throw unreadable(String(error), error);
    throw unreadable(error.message, error, placeOf(error));
  }
  if (isDefined(module.default)) return module.default;
  throw unreadable(module.default === undefined ? 'no default export' : 'a default export of something else');
}

/** The line of the platform file that an error comes from, such as that of a negative Size. */
function placeOf({ stack = '' }: Error): string {
  const [, line] = /[/\\]platform\.config\.ts:(\d+)/.exec(stack) ?? [];
  return line === undefined ? FILE : `${FILE}:${line}`;
}

function unreadable(value: string, cause?: unknown, place: string = FILE): LockstepError {
  return new LockstepError(
    'PlatformUnreadable',
    { place, value, allowed: 'export default definePlatform({ … })', change: `correct ${FILE}` },
    { cause },
  );
}
