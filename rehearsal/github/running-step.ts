import type { Step } from '../../proofs/artefacts/workflow';
import type { CommandFiles } from './command-files';
import type { JobState } from './job-state';
import type { StepLog } from './step-log';

/** A step on its way. */
export interface RunningStep {
  readonly state: JobState;
  readonly step: Step;
  /** The step as it stands in the file. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly number: number;
  readonly name: string;
  readonly log: StepLog;
  /** `env` of the step, evaluated. */
  readonly env: Readonly<Record<string, string>>;
  readonly outputs: Record<string, string>;
  readonly files: CommandFiles;
  /** Aborts when the step is cancelled or has had its time. */
  readonly signal: AbortSignal;
  /** Aborts when nothing may go on. */
  readonly kill: AbortSignal;
}
