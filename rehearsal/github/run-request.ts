import type { RepositoryIdentity } from '../../contract';
import type { SubjectForm } from '../../proofs/claims';

/** What starts a run of a workflow. */
export interface RunRequest {
  /** Path of the workflow file from the root of the repository. */
  readonly file: string;
  readonly text: string;
  readonly event: 'push' | 'workflow_dispatch' | 'pull_request' | 'schedule';
  /** True for a pull request of a fork. @default false */
  readonly fromFork?: boolean;
  /** Inputs of a `workflow_dispatch`. Defaults of the file apply to those that are missing. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Full ref, such as `refs/heads/main`. */
  readonly ref: string;
  /** Commit, 40 hex digits. */
  readonly sha: string;
  /** Paths that the push or the pull request changes. @default - filters on paths are not looked at */
  readonly changed?: readonly string[];
  readonly repository: RepositoryIdentity;
  readonly subjectForm: SubjectForm;
  readonly runId: string;
  readonly runAttempt: number;
  /** Configuration variables, `vars.*`. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /**
   * What happens to a job at the gate of its environment: minutes until it is approved, or a refusal.
   *
   * @default - no environment waits
   */
  readonly gate?: (environment: string) => Gate;
}

export type Gate = { readonly opensAfterMinutes: number } | 'rejected';
