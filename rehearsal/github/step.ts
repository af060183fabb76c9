import type { Step } from '../../proofs/artefacts/workflow';
import { LockstepError } from '../../contract';
import { messageOf } from '../message-of';
import { applyCommandFiles } from './apply-command-files';
import { makeCommandFiles } from './command-files';
import { ExpressionFault, holds, textOf, valueOf } from './expressions';
import { interrupted } from './interrupted';
import type { JobState } from './job-state';
import type { Conclusion, StepResult } from './run-result';
import { runAction } from './run-action';
import { runScript } from './run-script';
import type { RunningStep } from './running-step';
import { stepStatus } from './status';
import { StepLog } from './step-log';

/** Every step takes this long at least, in milliseconds. */
const SHORTEST_MS = 1_000;

/**
 * Runs one step, or skips it.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Worker/StepsRunner.cs
 */
export async function runStep(state: JobState, step: Step, raw: RunningStep['raw']): Promise<StepResult> {
  const { clock } = state.ports;
  const startedAt = clock.now();
  const log = new StepLog(state.masks, (line) =>
    state.ports.emit({ kind: 'log', job: state.plan.label, line, at: clock.now() }),
  );
  const outputs: Record<string, string> = {};
  const { name, env, runs } = prepare(state, step, log);
  if (runs === false) return finish(state, step, { name, log, outputs, startedAt, outcome: 'skipped' });
  state.ports.emit({ kind: 'stepStarted', job: state.plan.label, step: name, at: startedAt });
  let outcome: Conclusion = 'failure';
  let forgiven = false;
  if (runs === true) {
    const number = state.nextStep();
    const files = makeCommandFiles(state.temp, number);
    const parts = { state, step, raw, number, name, log, env, outputs, files };
    outcome = await perform(parts);
    forgiven = outcome === 'failure' && continues(parts);
  }
  const passed = clock.now() - startedAt;
  if (passed < SHORTEST_MS) await clock.sleep(SHORTEST_MS - passed);
  return finish(state, step, { name, log, outputs, startedAt, outcome, forgiven });
}

/** Name, variables and condition; a fault in one of them fails the step before it runs. */
function prepare(
  state: JobState,
  step: Step,
  log: StepLog,
): {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly runs: boolean | 'fault';
} {
  let name = step.name ?? usualName(step);
  try {
    const env = evaluated(step.env, state);
    const scope = state.scope(env);
    const runs = holds(step.condition, 'stepCondition', scope);
    name = textOf(name, scope);
    return { name, env, runs };
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    log.annotate({ level: 'error', message: error.message });
    return { name, env: {}, runs: 'fault' };
  }
}

const evaluated = (
  env: Readonly<Record<string, string>>,
  state: JobState,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).map(([key, value]) => [key, textOf(value, state.scope())]));

const usualName = ({ run, uses }: Step): string =>
  `Run ${uses ? `${uses.action}@${uses.ref}` : (run ?? '').trim().split('\n')[0]}`;

/** Runs the step until it ends, is cancelled or has had its time. */
async function perform(parts: Omit<RunningStep, 'signal' | 'kill'>): Promise<Conclusion> {
  const { state, step, log, name } = parts;
  const { clock, signal: killed } = state.ports;
  const stop = new AbortController();
  let over = false;
  let timedOut: number | undefined;
  const cancelJob = (): void => {
    // What may run in a cancelled job goes on.
    const scope = { ...state.scope(parts.env), status: stepStatus('cancelled') };
    if (!holds(step.condition, 'stepCondition', scope)) stop.abort();
  };
  const minutes = Number(valueOf(parts.raw['timeout-minutes'] ?? 0, state.scope(parts.env)));
  if (minutes > 0) {
    clock.in(minutes * 60, () => {
      if (over || stop.signal.aborted) return;
      timedOut = minutes;
      stop.abort();
    });
  }
  if (!state.cancelled.signal.aborted) state.cancelled.signal.addEventListener('abort', cancelJob);
  const kill = AbortSignal.any([killed, state.forced.signal]);
  const running: RunningStep = { ...parts, kill, signal: AbortSignal.any([stop.signal, kill]) };
  const ended = await attempt(running);
  over = true;
  state.cancelled.signal.removeEventListener('abort', cancelJob);
  if (killed.aborted) throw interrupted();
  const applied = applyCommandFiles(running);
  if (timedOut !== undefined) {
    log.annotate({
      level: 'error',
      message: `The action '${name}' has timed out after ${timedOut} minutes.`,
    });
    return 'failure';
  }
  if (running.signal.aborted) {
    log.annotate({ level: 'error', message: 'The operation was canceled.' });
    return 'cancelled';
  }
  return ended && applied && !log.failed ? 'success' : 'failure';
}

async function attempt(running: RunningStep): Promise<boolean> {
  try {
    return await (running.step.uses ? runAction(running, running.step.uses.action) : runScript(running));
  } catch (error) {
    // A mistake of the rehearsal itself is none of the workflow.
    if (LockstepError.is(error)) throw error;
    if (!running.signal.aborted) {
      running.log.annotate({
        level: 'error',
        message: messageOf(error),
      });
    }
    return false;
  }
}

function continues({ state, raw, env, log }: Omit<RunningStep, 'signal' | 'kill'>): boolean {
  try {
    return String(valueOf(raw['continue-on-error'] ?? false, state.scope(env))) === 'true';
  } catch (error) {
    if (!(error instanceof ExpressionFault)) throw error;
    log.annotate({ level: 'error', message: error.message });
    return false;
  }
}

interface Finished {
  readonly name: string;
  readonly log: StepLog;
  readonly outputs: Readonly<Record<string, string>>;
  readonly startedAt: number;
  readonly outcome: Conclusion;
  readonly forgiven?: boolean;
}

function finish(state: JobState, step: Step, finished: Finished): StepResult {
  const { name, log, outputs, startedAt, outcome, forgiven = false } = finished;
  const conclusion = forgiven ? 'success' : outcome;
  if (step.id !== undefined) state.steps = { ...state.steps, [step.id]: { outputs, outcome, conclusion } };
  if (conclusion === 'failure' && state.status === 'success') state.status = 'failure';
  const hidden = Object.entries(outputs).map(([key, value]) => [key, state.masks.hide(value)] as const);
  const result: StepResult = {
    name: state.masks.hide(name),
    ...(step.id !== undefined && { id: step.id }),
    line: step.line,
    outcome,
    conclusion,
    startedAt,
    endedAt: state.ports.clock.now(),
    outputs: Object.fromEntries(hidden),
    annotations: log.annotations,
    log: log.lines,
  };
  state.results.push(result);
  state.ports.emit({ kind: 'stepEnded', job: state.plan.label, step: result, at: result.endedAt });
  return result;
}
