/** Everything that the model of GitHub's API remembers. */
export interface GithubState {
  /** In the order in which they began. */
  readonly runs: RecordedRun[];
  /** True while it answers everything with 503. */
  down: boolean;
}

export interface RecordedRun {
  readonly id: number;
  readonly attempt: number;
  /** Path of the workflow file. */
  readonly file: string;
  readonly sha: string;
  readonly event: string;
  /** True for a pull request of a fork. */
  readonly fromFork: boolean;
  /** Milliseconds since the epoch, of virtual time, as all times here. */
  readonly createdAt: number;
  readonly jobs: RecordedJob[];
}

export interface RecordedJob {
  readonly id: number;
  readonly name: string;
  readonly conclusion: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly steps: readonly { readonly name: string; readonly conclusion: string }[];
}
