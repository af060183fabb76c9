import type { Workflow } from '../../proofs/artefacts/workflow';
import type { RunCancellation } from './run-cancellation';
import type { RunRequest } from './run-request';
import type { RunnerPorts } from './runner-ports';

/** Contexts of expressions by name, as plain data. */
export interface RunContexts extends Readonly<Record<string, unknown>> {
  readonly github: Readonly<Record<string, unknown>>;
}

/** What all jobs of a run share. */
export interface RunParts {
  readonly request: RunRequest;
  readonly workflow: Workflow;
  readonly ports: RunnerPorts;
  readonly contexts: RunContexts;
  readonly cancellation: RunCancellation;
}
