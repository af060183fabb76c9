import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of the repository. Large ones are copied from where they lie, the others are read once and kept. */
type Source =
  | { readonly kind: 'file'; readonly content: () => string | Buffer; readonly executable: boolean }
  | { readonly kind: 'large'; readonly from: string }
  | { readonly kind: 'link'; readonly target: string };

/** What a checkout of the repository would hold, by path from its root, with `/` between folders. */
export interface RepositorySnapshot {
  readonly files: ReadonlyMap<string, Source>;
}

/** Folders that hold what was made or downloaded; left out where Git cannot say what belongs to the repository. */
const NOT_SOURCES: ReadonlySet<string> = new Set(['.git', 'node_modules', 'cdk.out']);

const LARGE_BYTES = 1024 * 1024;

const MAX_LIST_BYTES = 64 * 1024 * 1024;

/**
 * The files of a folder as they would be committed: what Git tracks, and what is new and not ignored.
 * Contents are read when they are first checked out.
 *
 * @param root absolute path
 */
export function takeSnapshot(root: string): RepositorySnapshot {
  const paths = existsSync(join(root, '.git')) ? listedByGit(root) : walked(root, '');
  return { files: new Map(paths.sort().flatMap((path) => entryOf(root, path))) };
}

/** The same with some files replaced or added. A file that was executable stays so. */
export function overlay(
  snapshot: RepositorySnapshot,
  texts: Readonly<Record<string, string>>,
): RepositorySnapshot {
  const files = new Map(snapshot.files);
  for (const [path, text] of Object.entries(texts)) {
    const before = files.get(path);
    const executable = before?.kind === 'file' && before.executable;
    files.set(path, { kind: 'file', content: () => text, executable });
  }
  return { files };
}

/**
 * Writes files into a folder, as copies: a job may change what it checked out.
 *
 * @param includes which paths. @default - all
 * @returns how many files were written
 */
export function checkOut(
  snapshot: RepositorySnapshot,
  folder: string,
  includes: (path: string) => boolean = () => true,
): number {
  const made = new Set<string>();
  let written = 0;
  for (const [path, source] of snapshot.files) {
    if (!includes(path)) continue;
    const to = join(folder, path);
    const parent = dirname(to);
    if (!made.has(parent)) mkdirSync(parent, { recursive: true });
    made.add(parent);
    write(source, to);
    written += 1;
  }
  return written;
}

function write(source: Source, to: string): void {
  if (source.kind === 'large') copyFileSync(source.from, to, constants.COPYFILE_FICLONE);
  else if (source.kind === 'file') {
    writeFileSync(to, source.content());
    if (source.executable) chmodSync(to, 0o755);
  } else {
    rmSync(to, { force: true });
    symlinkSync(source.target, to);
  }
}

function listedByGit(root: string): string[] {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: MAX_LIST_BYTES,
  });
  // A path with a merge conflict is listed once for each side.
  return [...new Set(list.split('\0').filter((path) => path !== ''))];
}

function walked(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!entry.isDirectory()) return [path];
    return NOT_SOURCES.has(entry.name) ? [] : walked(root, path);
  });
}

/** Nothing for a file that was deleted and not committed yet, and for a submodule, which is a folder. */
function entryOf(root: string, path: string): readonly (readonly [string, Source])[] {
  const from = join(root, path);
  const found = lstatSync(from, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isSymbolicLink()) return [[path, { kind: 'link', target: readlinkSync(from) }]];
  if (!found.isFile()) return [];
  if (found.size > LARGE_BYTES) return [[path, { kind: 'large', from }]];
  return [
    [path, { kind: 'file', content: once(() => readFileSync(from)), executable: (found.mode & 0o111) !== 0 }],
  ];
}

function once<T>(read: () => T): () => T {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: read() }).value;
}
