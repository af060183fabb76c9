import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Adds the packages of other operating systems that `npm install` leaves out of the lock file when a
 * registry mirror does not carry them. `npm ci` refuses a lock file without them, on every machine. The
 * entries say what the parent package says: name, version and platform; npm skips them elsewhere.
 *
 * Run it with `npx projen lock` after a change of dependencies.
 */

interface LockedPackage {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
}

export interface LockFile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** Optional packages of one platform that a locked package names and the lock file does not hold. */
export function missingPackages({ packages }: LockFile): Readonly<Record<string, object>> {
  const missing: Record<string, object> = {};
  for (const parent of Object.values(packages)) {
    for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
      const key = `node_modules/${name}`;
      const platform = platformOf(name);
      if (key in packages || !platform) continue;
      // In the order in which npm writes them, so that it finds nothing to change.
      const entry = { version, ...platform, ...(parent.dev && { dev: true }), optional: true };
      missing[key] = Object.fromEntries(
        Object.entries(entry).sort(
          ([a], [b]) => Number(b === 'version') - Number(a === 'version') || a.localeCompare(b),
        ),
      );
    }
  }
  return missing;
}

const SYSTEMS = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
];
const LIBRARIES: Readonly<Record<string, string>> = {
  gnu: 'glibc',
  gnueabihf: 'glibc',
  musl: 'musl',
  musleabihf: 'musl',
};

/** Packages for one platform end in `-<system>-<processor>[-<library>]`, those for all in `-wasm32-wasi`. */
function platformOf(name: string): object | undefined {
  if (name.endsWith('-wasm32-wasi')) return { cpu: ['wasm32'] };
  const words = name.split('-');
  const at = words.findIndex((word) => SYSTEMS.includes(word.replace(/^.*\//, '')));
  const [system, processor, library = ''] = words.slice(at);
  if (at < 0 || !system || !processor) return undefined;
  const libc = LIBRARIES[library];
  return { os: [system.replace(/^.*\//, '')], cpu: [processor], ...(libc && { libc: [libc] }) };
}

if (require.main === module) {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as LockFile;
  const missing = missingPackages(lock);
  const packages = Object.fromEntries(
    Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => a.localeCompare(b, 'en')),
  );
  writeFileSync('package-lock.json', `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
  console.log(`${Object.keys(missing).length} packages of other platforms added to package-lock.json`);
}
