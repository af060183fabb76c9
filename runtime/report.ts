import type { Check, DeployEvent, Diagnosis, PastDeployment } from '../contract/deployer';
import type { LockstepError } from '../contract/errors';

/** An event with the time at which it was told. */
export interface TimedEvent extends DeployEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A part of a report that only its command has: a table, lines as somebody else wrote them, or a diagram. */
export type Section =
  | {
      readonly title: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly title: string; readonly lines: readonly string[] }
  | {
      readonly title: string;
      /** Source of a Mermaid diagram, of values that Lockstep has made. GitHub draws it. */
      readonly mermaid: readonly string[];
      /** The same for who sees no diagrams. */
      readonly lines: readonly string[];
    };

/** What a command has found out, for every renderer and for the step summary. */
export interface Report {
  readonly title: string;
  /** Label and value, in the order to print. */
  readonly facts: readonly (readonly [string, string])[];
  readonly checks?: readonly Check[];
  readonly diagnoses?: readonly Diagnosis[];
  readonly history?: readonly PastDeployment[];
  readonly sections?: readonly Section[];
  /** Markdown of the command's own, in place of what the step summary would make of the report; each part stands or is left out as a whole. */
  readonly summary?: readonly (readonly string[])[];
  /** Set when the command has failed; the process then ends with the error's exit code. */
  readonly failure?: LockstepError;
  /** The fields of the command's own that `--json` prints. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** How a run is shown while it goes on and when it ends. */
export interface Renderer {
  /** A part of the run begins; it ends with the next one or with the run. */
  phase(title: string): void;
  event(event: TimedEvent): void;
  report(report: Report): void;
  failure(error: LockstepError): void;
}
