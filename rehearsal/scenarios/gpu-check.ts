import type { GpuCheckEntry } from '../../contract';
import type { Conclusion } from '../github/run-result';
import { type Combination, combinationsOf, labelled } from '../github/matrix';
import { AT_REST, type CheckFault, GPU_CHECK_FAULTS, reported } from '../gpu-check';
import { expectation, idOf, prefixed, type RehearsedWorkflow, scenario } from './compose';
import type { Expectation, Scenario } from './scenario';

/** Driver of the machine image that the stack names. */
const HOST_DRIVER = '580.159.03';

/** A job of the matrix: its label, and its versions. */
interface Cell {
  readonly job: string;
  readonly versions: Combination;
}

/** A regular check of a GPU stack, and everything that may go wrong with one combination, which is the last one. */
export function gpuCheckScenarios(workflow: RehearsedWorkflow, check: GpuCheckEntry): readonly Scenario[] {
  const cells = cellsOf(workflow);
  const last = cells.at(-1);
  if (!last) return [];
  const [usual = '', ...others] = check.instanceTypes;
  return [
    scenario(
      workflow,
      'weekly',
      'a week is over: every combination is built and run on a GPU, and the report says what was seen',
      ends(workflow, check, cells, usual),
    ),
    ...others.slice(-1).map((type) => byHand(workflow, type, ends(workflow, check, cells, type))),
    ...GPU_CHECK_FAULTS.map((fault) => hit(workflow, check, cells, last, fault)),
  ];
}

function byHand(workflow: RehearsedWorkflow, instanceType: string, expect: Expectation): Scenario {
  const title = 'somebody starts the check by hand, with another instance type';
  const inputs = { 'instance-type': instanceType };
  return scenario(workflow, 'by-hand', title, expect, { request: { event: 'workflow_dispatch', inputs } });
}

function cellsOf({ shape: { plan } }: RehearsedWorkflow): readonly Cell[] {
  return plan.jobs.flatMap(({ id, matrix }) => {
    if (!matrix) return [];
    const exclude = matrix.exclude.map(({ values }) => values);
    const combinations = combinationsOf({ ...matrix.axes, exclude });
    return combinations.map((versions) => ({ job: labelled(id, versions), versions }));
  });
}

/** Every combination ran; it was tested where the host has its driver. */
function ends(
  workflow: RehearsedWorkflow,
  check: GpuCheckEntry,
  cells: readonly Cell[],
  instanceType: string,
): Expectation {
  const { jobs } = expectation(workflow, {}, {});
  const keys = workflow.shape.plan.jobs.filter(({ matrix }) => matrix).map(({ id }) => id);
  const verdicts = cells.map(({ versions }) => {
    const verdict = versions.driver === HOST_DRIVER ? 'tested' : 'declared';
    return [reported(versions), `${verdict} on ${instanceType}`] as const;
  });
  return {
    jobs: {
      ...Object.fromEntries(Object.entries(jobs).filter(([id]) => !keys.includes(id))),
      ...Object.fromEntries(cells.map(({ job }) => [job, 'success' as Conclusion])),
    },
    state: prefixed(check.id, { ...AT_REST, ...Object.fromEntries(verdicts) }),
  };
}

function hit(
  workflow: RehearsedWorkflow,
  check: GpuCheckEntry,
  cells: readonly Cell[],
  { job, versions }: Cell,
  { name, title, outcome }: CheckFault,
): Scenario {
  const [usual = ''] = check.instanceTypes;
  const good = ends(workflow, check, cells, usual);
  const { report, says, leftovers, facts = {} } = outcome;
  const told = typeof report === 'object' ? `${report.status} on ${usual} (${report.cause})` : report;
  const state = prefixed(check.id, { ...facts, ...(told !== undefined && { [reported(versions)]: told }) });
  const expect: Expectation = {
    ...good,
    jobs: { ...good.jobs, [job]: outcome.check },
    state: { ...good.state, ...state },
    ...(says && { log: { [job]: says } }),
    ...(leftovers && { leftovers }),
  };
  const made = scenario(workflow, name, title, expect, { faults: [{ name }] });
  return { ...made, branchesOff: { from: idOf(workflow, 'weekly'), before: job } };
}
