import { existsSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, relative, sep } from 'node:path';
import { ActionFailure } from '../github/action-stand-in';

/** Whether a path is a folder, or lies in it, links followed. */
function lies(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way));
}

/** Where a path leads: what does not exist yet lies under the nearest folder that does. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : realPath(dirname(path));
}

/**
 * A stand-in runs in the process of the rehearsal, so that it must not write or read where the job has no business.
 *
 * @param folders where it may: the workspace, and folders of the job
 * @throws ActionFailure for a path that leads out of them, by `..` or by a link
 */
export function refuseOutside(path: string, ...folders: readonly string[]): void {
  const leadsTo = realPath(path);
  const allowed = folders.filter(existsSync).map((folder) => realpathSync(folder));
  if (allowed.some((folder) => lies(leadsTo, folder))) return;
  throw new ActionFailure(`not rehearsed: the path '${path}' is not under '${folders.join("' or '")}'`);
}
