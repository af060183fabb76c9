import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeClockPreload, writeClockPrograms } from './clock';
import { type Workshop, writeMachinePrograms } from './machine';
import { programsFor } from './programs';
import { GitHistory, overlay, type RepositorySnapshot, takeSnapshot } from './repository';
import { scratchFolder } from './scratch';

/** What all scenarios of a rehearsal share on disk: nothing outside of it is written. */
export interface Sandbox {
  readonly folder: string;
  readonly repository: RepositorySnapshot;
  /** Missing where this machine has no Git. */
  readonly history?: GitHistory;
  /** Folders of the PATH of each job. */
  readonly path: readonly string[];
  /** File that makes time virtual in a Node.js process, and holds it to loopback. */
  readonly preload: string;
  /** Where scripts of machines find programs. */
  readonly machine: Pick<Workshop, 'programs' | 'path'>;
  /** New folders for one scenario. */
  folderFor(name: string): ScenarioFolder;
  /** Takes the folders of a scenario away once nobody needs them. */
  discard(folder: ScenarioFolder): void;
  close(): void;
}

/** Where one scenario writes. */
export interface ScenarioFolder {
  readonly root: string;
  readonly jobs: string;
  readonly processes: string;
  readonly machines: string;
}

export interface SandboxOptions {
  /** Root of the repository that is rehearsed. */
  readonly root: string;
  /** PATH of this process, in which programs of the allow-list are looked for. */
  readonly searchPath: string;
  /** Texts that take the place of files, by path. @default - none */
  readonly replaced?: Readonly<Record<string, string>>;
}

export function openSandbox({ root, searchPath, replaced = {} }: SandboxOptions): Sandbox {
  const folder = realpathSync(mkdtempSync(join(scratchFolder(), 'lockstep-rehearsal-')));
  const clockPrograms = join(folder, 'clock');
  writeClockPrograms(clockPrograms);
  const repository = overlay(takeSnapshot(root), replaced);
  const programs = programsFor(join(folder, 'programs'), searchPath);
  const machinePrograms = join(folder, 'machine-programs');
  writeMachinePrograms(machinePrograms, join(programs.folder, 'bash'));
  let count = 0;
  return {
    folder,
    repository,
    ...(programs.found.includes('git') && {
      history: new GitHistory(repository, folder, programs.folder),
    }),
    path: [clockPrograms, programs.folder],
    preload: writeClockPreload(folder),
    machine: { programs: machinePrograms, path: [programs.folder] },
    folderFor: (name) => {
      count += 1;
      const made = join(folder, `${count}-${name.replace(/[^A-Za-z0-9]+/g, '-')}`);
      const [jobs, processes, machines] = [
        join(made, 'jobs'),
        join(made, 'processes'),
        join(made, 'machines'),
      ];
      for (const each of [made, jobs, processes, machines]) mkdirSync(each);
      return { root: made, jobs, processes, machines };
    },
    discard: (made) => removeLater(made.root),
    close: () => removeLater(folder),
  };
}

/** A process that outlived its job may still write there; that must not take the place of a verdict. */
function removeLater(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
}
