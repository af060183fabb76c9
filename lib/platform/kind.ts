import type { Fault } from '../../contract';
import type { PhysicalName } from './physical-name';
import type { Environment, Platform } from './platform';
import type { PlatformDefaults } from './workload-fields';

/** A stack, and whose it is in the words of a message. */
export interface NamedStack {
  readonly name: string;
  readonly owner: string;
}

/** What a workload is judged against. */
export interface Surroundings {
  readonly environments: readonly Environment[];
  readonly defaultBranch: string;
}

/** A file or folder that a workload names. */
export interface NamedFile {
  readonly path: string;
  /** Field of the workload that names it. */
  readonly field: string;
  /** Folder that the path begins at, relative to the repository's root. @default - the source folder */
  readonly folder?: string;
  /** What is wrong with its text. @default - any text will do */
  readonly judge?: (text: string) => readonly Omit<Fault, 'place'>[];
}

/** What the platform has to know of a kind of workload, besides its stacks. */
export interface WorkloadKind<W> {
  /** Judges the form of the props and fills in the defaults. What does not fit becomes faults. */
  parse(
    value: unknown,
    path: readonly PropertyKey[],
    faults: Fault[],
    platform: PlatformDefaults,
  ): W | undefined;
  /** Fields that contradict each other or what is around them, besides what is asked of every workload. */
  faults(workload: W, place: string, surroundings: Surroundings): readonly Fault[];
  /** Names besides those that every workload has. */
  names(workload: W, platform: Platform): readonly PhysicalName[];
  /** Stacks besides those that every workload has. */
  stacks(workload: W, platform: Platform): readonly NamedStack[];
  /** Files besides those that every workload has. */
  files(workload: W): readonly NamedFile[];
}
