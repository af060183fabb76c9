/**
 * Which files a sparse checkout in cone mode holds: everything under the named folders, the files right inside
 * of each of their parents, and the files of the root.
 *
 * @param folders one folder each, with or without slashes at its ends
 * @see https://git-scm.com/docs/git-sparse-checkout#_internalscone_mode_handling
 */
export function coneOf(folders: readonly string[]): (path: string) => boolean {
  const cones = folders.map((folder) => folder.replace(/^\/+|\/+$/g, '')).filter((folder) => folder !== '');
  const parents = new Set(['', ...cones.flatMap(parentsOf)]);
  return (path) => parents.has(folderOf(path)) || cones.some((cone) => path.startsWith(`${cone}/`));
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

function parentsOf(folder: string): readonly string[] {
  const parent = folderOf(folder);
  return parent === '' ? [] : [parent, ...parentsOf(parent)];
}

/** Such a pattern names one file or folder from the root. */
const PLAIN = /^\/[^*?[\]\\!#]+$/;

/** Patterns of a sparse checkout without cone mode that mean something else than one file or folder. */
export const unsupportedPattern = (patterns: readonly string[]): string | undefined =>
  patterns.find((pattern) => !PLAIN.test(pattern));

/**
 * Which files a sparse checkout without cone mode holds: what the patterns name, and nothing beside it. One with a
 * slash at its end means a folder only.
 *
 * @param patterns each plain, as `unsupportedPattern` says
 * @see https://git-scm.com/docs/git-sparse-checkout#_internalsfull_pattern_set
 */
export function namedBy(patterns: readonly string[]): (path: string) => boolean {
  const named = patterns.map((pattern) => pattern.slice(1));
  return (path) =>
    named.some((name) => (name.endsWith('/') ? path.startsWith(name) : `${path}/`.startsWith(`${name}/`)));
}
