import type { ImageReference } from './image-reference';
import type { TargetEntry } from './manifest';
import type { ModelArtifact } from './model-artifact';

/**
 * The ports between the command and the deployers. A deployer never prints, never reads the clock and
 * never sleeps by itself: it is given a clock, a sink for events, and a signal that ends its waits.
 */

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after the time, or at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export type EventLevel = 'info' | 'progress' | 'success' | 'warning' | 'error';

/** Something that happened. `code` and `data` are stable for scripts; `message` is for people. */
export interface DeployEvent {
  readonly code: string;
  readonly level: EventLevel;
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export type EventSink = (event: DeployEvent) => void;

export interface DeployContext {
  readonly clock: Clock;
  readonly emit: EventSink;
  /** Aborts on SIGINT and SIGTERM. */
  readonly signal: AbortSignal;
}

export interface DeployRequest {
  /** One of each repository of the target, in any order. */
  readonly images: readonly ImageReference[];
  /**
   * Model that the image serves, for targets that keep it apart.
   *
   * @default - the one that was released last; before the first release, the initial one of the target
   */
  readonly model?: ModelArtifact;
  /**
   * Told the version right before the target is changed to it, so that a later job can undo the
   * deployment though this run dies before it knows its id. Not called when nothing has to be changed.
   */
  readonly starting?: (version: Version) => Promise<void>;
}

/** A version that a target runs or ran: for ECS `family:revision`, for SageMaker an endpoint config, for K3s a release. */
export interface Version {
  readonly name: string;
  /** Image, for targets that run one. */
  readonly image?: string;
  /** Images, for targets that run several. */
  readonly images?: readonly string[];
  /** Model artifact with its version, where the target keeps the model apart from the image. */
  readonly model?: string;
}

/** What `deploy` returns, and what `wait` and `rollback` need to know *this* deployment again. */
export interface DeployReceipt {
  /** Identifies this deployment at AWS; absent when nothing had to be changed. */
  readonly deployment?: string;
  readonly version: Version;
  /** What ran before; absent on the first deployment. */
  readonly previous?: Version;
  /** `started` anew, `resumed` one that was already under way, or `unchanged`: it already runs. */
  readonly state: 'started' | 'resumed' | 'unchanged';
}

export type DeployOutcome =
  | { readonly result: 'succeeded'; readonly version: Version }
  | {
      readonly result: 'failed';
      /** `undone`: the deployer has brought back what ran before by itself. `failed`: what was started ended badly. */
      readonly reason:
        'rolledBackByAws' | 'undone' | 'failed' | 'noCapacity' | 'timedOut' | 'superseded' | 'stopped';
      readonly message: string;
      /** What the target runs now, where that is known. */
      readonly running?: Version;
    };

export interface RollbackRequest {
  /** Revision to go to. @default - the last stable one */
  readonly revision?: string;
  /** The deployment that failed, by its id or ARN. A different one that runs now is left alone. @default - the newest */
  readonly deployment?: string;
  /** The version that failed, for when the id of its deployment never became known. */
  readonly version?: string;
  /**
   * True when only what `deployment` or `version` names may be undone: without either nothing was
   * started, so that nothing is done. @default false
   */
  readonly onlyNamed?: boolean;
}

export interface RollbackOutcome {
  /** `alreadyRolledBack`: AWS did it itself. `nothingToDo`: what runs is stable. */
  readonly result: 'rolledBack' | 'alreadyRolledBack' | 'nothingToDo' | 'leftToOther';
  readonly from?: Version;
  /** What runs now; absent when nothing does, because the target is scaled to nothing. */
  readonly to?: Version;
  readonly message: string;
}

/** A cause that was found, the evidence, and what to do about it. */
export interface Diagnosis {
  /** Where the evidence comes from, such as `stopped task 1a2b…`. */
  readonly source: string;
  readonly cause: string;
  readonly evidence: readonly string[];
  readonly remedy: string;
}

export interface Check {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
  /** What to do when it has not passed. @default - to ask AWS for the cause by `diagnose` */
  readonly change?: string;
}

export interface PastDeployment {
  readonly version: Version;
  /** When it was started or, where only that is known, released. ISO 8601. */
  readonly at?: string;
  readonly status: string;
  /** True when it reached its end and can be started again, so that one can go back to it. */
  readonly stable: boolean;
}

export interface TargetStatus {
  readonly running?: Version;
  /** Version that a deployment is on its way to. @default - no deployment is under way */
  readonly changingTo?: Version;
  /** Label and value, in the order to print. */
  readonly facts: readonly (readonly [string, string])[];
  /** Newest first. */
  readonly history: readonly PastDeployment[];
}

export interface LogsRequest {
  /** How far back, in milliseconds. */
  readonly sinceMs: number;
  /** Most lines. The newest are kept. */
  readonly limit: number;
}

export interface LogLine {
  /** ISO 8601. */
  readonly at: string;
  /** Task, instance or stream that wrote it. */
  readonly source: string;
  readonly text: string;
}

export interface InvokeRequest {
  /** @default - the sample payload of the verification */
  readonly body?: Uint8Array;
  /** @default - as the verification of the target */
  readonly contentType?: string;
}

export interface InvokeAnswer {
  /** HTTP status, also of an error. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly milliseconds: number;
}

export interface Backup {
  /** Where it lies, such as `s3://bucket/backups/….tar.gz`. */
  readonly location: string;
}

/** What every deploy target can do. */
export interface Deployer {
  /** Captures what runs, then starts the deployment. Doing it twice is harmless. */
  deploy(request: DeployRequest, context: DeployContext): Promise<DeployReceipt>;
  /** Follows *this* deployment to its end, or to the deadline. */
  wait(receipt: DeployReceipt, context: DeployContext): Promise<DeployOutcome>;
  /** Finds the deployment to wait for when there is no receipt: the newest one. */
  current(context: DeployContext): Promise<DeployReceipt>;
  rollback(request: RollbackRequest, context: DeployContext): Promise<RollbackOutcome>;
  /**
   * Goes back to the newest version that runs the image. It must have run here before: whoever may only go back brings in
   * no other image.
   *
   * @default - the kind cannot tell which versions ran an image
   */
  recall?(image: ImageReference, context: DeployContext): Promise<RollbackOutcome>;
  diagnose(context: DeployContext): Promise<readonly Diagnosis[]>;
  /** Checks that the version runs and is healthy. */
  verify(version: Version | undefined, context: DeployContext): Promise<readonly Check[]>;
  /**
   * Told that the checks of a version that serves have passed: records it as released. What was never confirmed is
   * nothing to promote, and nothing to go back to.
   *
   * @default - `wait` and `rollback` record what has reached its end
   */
  confirm?(version: Version, context: DeployContext): Promise<void>;
  status(context: DeployContext): Promise<TargetStatus>;
  /** Log lines of what runs, oldest first. @default - the kind keeps no logs that could be read */
  logs?(request: LogsRequest, context: DeployContext): Promise<readonly LogLine[]>;
  /** Sends one request to what serves. @default - the kind takes requests otherwise */
  invoke?(request: InvokeRequest, context: DeployContext): Promise<InvokeAnswer>;
  /** Saves what only the target holds, and says where. @default - the kind holds nothing that AWS does not keep */
  backup?(context: DeployContext): Promise<Backup>;
  /** Closes connections that were kept alive between calls. @default - there is nothing to close */
  close?(): void;
}

/** How to reach AWS. Credentials come from the environment, as every AWS tool expects. */
export interface AwsConnection {
  readonly region: string;
  /** How often a call is tried when AWS throttles or the network fails. @default 8 */
  readonly maxAttempts?: number;
  /** Milliseconds before the first retry; doubles with each one, up to twenty seconds. @default 200 */
  readonly retryDelayMs?: number;
  /** Other address of the AWS API, for tests and rehearsals. @default - the SDK's own rules */
  readonly endpoint?: string;
}

export type DeployerFactory = (target: TargetEntry, connection: AwsConnection) => Deployer;
