import { channelsOf, toldFacts } from '../channels';
import { type Outcome, outcomeAt, type StageFault } from '../faults/fault';
import { CANCELLED, STAGE_FAULTS } from '../faults/stage-faults';
import type { Conclusion } from '../github/run-result';
import { rehearsalOf } from '../targets';
import { everywhere, expectation, idOf, named, prefixed, type RehearsedWorkflow, scenario } from './compose';
import { jobResults } from './job-results';
import type { Expectation, FinalState, Scenario } from './scenario';
import type { Delivered } from './stages';

/** What can go wrong in an environment, the faults of its kind of target first. */
export function faultsAt({ manifest }: RehearsedWorkflow, stage: Delivered): readonly StageFault<unknown>[] {
  const entry = manifest.environments.find(({ name }) => name === stage.environment);
  const reviewed = (entry?.protection.reviewers.length ?? 0) > 0;
  return [...faultsOfKind(stage), ...STAGE_FAULTS].filter(
    ({ needsReviewers }) => reviewed || needsReviewers !== true,
  );
}

const faultsOfKind = ({ target }: Delivered): readonly StageFault<unknown>[] =>
  rehearsalOf(target).faults.filter(({ happensTo }) => happensTo?.(target) ?? true);

/** A fault hits one environment: those before it have the new version, those behind it keep theirs. */
export function hit(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Delivered,
  fault: StageFault<unknown>,
): Scenario {
  const { name, title } = fault;
  const outcome = outcomeAt(fault, stage.target);
  const { environment, deploy, rollback, notify } = stage;
  const at = stages.indexOf(stage);
  const rest = expectation(
    workflow,
    {
      ...(outcome.deploy === 'cancelled' && cutOff(workflow, deploy.id)),
      [deploy.id]: outcome.deploy,
      ...(rollback && { [rollback.id]: outcome.rollback }),
    },
    {
      ...everywhere(stages.slice(0, at), 'new'),
      ...everywhere(stages.slice(at + 1), outcome.deploy === 'success' ? 'new' : 'earlier'),
    },
  );
  const expect: Expectation = {
    ...rest,
    state: {
      ...rest.state,
      ...prefixed(environment, outcome.facts),
      ...(outcome.nobodyIsTold === true && notify && silence(workflow, stage)),
    },
    ...texts(stage, outcome),
    leftovers: outcome.leftovers ?? [],
  };
  const made = scenario(workflow, name, title, expect, { faults: [{ name, environment }] });
  return { ...made, branchesOff: { from: idOf(workflow, 'good'), before: deploy.id } };
}

/** Nobody hears anything, and no incident is open, as after a recovery. */
function silence({ manifest }: RehearsedWorkflow, { environment, target }: Delivered): FinalState {
  const channels = channelsOf(manifest, target);
  return prefixed(environment, { ...toldFacts(channels, 'recovery'), ...toldFacts(channels, 'nothing') });
}

function texts({ deploy, rollback }: Delivered, outcome: Outcome): Pick<Expectation, 'summary' | 'log'> {
  const { deploySays, deployLogs, rollbackSays } = outcome;
  return {
    ...(deployLogs && { log: { [deploy.id]: deployLogs } }),
    summary: {
      ...(deploySays && { [deploy.id]: deploySays }),
      ...(rollbackSays && rollback && { [rollback.id]: rollbackSays }),
    },
  };
}

/** Faults that are rehearsed in an environment too that is not the last one of the workflow that builds. */
export const alsoIn = (stage: Delivered): readonly StageFault<unknown>[] =>
  faultsOfKind(stage).filter(
    ({ also }) =>
      also === 'everywhere' ||
      (also === 'whereTheWayBackHasARole' && stage.target.deployRole !== stage.target.rollbackRole),
  );

/** A fault by its name and its environment: `ecs:task-exits@staging`. */
export function hitAt(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Delivered,
  fault: StageFault<unknown>,
): Scenario {
  const title = `in ${stage.environment}: ${fault.title}`;
  const name = `${fault.name}@${stage.environment}`;
  return { ...hit(workflow, stages, stage, { ...fault, title }), ...named(workflow, name) };
}

/** Faults that somebody wants to see in an environment where they are no standard. */
export function askedFor(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Delivered,
  asked: readonly string[],
): readonly Scenario[] {
  const known = [...faultsAt(workflow, stage), cancelledAt(stage)];
  const standard = stage === stages.at(-1) ? [] : alsoIn(stage);
  return known
    .filter((fault) => !standard.includes(fault) && asked.includes(`${fault.name}@${stage.environment}`))
    .map((fault) => hitAt(workflow, stages, stage, fault));
}

/** What is left of a deployment that is cancelled depends on the kind of target. */
export const cancelledAt = ({ target }: Delivered): StageFault => ({
  ...CANCELLED,
  outcome: { ...outcomeAt(CANCELLED, target), leftovers: rehearsalOf(target).underWay },
});

/** A run that is cancelled in the middle, and the run after it. */
export function cutShort(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  last: Delivered,
): readonly Scenario[] {
  const cancelled = hit(workflow, stages, last, cancelledAt(last));
  return [
    cancelled,
    scenario(
      workflow,
      'github:half-finished-before',
      'the run before was cancelled in the middle; this one takes up what it left',
      expectation(workflow, {}, everywhere(stages, 'new')),
      { beginning: { after: cancelled.id } },
    ),
  ];
}

/** Jobs that would run beside a job that is cancelled, and come after it here: they are cancelled as well. */
function cutOff({ shape }: RehearsedWorkflow, cancelled: string): Readonly<Record<string, Conclusion>> {
  const succeeding = jobResults(shape, { [cancelled]: 'cancelled' });
  const { jobs } = shape.plan;
  const later = jobs.slice(jobs.findIndex(({ id }) => id === cancelled) + 1);
  return Object.fromEntries(
    later.filter(({ id }) => succeeding[id] === 'success').map(({ id }) => [id, 'cancelled'] as const),
  );
}
