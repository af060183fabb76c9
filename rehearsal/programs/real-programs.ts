import { accessSync, constants, mkdirSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';

/** Programs of this machine that a job may call. Everything else is `command not found`. */
const REAL_PROGRAMS = [
  ...['bash', 'sh', 'env', 'cat', 'cp', 'mv', 'rm', 'mkdir', 'ls', 'ln', 'touch', 'chmod', 'mktemp', 'find'],
  ...['grep', 'sed', 'awk', 'tr', 'cut', 'head', 'tail', 'sort', 'uniq', 'wc', 'tee', 'diff', 'xargs', 'seq'],
  ...['basename', 'dirname', 'readlink', 'realpath', 'pwd', 'date', 'test', 'expr', 'printf', 'echo'],
  ...[
    'true',
    'false',
    'git',
    'jq',
    'tar',
    'gzip',
    'gunzip',
    'base64',
    'sha256sum',
    'shasum',
    'aws',
    'setsid',
    'sync',
  ],
] as const;

/** The folder that is the PATH of a rehearsal. */
export interface Programs {
  readonly folder: string;
  /** Names that this machine has. `node` is always among them. */
  readonly found: readonly string[];
  readonly missing: readonly string[];
}

/**
 * Writes a folder with links to the allowed programs.
 *
 * @param folder is made
 * @param searchPath value of PATH to find the programs in
 * @param node path of the Node.js that jobs run. @default - the one that runs this
 */
export function programsFor(folder: string, searchPath: string, node: string = process.execPath): Programs {
  mkdirSync(folder, { recursive: true });
  symlinkSync(node, join(folder, 'node'));
  const found = ['node'];
  const missing: string[] = [];
  for (const name of REAL_PROGRAMS) {
    const program = findProgram(name, searchPath);
    if (program !== undefined) symlinkSync(program, join(folder, name));
    (program === undefined ? missing : found).push(name);
  }
  return { folder, found, missing };
}

/** Where a program lies on the PATH. */
export function findProgram(name: string, searchPath: string): string | undefined {
  const folders = searchPath.split(delimiter).filter(isAbsolute);
  return folders.flatMap((folder) => candidates(folder, name)).find(isProgram);
}

/** Programs in pyenv's `shims` only ask pyenv, which is not on the PATH of a job, for the real one. */
function candidates(folder: string, name: string): readonly string[] {
  if (basename(folder) !== 'shims') return [join(folder, name)];
  const versions = join(dirname(folder), 'versions');
  const names = statSync(versions, { throwIfNoEntry: false }) ? readdirSync(versions).sort().reverse() : [];
  return names.map((version) => join(versions, version, 'bin', name));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
