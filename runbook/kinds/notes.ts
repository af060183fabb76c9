import type { ErrorCode, TargetEntry } from '../../contract';

/** Something that people see, why, and what to do. */
export interface Symptom {
  readonly symptom: string;
  readonly cause: string;
  readonly remedy: string;
  /** Code of the message that names it. @default - the diagnosis names it */
  readonly code?: ErrorCode;
}

/** What a runbook says of one kind of target, besides what holds for all of them. */
export interface KindNotes {
  /** What runs, in a few words. */
  readonly what: string;
  /** How a deployment goes from one version to the next, and where the target runs. */
  readonly shape: (target: TargetEntry) => readonly string[];
  /** Verbs of the command that not every kind has. */
  readonly verbs: readonly ('logs' | 'invoke' | 'backup')[];
  readonly symptoms: (target: TargetEntry) => readonly Symptom[];
  /** Why the stack of a target is deployed once more after its first release. @default - it is not */
  readonly stackAgain?: (target: TargetEntry) => string | undefined;
  readonly practices: readonly string[];
  /** What is paid for and stands in no template. */
  readonly cost: (target: TargetEntry) => readonly { readonly what: string; readonly page: string }[];
}
