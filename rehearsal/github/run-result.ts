/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#steps-context */
export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';

export interface Annotation {
  readonly level: 'notice' | 'warning' | 'error';
  readonly title?: string;
  readonly message: string;
}

export interface StepResult {
  readonly name: string;
  readonly id?: string;
  /** Line of the step in the workflow file. */
  readonly line: number;
  /** Before `continue-on-error`. */
  readonly outcome: Conclusion;
  readonly conclusion: Conclusion;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotation[];
  /** What the step wrote, masked. */
  readonly log: readonly string[];
}

export interface JobResult {
  /** Key under `jobs`, with the values of its matrix behind it where it has one: `test (3.11)`. */
  readonly id: string;
  /** As people see it. */
  readonly name: string;
  readonly environment?: string;
  /** What `needs` of other jobs say: a failure that `continue-on-error` forgives is a `success`. */
  readonly result: Conclusion;
  /** The result before `continue-on-error`. @default - the same */
  readonly outcome?: Conclusion;
  /** Messages about the job itself, such as a gate that was refused. @default - none */
  readonly annotations?: readonly Annotation[];
  /** Milliseconds since the epoch, of virtual time; both the same for a job that was skipped. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly steps: readonly StepResult[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Markdown of all its steps. */
  readonly summary: string;
}

export interface RunResult {
  /** `failure` when a job failed, `cancelled` when one was cancelled and none failed. */
  readonly conclusion: Conclusion;
  readonly jobs: readonly JobResult[];
}

/** What a run tells while it goes on, for a live view. Times are virtual. */
export type RunEvent =
  | { readonly kind: 'jobStarted'; readonly job: string; readonly name: string; readonly at: number }
  | { readonly kind: 'jobWaits'; readonly job: string; readonly environment: string; readonly at: number }
  | { readonly kind: 'stepStarted'; readonly job: string; readonly step: string; readonly at: number }
  | { readonly kind: 'log'; readonly job: string; readonly line: string; readonly at: number }
  | { readonly kind: 'stepEnded'; readonly job: string; readonly step: StepResult; readonly at: number }
  | { readonly kind: 'jobEnded'; readonly job: JobResult; readonly at: number };
