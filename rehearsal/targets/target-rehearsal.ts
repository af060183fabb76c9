import type { TargetEntry } from '../../contract';
import type { World } from '../aws/world';
import type { VirtualClock } from '../clock/virtual-clock';
import type { StageFault } from '../faults/fault';
import type { FinalState } from '../scenarios/scenario';

/** A target in the emulated AWS. */
export interface TargetScene {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly target: TargetEntry;
}

/** What may run at a target: the image of this run, of the run before, of somebody else, or none. */
export type Label = 'new' | 'earlier' | 'foreign' | 'nothing' | 'mixed';

/**
 * Which model serves: the one that the first release brings, one that was uploaded for a run, another one, or none.
 */
export type ModelLabel = 'initial' | 'uploaded' | 'other' | 'nothing';

/** What a target at rest runs. */
export type Resting = 'new' | 'earlier' | 'nothing';

/** What may be left behind, and why it may. */
export interface Leftover {
  readonly contains: string;
  readonly because: string;
}

/** Says which of the images of a rehearsal a reference means. */
export type LabelOf = (image: string) => Label;

/**
 * What the rehearsal must know of a kind of target: how to read its state, and what can go wrong with it. A
 * new kind is a folder with such an object, and one line in `targets/index.ts`.
 *
 * `facts` always holds `runs` and `released image`, with a label; the rest is the kind's own.
 */
export interface TargetRehearsal<E = unknown> {
  /** As in the manifest. */
  readonly kind: string;
  /** IAM action of the call with which a deployment begins, such as `ecs:UpdateService`. */
  readonly startedBy: string;
  readonly faults: readonly StageFault<E>[];
  /** Name of a fault after which a version serves that failed its test. @default - none does */
  readonly leavesFailing?: string;
  apply(effect: E, scene: TargetScene): void;
  facts(scene: TargetScene, labelOf: LabelOf): FinalState;
  /**
   * Facts of a target at rest that runs what the label says, and has recorded it.
   *
   * @param model for kinds that serve one apart from the image. @default - that of the first release
   */
  atRest(target: TargetEntry, label: Resting, model?: ModelLabel): FinalState;
  /** Names by which the command knows the versions that ran, newest first. */
  versions(scene: TargetScene): readonly string[];
  /** What a deployment that nobody waits for any more leaves behind while it goes on. */
  readonly underWay: readonly Leftover[];
  /** What the way back from a first release that failed leaves behind while it goes on. */
  readonly firstReleaseUndone: readonly Leftover[];
  /**
   * What a first release that failed leaves behind where nobody was let in to lead back. Then somebody must clear it
   * by hand.
   *
   * @default - the next release goes over it
   */
  readonly firstReleaseStays?: readonly Leftover[];
  /** Somebody else deploys past the pipeline. */
  deployForeign(scene: TargetScene): void;
  /** Lays what must be there before the first release. @default - the stacks are all that it needs */
  prepare?(scene: TargetScene): void;
  /** Puts another model in place of the one that runs. @default - the kind serves none apart from the image */
  replaceModel?(scene: TargetScene): void;
  /** True where somebody must name a model for the first release. @default - nobody must */
  needsModel?(target: TargetEntry): boolean;
}
