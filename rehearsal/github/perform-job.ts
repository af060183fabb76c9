import type { Job } from '../../proofs/artefacts/workflow';
import { concurrencyOf } from './concurrency';
import { ExpressionFault, type Scope, textOf, valueOf } from './expressions';
import { passGate } from './gate';
import { interrupted } from './interrupted';
import { runJob } from './job';
import type { JobPlan } from './job-state';
import { jobWithoutSteps } from './job-without-steps';
import { type JobCombination, planJob } from './plan-job';
import type { RunContexts, RunParts } from './run-parts';
import type { Gate } from './run-request';
import type { Conclusion, JobResult } from './run-result';

/** Minutes after which GitHub cancels a job that names no limit. */
const USUAL_MINUTES = 360;

/** What a job knows of the run and of its siblings in a matrix. */
export interface Before {
  /** Whether a sibling has failed. */
  readonly failed: boolean;
  /** Whether the run was cancelled before the job began. */
  readonly cancelled: boolean;
  /** Position among all jobs that ran. */
  readonly number: number;
}

/** Performs one job whose condition holds: its gate, its steps, and what is forgiven. */
export async function performJob(
  parts: RunParts,
  job: Job,
  combination: JobCombination,
  contexts: RunContexts,
  { failed, cancelled, number }: Before,
): Promise<JobResult> {
  if (parts.ports.signal.aborted) throw interrupted();
  try {
    const plan = planJob(parts, job, combination, contexts, number);
    if (cancelled) return without(parts, plan, 'cancelled', CANCELLED);
    if (failed && combination.failFast) return without(parts, plan, 'cancelled', FAIL_FAST);
    const scope: Scope = { contexts: plan.contexts };
    const forgives = String(valueOf(job.raw['continue-on-error'] ?? false, scope)) === 'true';
    const minutes = Number(valueOf(job.raw['timeout-minutes'] ?? USUAL_MINUTES, scope));
    const result = await throughGate(parts, plan, minutes);
    return forgives && result.result === 'failure'
      ? { ...result, result: 'success', outcome: 'failure' }
      : result;
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    return jobWithoutSteps(job, 'failure', parts.ports.clock.now(), { message: error.message });
  }
}

const CANCELLED = 'The operation was canceled.';
const FAIL_FAST = 'The operation was canceled: another job of the matrix has failed.';

/** @see https://docs.github.com/en/actions/reference/workflows-and-actions/deployments-and-environments */
async function throughGate(parts: RunParts, plan: JobPlan, minutes: number): Promise<JobResult> {
  const { ports, request, cancellation } = parts;
  const group = concurrencyOf(plan.job.raw.concurrency, { contexts: plan.contexts });
  const cancelled = new AbortController();
  let reason = '';
  let listener = (_message: string): void => undefined;
  cancellation.runs(group, (message) => {
    reason = message;
    cancelled.abort();
    listener(message);
  });
  try {
    const gate = plan.environment === undefined ? undefined : request.gate?.(plan.environment);
    if (plan.environment !== undefined && waits(gate)) {
      const about = { job: plan.label, environment: plan.environment };
      const passed = await passGate(gate, about, ports, cancelled.signal);
      if (ports.signal.aborted) throw interrupted();
      if (passed === 'rejected') {
        return without(parts, plan, 'failure', `The deployment to ${plan.environment} was rejected.`);
      }
      if (passed === 'cancelled') return without(parts, plan, 'cancelled', reason);
    }
    return await runJob(plan, ports, { minutes, onCancel: (listen) => void (listener = listen) });
  } finally {
    cancellation.rests();
  }
}

const waits = (gate: Gate | undefined): gate is Gate =>
  gate === 'rejected' || (gate !== undefined && gate.opensAfterMinutes > 0);

function without({ ports }: RunParts, plan: JobPlan, result: Conclusion, message: string): JobResult {
  const { job, label: id, environment, contexts } = plan;
  const name = job.name === undefined ? id : textOf(job.name, { contexts });
  return jobWithoutSteps({ id, name }, result, ports.clock.now(), { message, environment });
}
