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
  if (!workflow.shape.plan.jobs.some(({ id }) => id === stopsAt)) return [];
  const expect = expectation(workflow, { [stopsAt]: 'failure' }, states, leftAlone);
  return [scenario(workflow, name, title, { ...expect, log: { [stopsAt]: says } }, { faults: [{ name }] })];
}
