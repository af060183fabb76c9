export { ActionFailure, type ActionRun, type ActionStandIn } from './action-stand-in';
export { readRunnable, type RunnableWorkflow } from './parse';
export { runWorkflow } from './run';
export type { Gate, RunRequest } from './run-request';
export type { Annotation, Conclusion, JobResult, RunEvent, RunResult, StepResult } from './run-result';
export type { RunnerPorts, Subscribe } from './runner-ports';
export { type TokenHolder, TokenIssuer } from './token-issuer';
export { triggers } from './triggers';
