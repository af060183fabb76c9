import { deliveryPipeline, LockstepError, type Pipeline, workflowPath } from '../contract';
import type { PipelinePlan } from '../workflows';
import type { Place, Subject } from './subject';
import { startCommand } from './workflows';

/** A call of the command on an engineer's machine. */
export const lockstep = (verb: string, { target }: Place, ...more: readonly string[]): string =>
  ['npx lockstep', verb, target.workload, '--environment', target.environment, ...more].join(' ');

/** Starts the workflow that delivers to an environment. */
export function deliver(subject: Subject, { target: { environment } }: Place): string {
  const plan = deliveryPlan(subject, environment);
  const hasEnvironment = plan.triggers.dispatch?.inputs.environment !== undefined;
  return start(plan, hasEnvironment ? { environment } : {});
}

/** Starts the rollback by hand. Without revision and commit it lists where one can go. */
export const goBack = (
  subject: Subject,
  { target: { environment } }: Place,
  to: Readonly<Record<string, string>> = {},
): string => start(rollbackPlan(subject), { environment, ...to });

export const rollbackPlan = (subject: Subject): PipelinePlan => planOf(subject, 'rollback');

export const deliveryPlan = (subject: Subject, environment: string): PipelinePlan =>
  planOf(subject, deliveryPipeline(subject.workload, environment));

function planOf({ workload, plans }: Subject, pipeline: Pipeline): PipelinePlan {
  const file = workflowPath(workload.id, pipeline);
  const plan = plans.find((each) => each.file === file);
  if (plan) return plan;
  throw missing(`no workflow ${file}`);
}

function start(plan: PipelinePlan, given: Readonly<Record<string, string>>): string {
  const command = startCommand(plan, given);
  if (command !== undefined) return command;
  throw missing(`${plan.file}, which people cannot start`);
}

const missing = (value: string): LockstepError =>
  new LockstepError('DanglingReference', {
    place: 'the plans of the workflows',
    value,
    allowed: 'workflows that deliver and go back, and that people can start',
    change: 'run `npx projen` to write the workflows anew',
  });
