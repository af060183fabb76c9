import type { VirtualClock } from '../clock/virtual-clock';
import type { Annotation } from './run-result';
import type { RunRequest } from './run-request';

/** What an action is given, and what it may do. It ends with a failure by throwing. */
export interface ActionRun {
  /** Inputs as the step gives them, evaluated. The stand-in fills in defaults and warns of unknown names. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Environment of the step. */
  readonly env: Readonly<Record<string, string>>;
  readonly run: RunRequest;
  /** Key of the job, and its permissions as the file gives them. */
  readonly job: {
    readonly id: string;
    readonly environment?: string;
    /** Access by scope: `contents: read`. A scope that is missing has none. */
    readonly permissions: Readonly<Record<string, string>>;
  };
  /** `GITHUB_WORKSPACE`, absolute. */
  readonly workspace: string;
  /** A folder of this job for whatever the action keeps; `RUNNER_TEMP`. */
  readonly temp: string;
  readonly clock: VirtualClock;
  /** Aborts when the run is cancelled. */
  readonly signal: AbortSignal;
  log(line: string): void;
  annotate(annotation: Annotation): void;
  output(name: string, value: string): void;
  /** For the steps that follow. */
  exportVariable(name: string, value: string): void;
  addPath(folder: string): void;
  mask(secret: string): void;
  summary(markdown: string): void;
  /** Runs when the job ends, last registered first. */
  atEnd(action: () => Promise<void> | void): void;
}

/** A failure of the action that its user would see. */
export class ActionFailure extends Error {}

/** Takes the place of a third-party action, with the inputs and outputs of its pinned version. */
export interface ActionStandIn {
  /** As in `uses:`, without the ref: `actions/checkout`, `github/codeql-action/upload-sarif`. */
  readonly action: string;
  /** What it does not do of what the action does. */
  readonly limits: string;
  run(step: ActionRun): Promise<void>;
}
