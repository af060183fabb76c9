import type { ProvedClaim } from '../../proofs';
import type { RequestContext } from '../../proofs/iam';
import type { Conclusion, JobResult } from '../github/run-result';
import type { RunRequest } from '../github/run-request';
import type { SeenCall } from '../aws/seen-call';

/**
 * Where a rehearsal begins: right after the first `cdk deploy`, or where another scenario of the same workload
 * ended. So every situation was reached by running what was emitted, and none is made up.
 */
export type Beginning = 'stacksDeployed' | { readonly after: string };

/** What somebody else did between the beginning and the run. */
export type Happening =
  /** A model was put into its bucket. */
  | { readonly kind: 'modelUploaded'; readonly bucket: string; readonly key: string }
  /** The image of a commit was built and pushed, and deployed nowhere. */
  | { readonly kind: 'imagePushed'; readonly image: string; readonly commit: string }
  /** Days in which nothing happened. */
  | { readonly kind: 'timePasses'; readonly days: number }
  /** Another model was put in place of the one that a target runs. */
  | { readonly kind: 'runningModelReplaced'; readonly target: string }
  /** Another image was deployed to a target past the pipeline, and serves. */
  | { readonly kind: 'deployedPastPipeline'; readonly target: string }
  /** The first of the stacks that the target's inspection reads was deployed with another template, or deleted. */
  | { readonly kind: 'stackChanged' | 'stackDeleted'; readonly target: string };

/** A fact about AWS after the run, by a name that a person reads: `staging: revision that runs`. */
export type FinalState = Readonly<Record<string, string>>;

/** What must be true after the run. */
export interface Expectation {
  /** Result of each job, by its key. Jobs that are not named must have been skipped. */
  readonly jobs: Readonly<Record<string, Conclusion>>;
  /** Facts of the final state. Each must be there and be equal. */
  readonly state: FinalState;
  /** Texts that the summary of a job must contain, by its key. */
  readonly summary?: Readonly<Record<string, readonly string[]>>;
  /** Texts that the log or the annotations of a job must contain, with their titles, by its key. */
  readonly log?: Readonly<Record<string, readonly string[]>>;
  /** What may be left behind, and why it may. Nothing else may. @default - nothing */
  readonly leftovers?: readonly { readonly contains: string; readonly because: string }[];
}

/** The version that a target runs, or ran before. */
export interface TargetVersionInput {
  readonly input: string;
  readonly environment: string;
  readonly version: 'running' | 'before';
}

/** The newest version of an object, as an address in S3. */
export interface ObjectVersionInput {
  readonly input: string;
  readonly bucket: string;
  readonly key: string;
}

/** One rehearsal of one workflow. */
export interface Scenario {
  /** Workload and name, such as `kvs-infer good`; unique. */
  readonly id: string;
  /** File of the workflow. */
  readonly workflow: string;
  /** Short name, such as `good` or `ecs:task-exits`. */
  readonly name: string;
  /** One sentence for people. */
  readonly title: string;
  readonly request: RunRequest;
  /** An input that names a version, known only when the scenario begins. @default - none */
  readonly versionInput?: TargetVersionInput | ObjectVersionInput;
  readonly beginning: Beginning;
  /** In the order in which it happened. @default - nothing */
  readonly meanwhile?: readonly Happening[];
  /**
   * Another scenario of the same request, of which this one is no different until a job begins. It goes on from
   * there, with what the other one had done by then.
   *
   * @default - the whole run is this scenario's own
   */
  readonly branchesOff?: { readonly from: string; readonly before: string };
  /** Faults, in the order in which they are put in place. */
  readonly faults: readonly PlacedFault[];
  readonly expect: Expectation;
}

/** A fault by its name, and the environment that it hits where it hits one. */
export interface PlacedFault {
  readonly name: string;
  readonly environment?: string;
}

/** Something that is not as expected. */
export interface Surprise {
  /** Such as `job rollback-staging` or `state staging: revision that runs`. */
  readonly place: string;
  readonly value: string;
  readonly allowed: string;
}

/** How a rehearsal went. */
export interface ScenarioReport {
  readonly workflow: string;
  readonly name: string;
  readonly title: string;
  readonly faults: readonly string[];
  readonly passed: boolean;
  readonly surprises: readonly Surprise[];
  readonly conclusion: Conclusion;
  readonly jobs: readonly JobResult[];
  readonly calls: readonly SeenCall[];
  readonly finalState: FinalState;
  readonly leftovers: readonly string[];
  /** Milliseconds since the epoch, of virtual time. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Calls over all scenarios together, against what the manifest declares. */
export interface CallReview {
  /** Made by a session of the role, but by no declared call of the steps that it ran. */
  readonly undeclared: readonly ReviewedCall[];
  /** Declared, but made in no scenario. */
  readonly unmade: readonly ReviewedCall[];
  /** Distinct calls that were both. */
  readonly matched: number;
}

export interface ReviewedCall {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys that the request carried, or that the declaration names. */
  readonly context?: RequestContext;
  /** Where it was seen or is declared. */
  readonly place: string;
}

/** Everything that `lockstep rehearse` found out. */
export interface RehearsalReport {
  readonly scenarios: readonly ScenarioReport[];
  /** Missing where only some scenarios were chosen: then nothing can be said about calls that nobody made. */
  readonly calls?: CallReview;
  /** P04 and P05 with the calls as evidence. Missing where `calls` is. */
  readonly proofs?: readonly ProvedClaim[];
  /** Wall-clock seconds. */
  readonly seconds: number;
}
