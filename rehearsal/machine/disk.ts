import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { MachineState, StoredFile } from './state';

/** Takes no byte, like a disk that is full. @see https://man7.org/linux/man-pages/man4/full.4.html */
const FULL = '/dev/full';

/** Puts the files of a machine where a script finds them. */
export function layFiles(
  folder: string,
  { files, noRoomFor }: Pick<MachineState, 'files' | 'noRoomFor'>,
): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const [path, file] of files) lay(join(folder, path), file);
  for (const path of noRoomFor) lay(join(folder, path), { kind: 'link', to: FULL });
}

function lay(path: string, file: StoredFile): void {
  mkdirSync(file.kind === 'folder' ? path : dirname(path), { recursive: true });
  if (file.kind === 'link') symlinkSync(file.to, path);
  if (file.kind === 'file') writeFileSync(path, Buffer.from(file.content, 'base64'));
}

/** What a script left there. */
export function readFiles(folder: string, below = ''): ReadonlyMap<string, StoredFile> {
  const entries = readdirSync(join(folder, below), { withFileTypes: true });
  return new Map(
    entries.flatMap((entry): readonly (readonly [string, StoredFile])[] => {
      const path = join(below, entry.name);
      if (entry.isDirectory()) return [[path, { kind: 'folder' }], ...readFiles(folder, path)];
      if (entry.isSymbolicLink()) {
        const to = readlinkSync(join(folder, path));
        return to === FULL ? [] : [[path, { kind: 'link', to }]];
      }
      return [[path, { kind: 'file', content: readFileSync(join(folder, path)).toString('base64') }]];
    }),
  );
}
