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
  /** Of the repository: every job has them. @default - none */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Of environments, by their names: only their jobs have them. @default - none */
  readonly environmentSecrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Address of GitHub's API, `github.api_url`. @default - that of github.com, which nothing here reaches */
  readonly apiUrl?: string;
  /**
   * What happens to a job at the gate of its environment: minutes until it is approved, or a refusal.
   *
   * @default - no environment waits
   */
  readonly gate?: (environment: string) => Gate;
}

/**
 * Secrets that a job has. Those of its environment stand in for those of the repository.
 *
 * @see https://docs.github.com/en/actions/reference/security/secrets
 */
export const secretsFor = (
  { secrets, environmentSecrets }: RunRequest,
  environment: string | undefined,
): Readonly<Record<string, string>> => ({
  ...secrets,
  ...(environment !== undefined && environmentSecrets?.[environment]),
});

export type Gate = { readonly opensAfterMinutes: number } | 'rejected';
