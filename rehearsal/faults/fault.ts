import type { ImageEntry, TargetEntry, WorkloadEntry } from '../../contract';
import type { Severity } from '../actions';
import type { ChannelName } from '../channels';
import type { FinalState } from '../scenarios/scenario';
import type { Conclusion } from '../github/run-result';
import type { Gate } from '../github/run-request';
import type { Disturbance } from '../aws/weather';

/** Whose calls and jobs a fault is about. */
export type Party = 'publish' | 'scan' | 'inspect' | 'check' | 'deploy' | 'rollback' | 'notify';

/**
 * When something sets in: before the run, or so many seconds after the call that starts the deployment, or the task of a
 * check.
 */
export type Moment =
  'atStart' | { readonly secondsIntoDeployment: number } | { readonly secondsIntoTask: number };

/** What can happen whatever the workload runs on. */
export type Effect =
  /** Calls go wrong on their way to AWS. */
  | {
      readonly kind: 'disturb';
      readonly action: string;
      readonly disturbance: Disturbance;
      /** @default - everybody's calls */
      readonly by?: Party;
      /** @default - all calls */
      readonly times?: number;
      /** Calls that pass before. @default 0 */
      readonly after?: number;
    }
  /** An action of the workflow fails with a message. */
  | { readonly kind: 'breakAction'; readonly action: string; readonly message: string }
  /** A program that a setup action brought ends with 1 when its command line holds the text. */
  | { readonly kind: 'failProgram'; readonly commandLine: string }
  /** The scanner finds something. */
  | { readonly kind: 'finding'; readonly severity: Severity; readonly id: string }
  /** Somebody presses "Cancel workflow". */
  | { readonly kind: 'cancelRun' }
  /** A later run of the same concurrency group comes. */
  | { readonly kind: 'laterRun' }
  /** A channel that people are told through answers with 503. */
  | { readonly kind: 'channelDown'; readonly channel: ChannelName }
  /** GitHub's API answers with 503; runs go on. */
  | { readonly kind: 'githubApiDown' }
  /** A protected environment is waited for, or refused. */
  | { readonly kind: 'gate'; readonly gate: Gate };

/** A fault as data: what happens, and when. `E` are the effects that only one kind of target knows. */
export interface Fault<E = never> {
  /** `service:what`, such as `ecs:task-exits`. */
  readonly name: string;
  /** What goes wrong, for people; begins in lower case. */
  readonly title: string;
  readonly effects: readonly Timed<Effect | E>[];
}

export interface Timed<E> {
  readonly when: Moment;
  readonly effect: E;
}

/** What a delivery comes to when a fault hits one of its environments. */
export interface Outcome {
  readonly deploy: Conclusion;
  readonly rollback: Conclusion;
  /** Facts of the target afterwards, without the environment's name. */
  readonly facts: FinalState;
  /** Texts that the summary of the deploy job must contain. */
  readonly deploySays?: readonly string[];
  /** Texts that the log or the annotations of the deploy job must contain. */
  readonly deployLogs?: readonly string[];
  /** Texts that the summary of the rollback job must contain. */
  readonly rollbackSays?: readonly string[];
  readonly leftovers?: readonly { readonly contains: string; readonly because: string }[];
  /** True for a deployment that fails and that nobody is told of. @default false */
  readonly nobodyIsTold?: boolean;
}

/** A fault before any deployment: the delivery stops at a job. */
export interface PipelineFault extends Fault {
  /** Key of the job that fails; where there is one for each image, its beginning, and all of them fail. */
  readonly stopsAt: string;
  /** Texts that its log or its annotations must contain. */
  readonly says: readonly string[];
  /** True for workloads to which it can happen. @default - to each */
  readonly happensTo?: (workload: WorkloadEntry, images: readonly ImageEntry[]) => boolean;
}

/** A fault that hits one environment. */
export interface StageFault<E = never> extends Fault<E> {
  /** For kinds of target that go from one version to the next in several ways, a function of the target. */
  readonly outcome: Outcome | ((target: TargetEntry) => Outcome);
  /**
   * Where it is rehearsed besides the last environment of the workflow that builds: in the environments before, and
   * in those that versions are promoted to. Roles and the way traffic shifts differ between environments, so that
   * what only this fault brings about must be seen with each of them.
   *
   * @default - in that environment only. A workflow that builds and leaves the rest to promotions has but one, the
   * first; the others meet the fault when somebody asks for it
   */
  readonly also?: 'everywhere' | 'whereTheWayBackHasARole';
  /** True for what only happens where somebody has to approve. @default false */
  readonly needsReviewers?: boolean;
  /** True for targets to which it can happen. @default - to each of the kind */
  readonly happensTo?: (target: TargetEntry) => boolean;
}

/** What a fault comes to at a target. */
export const outcomeAt = ({ outcome }: StageFault<unknown>, target: TargetEntry): Outcome =>
  typeof outcome === 'function' ? outcome(target) : outcome;
