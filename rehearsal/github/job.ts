import { messageOf } from '../message-of';
import { claimsOf } from './contexts';
import { ExpressionFault, textOf } from './expressions';
import { interrupted } from './interrupted';
import { type JobPlan, JobState, type PostStep } from './job-state';
import { killOrphans } from './orphans';
import type { Annotation, Conclusion, JobResult } from './run-result';
import type { RunnerPorts } from './runner-ports';
import { runStep } from './step';
import { StepLog } from './step-log';

/** Why and when a job is cancelled from outside. */
export interface JobLimits {
  readonly minutes: number;
  /** The message that people see on the job. */
  readonly onCancel: (listener: (message: string) => void) => void;
}

/** Minutes that a cancelled job may still take. */
const CANCEL_MINUTES = 5;

/**
 * Runs the steps of a job that may start, and what its actions left to be done at its end.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
 */
export async function runJob(plan: JobPlan, ports: RunnerPorts, limits: JobLimits): Promise<JobResult> {
  const grant = grantOf(plan, ports);
  const state = new JobState(plan, ports, grant?.environment ?? {});
  if (grant) state.masks.add(grant.secret);
  const startedAt = ports.clock.now();
  const name = nameOf(plan, state);
  ports.emit({ kind: 'jobStarted', job: plan.label, name, at: startedAt });
  let over = false;
  const cancel = (message: string): void => {
    if (!over) cancelJob(state, message);
  };
  limits.onCancel(cancel);
  ports.clock.in(limits.minutes * 60, () =>
    cancel(`The job has exceeded the maximum execution time of ${limits.minutes}m0s`),
  );
  try {
    await runSteps(state);
    const outputs = outputsOf(state);
    const result: Conclusion = state.status;
    return {
      id: plan.label,
      name,
      ...(plan.environment !== undefined && { environment: plan.environment }),
      result,
      startedAt,
      endedAt: ports.clock.now(),
      steps: state.results,
      outputs,
      summary: state.summary.join('\n'),
      ...(state.annotations.length > 0 && { annotations: state.annotations }),
    };
  } finally {
    over = true;
    grant?.close();
    for (const rest of state.rests) rest();
    killOrphans(state.temp);
  }
}

function cancelJob(state: JobState, message: string): void {
  if (state.cancelled.signal.aborted) return;
  state.annotations.push({ level: 'error', message });
  state.status = 'cancelled';
  state.cancelled.abort();
  state.ports.clock.in(CANCEL_MINUTES * 60, () => state.forced.abort());
}

async function runSteps(state: JobState): Promise<void> {
  const { job } = state.plan;
  const plain = (Array.isArray(job.raw.steps) ? job.raw.steps : []) as readonly Readonly<
    Record<string, unknown>
  >[];
  for (const [index, step] of job.steps.entries()) {
    if (state.forced.signal.aborted) return;
    if (state.ports.signal.aborted) throw interrupted();
    await runStep(state, step, plain[index] ?? {});
  }
  for (const post of state.posts) {
    if (state.forced.signal.aborted) return;
    await runPost(state, post);
  }
}

/** What an action does at the end of its job; it takes no time that anybody would notice. */
async function runPost(state: JobState, { name, line, action }: PostStep): Promise<void> {
  const { emit, clock } = state.ports;
  const { label } = state.plan;
  const startedAt = clock.now();
  const log = new StepLog(state.masks, (text) =>
    emit({ kind: 'log', job: label, line: text, at: clock.now() }),
  );
  let outcome: Conclusion = 'success';
  emit({ kind: 'stepStarted', job: label, step: name, at: startedAt });
  try {
    await action(log);
  } catch (error) {
    log.annotate({ level: 'error', message: messageOf(error) });
    outcome = 'failure';
    if (state.status === 'success') state.status = 'failure';
  }
  const ended = { name, line, outcome, conclusion: outcome, startedAt, endedAt: clock.now() };
  const result = { ...ended, outputs: {}, annotations: log.annotations, log: log.lines };
  state.results.push(result);
  emit({ kind: 'stepEnded', job: label, step: result, at: result.endedAt });
}

/**
 * Outputs of the job, whatever became of it. One that is empty or may hold a secret is left out.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idoutputs
 */
function outputsOf(state: JobState): Readonly<Record<string, string>> {
  const outputs: Record<string, string> = {};
  for (const [name, template] of Object.entries(state.plan.job.outputs)) {
    try {
      const value = textOf(template, state.scope());
      if (value === '') continue;
      if (!state.masks.occurIn(value)) outputs[name] = value;
      else
        annotate(state, { level: 'warning', message: `Skip output '${name}' since it may contain secret.` });
    } catch (error) {
      if (!(error instanceof ExpressionFault)) throw error;
      annotate(state, { level: 'error', message: error.message });
      state.status = 'failure';
    }
  }
  return outputs;
}

const annotate = (state: JobState, annotation: Annotation): void => void state.annotations.push(annotation);

function grantOf({ permissions, request, environment, contexts }: JobPlan, { tokens }: RunnerPorts) {
  if (permissions['id-token'] !== 'write') return undefined;
  return tokens.grant({
    ...claimsOf(request, String(contexts.github.workflow)),
    ...(environment !== undefined && { environment }),
    sha: request.sha,
    runId: request.runId,
    runAttempt: request.runAttempt,
  });
}

function nameOf({ job, label, contexts }: JobPlan, state: JobState): string {
  if (job.name === undefined) return label;
  try {
    return textOf(job.name, { contexts });
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    annotate(state, { level: 'error', message: error.message });
    return label;
  }
}
