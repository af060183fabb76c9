import type { PipelineFault } from '../faults/fault';
import { type Ends, expectation, type LeftAlone, type RehearsedWorkflow, scenario } from './compose';
import type { Scenario } from './scenario';

/**
 * A fault before any deployment: the run stops at a job, and everything stays as it is.
 *
 * @param states what targets run before and after
 */
export function stoppedEarly(
  workflow: RehearsedWorkflow,
  states: Readonly<Record<string, Ends>>,
  { name, title, stopsAt, says }: PipelineFault,
  leftAlone?: LeftAlone,
): readonly Scenario[] {
  const jobs = jobsNamed(workflow, stopsAt);
  if (jobs.length === 0) return [];
  const failures = Object.fromEntries(jobs.map((id) => [id, 'failure' as const]));
  const expect = expectation(workflow, failures, states, leftAlone);
  const log = Object.fromEntries(jobs.map((id) => [id, says]));
  return [scenario(workflow, name, title, { ...expect, log }, { faults: [{ name }] })];
}

/** A job by its key, or the jobs of which there is one for each image. */
export const jobsNamed = ({ shape }: RehearsedWorkflow, name: string): readonly string[] =>
  shape.plan.jobs.map(({ id }) => id).filter((id) => id === name || id.startsWith(`${name}-`));
