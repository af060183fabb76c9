import type { Workflow } from '../../proofs/artefacts/workflow';
import type { Scope } from './expressions';
import type { RunCancellation } from './run-cancellation';
import type { RunRequest } from './run-request';
import type { RunnerPorts } from './runner-ports';

/** What all jobs of a run share. */
export interface RunParts {
  readonly request: RunRequest;
  readonly workflow: Workflow;
  readonly ports: RunnerPorts;
  readonly contexts: Scope['contexts'];
  readonly cancellation: RunCancellation;
}
