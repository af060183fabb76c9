import type { Workflow } from '../proofs';

/** Something to mend in a file on disk. */
export interface FileFinding {
  /** Counted from 1. */
  readonly line: number;
  /** Proof, linter or rule that found it. */
  readonly code: string;
  readonly message: string;
  readonly change: string;
}

/** Somebody who reads workflow files one by one, whoever wrote them. */
export interface Judge {
  readonly name: string;
  /** False when its program is not installed: `validate` then says so. */
  installed(): boolean;
  /** What there is to mend in each workflow, in the order in which they came. */
  judge(workflows: readonly Workflow[]): Promise<readonly (readonly FileFinding[])[]>;
}
