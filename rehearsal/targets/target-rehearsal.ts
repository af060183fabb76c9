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
  apply(effect: E, scene: TargetScene): void;
  facts(scene: TargetScene, labelOf: LabelOf): FinalState;
  /** Facts of a target at rest that runs what the label says, and has recorded it. */
  atRest(target: TargetEntry, label: 'new' | 'earlier' | 'nothing'): FinalState;
  /** Names by which the command knows the versions that ran, newest first. */
  versions(scene: TargetScene): readonly string[];
}
