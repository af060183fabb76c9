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
