import { type Outcome, lastWords } from './command';
import type { PartName } from './install';
import type { Subjects } from './subjects';

/** One judge: a program of somebody else that must find nothing. */
export interface Judge {
  readonly name: string;
  /** The part of the installation that holds the program. */
  readonly part: PartName;
  /** The files or folders it reads, relative to `root`. None: the judge is skipped. */
  readonly reads: (subjects: Subjects) => readonly string[];
  /** Why the judge must fail before it runs, if it must. */
  readonly blocked?: (subjects: Subjects) => string | undefined;
  /**
   * Runs the program and returns its findings, one line each.
   * @throws Error when the program broke: a judge that could not judge has not passed
   */
  readonly judge: (files: readonly string[], bench: Bench) => Promise<readonly string[]>;
}

/** What a judge works with. */
export interface Bench {
  readonly root: string;
  /** Folder of the installed programs. */
  readonly bin: string;
  /** Programs of the Python part (shellcheck for actionlint), when that part is there. */
  readonly pythonBin: string | undefined;
  /** A private home, so that no judge reads or writes the user's own settings. */
  readonly home: string;
  readonly run: (program: string, args: readonly string[], options?: RunOptions) => Promise<Outcome>;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** False: the program gets nothing of the environment of this process but PATH. @default true */
  readonly inherits?: boolean;
}

/**
 * Parses the JSON report of a program whose exit code is one of `codes`.
 * @throws Error when it ended otherwise or wrote no JSON
 */
export function readReport(outcome: Outcome, codes: (code: number) => boolean): unknown {
  if (outcome.code === undefined || !codes(outcome.code)) {
    throw new Error(`exit code ${outcome.code ?? 'none'}: ${lastWords(outcome)}`);
  }
  try {
    return JSON.parse(outcome.stdout);
  } catch (cause) {
    throw new Error(`no JSON report: ${lastWords(outcome)}`, { cause });
  }
}
