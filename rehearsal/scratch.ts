import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

const IN_MEMORY = '/dev/shm';

/** What a rehearsal may need at the same time, with room to spare. */
const ROOM_BYTES = 1024 ** 3;

/**
 * Where a rehearsal writes: each job checks out the whole repository, so that much of its time would go into small
 * files on a disk. In memory where the system has such a folder, with room, and lets programs of it run; else, and
 * where somebody has chosen another folder by `TMPDIR`, the usual place.
 */
export function scratchFolder(): string {
  const usual = tmpdir();
  if (usual !== '/tmp') return usual;
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    const runs = readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .map((line) => line.split(' '))
      .some(([, folder, , options = '']) => folder === IN_MEMORY && !options.split(',').includes('noexec'));
    return runs && bavail * bsize >= ROOM_BYTES ? IN_MEMORY : usual;
  } catch {
    return usual;
  }
}
