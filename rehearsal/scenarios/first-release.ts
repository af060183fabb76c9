import { WAY_BACK_DENIED } from '../faults/stage-faults';
import type { Conclusion } from '../github/run-result';
import { type Leftover, rehearsalOf } from '../targets';
import { firstReleaseOf } from './beginnings';
import { everywhere, expectation, type RehearsedWorkflow, scenario, type ScenarioOptions } from './compose';
import { byHandWithModel, uploaded } from './models';
import type { Expectation, FinalState, Scenario } from './scenario';
import type { Delivered } from './stages';

/** Name of the scenario after which somebody must clear a first release by hand. */
export const FIRST_RELEASE_STAYS = 'first-release, way back denied';

const NOTHING_BEHIND = { before: 'new', after: 'nothing' } as const;

/** The very first release. Where the platform names no model for it, somebody does by hand. */
export function firstRelease(workflow: RehearsedWorkflow, stages: readonly Delivered[]): Scenario {
  return scenario(
    workflow,
    'first-release',
    'the first release into stacks that were just deployed',
    expectation(workflow, {}, everywhere(stages, 'new'), NOTHING_BEHIND),
    firstReleaseOptions(workflow, stages),
  );
}

function firstReleaseOptions(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
): Partial<ScenarioOptions> {
  const { workload, resolve } = workflow.shape;
  const [first] = stages;
  const beginning = workload && first ? firstReleaseOf(workload, first.environment) : 'stacksDeployed';
  // What is promoted has its model already.
  const asks = !resolve && stages.some(({ target }) => rehearsalOf(target).needsModel?.(target) === true);
  return {
    beginning,
    request: { commit: 'earlier', ...(asks && byHandWithModel(workflow)) },
    ...(asks && { meanwhile: uploaded(workflow) }),
  };
}

/** The gravest fault of a target hits the very first release: there is nothing to go back to but nothing. */
export function firstReleaseFails(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  first: Delivered,
): readonly Scenario[] {
  const { deploy, rollback, environment, target } = first;
  const fault = rehearsalOf(target).faults.find(({ also }) => also === 'everywhere');
  if (!fault) return [];
  const failed = (way: Conclusion) => ({
    [deploy.id]: 'failure' as const,
    ...(rollback && { [rollback.id]: way }),
  });
  const failing = (way: Conclusion, leftovers: readonly Leftover[]): Expectation => ({
    ...expectation(workflow, failed(way), {}),
    state: {
      ...nothingRuns(expectation(workflow, {}, everywhere(stages, 'nothing'), NOTHING_BEHIND)),
      ...newsOf(expectation(workflow, failed(way), {})),
    },
    leftovers,
  });
  const { firstReleaseUndone, firstReleaseStays } = rehearsalOf(target);
  const named = `first-release, ${fault.name}`;
  const title = `the very first release fails: ${fault.title}`;
  const options = firstReleaseOptions(workflow, stages);
  const hits = [{ name: fault.name, environment }];
  const undone = scenario(workflow, named, title, failing('success', firstReleaseUndone), {
    ...options,
    faults: hits,
  });
  if (!firstReleaseStays || !rollback) return [undone];
  return [
    undone,
    scenario(
      workflow,
      FIRST_RELEASE_STAYS,
      `${title}, and nobody leads back`,
      failing('failure', firstReleaseStays),
      {
        ...options,
        faults: [...hits, { name: WAY_BACK_DENIED.name, environment }],
      },
    ),
  ];
}

/** What people were told. */
const newsOf = ({ state }: Expectation): FinalState =>
  Object.fromEntries(Object.entries(state).filter(([fact]) => /: told by /.test(fact)));

/** Nothing serves and nothing is recorded; what AWS still takes away makes no difference. */
export const nothingRuns = ({ state }: Expectation): FinalState =>
  Object.fromEntries(Object.entries(state).filter(([fact]) => /: (runs|released image)$/.test(fact)));
