import type { WorkloadEntry } from '../../contract';
import { CANCELLED } from '../faults/stage-faults';
import { rehearsalOf } from '../targets';
import { subjectOf } from './beginnings';
import { everywhere, expectation, prefixed, type RehearsedWorkflow, scenario } from './compose';
import type { Expectation, FinalState, Scenario } from './scenario';
import type { Bystander } from './shape';
import type { Delivered } from './stages';

/**
 * Situations in which there is nothing that may be promoted, and refs from which nothing may be.
 *
 * @param resolve key of the job that finds out what is to be promoted
 */
export function nothingToPromote(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  resolve: string,
): readonly Scenario[] {
  const stays = expectation(workflow, { [resolve]: 'failure' }, everywhere(stages, 'earlier'));
  const { workload, bystanders } = workflow.shape;
  const earlier = bystanders.filter(({ side }) => side === 'before');
  const before = earlier.at(-1);
  const refused = { ...stays, log: { [resolve]: ['NothingToPromote'] } };
  return [
    scenario(
      workflow,
      'wrong-branch',
      'somebody promotes from a branch that may not be released',
      { ...stays, log: { [resolve]: ['refs/heads/feature is refused'] } },
      { request: { ref: 'refs/heads/feature' } },
    ),
    nothingYet(workflow, stages, resolve),
    ...(before && workload
      ? [underWay(workflow, workload, before, refused), foreignVersion(workflow, before, refused)]
      : []),
    // Every fault is rehearsed in the first environment only.
    ...(before && workload && earlier.length === 1 ? failedVersion(workflow, workload, before, refused) : []),
  ];
}

function nothingYet(workflow: RehearsedWorkflow, stages: readonly Delivered[], resolve: string): Scenario {
  const nothing = expectation(workflow, { [resolve]: 'failure' }, everywhere(stages, 'nothing'), {
    before: 'nothing',
    after: 'nothing',
  });
  return scenario(
    workflow,
    'nothing-to-promote',
    'the environment before runs nothing yet',
    { ...nothing, log: { [resolve]: ['NothingToPromote'] } },
    { beginning: 'stacksDeployed' },
  );
}

/** Nobody can say what the environment before comes to. */
const underWay = (
  workflow: RehearsedWorkflow,
  workload: WorkloadEntry,
  before: Bystander,
  refused: Expectation,
): Scenario =>
  scenario(
    workflow,
    'under-way',
    'a deployment to the environment before was cancelled and goes on: nobody knows how it ends',
    {
      ...refused,
      state: withoutFactsOf(before, refused.state),
      leftovers: rehearsalOf(before.target).underWay,
    },
    { beginning: { after: `${subjectOf(workload, before.environment)} ${CANCELLED.name}` } },
  );

/** What failed its test serves on, because the way back failed too. */
function failedVersion(
  workflow: RehearsedWorkflow,
  workload: WorkloadEntry,
  before: Bystander,
  refused: Expectation,
): readonly Scenario[] {
  const { leavesFailing } = rehearsalOf(before.target);
  if (leavesFailing === undefined) return [];
  const facts = prefixed(before.environment, { runs: 'new', 'released image': 'earlier' });
  return [
    scenario(
      workflow,
      'failed-version',
      'the environment before still serves what failed its test',
      { ...refused, state: { ...withoutFactsOf(before, refused.state), ...facts } },
      { beginning: { after: `${subjectOf(workload, before.environment)} ${leavesFailing}` } },
    ),
  ];
}

const foreignVersion = (workflow: RehearsedWorkflow, before: Bystander, refused: Expectation): Scenario =>
  scenario(
    workflow,
    'foreign-version',
    'the environment before runs what somebody deployed past the pipeline',
    {
      ...refused,
      state: {
        ...withoutFactsOf(before, refused.state),
        ...prefixed(before.environment, { runs: 'foreign', 'released image': 'new' }),
      },
    },
    { meanwhile: [{ kind: 'deployedPastPipeline', target: before.target.id }] },
  );

const withoutFactsOf = ({ environment }: Bystander, state: FinalState): FinalState =>
  Object.fromEntries(Object.entries(state).filter(([fact]) => !fact.startsWith(`${environment}: `)));
