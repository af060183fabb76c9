import type { Outcome, PipelineFault, StageFault } from '../faults/fault';
import { findingsOf, PIPELINE_FAULTS } from '../faults/pipeline-faults';
import { CANCELLED, STAGE_FAULTS } from '../faults/stage-faults';
import type { Conclusion } from '../github/run-result';
import { rehearsalOf } from '../targets';
import { everywhere, expectation, idOf, named, prefixed, type RehearsedWorkflow, scenario } from './compose';
import { jobResults } from './job-results';
import type { Expectation, Scenario } from './scenario';
import type { Shape, ShapeStage } from './shape';

/** An environment with the job that deploys to it. */
export type Delivered = ShapeStage & { readonly deploy: NonNullable<ShapeStage['deploy']> };

export const deliveredStages = ({ stages }: Shape): readonly Delivered[] =>
  stages.filter((stage): stage is Delivered => stage.deploy !== undefined);

/**
 * The good paths of a workflow that delivers, and everything that may go wrong with it.
 *
 * @param asked faults that somebody wants to see in an environment where they are no standard
 */
export function deliveryScenarios(
  workflow: RehearsedWorkflow,
  asked: readonly string[] = [],
): readonly Scenario[] {
  const stages = deliveredStages(workflow.shape);
  const [first] = stages;
  const last = stages.at(-1);
  if (!first || !last) return [];
  return [
    ...goodPaths(workflow, stages),
    ...[...PIPELINE_FAULTS, ...imagesOf(workflow).flatMap(findingsOf)].flatMap((fault) =>
      stoppedEarly(workflow, stages, fault),
    ),
    ...faultsAt(workflow, last).map((fault) => hit(workflow, stages, last, fault)),
    ...stages
      .slice(0, -1)
      .flatMap((stage) => alsoIn(stage).map((fault) => hitAt(workflow, stages, stage, fault))),
    ...cutShort(workflow, stages, last),
    ...firstReleaseFails(workflow, stages, first),
    ...stages.flatMap((stage) => askedFor(workflow, stages, stage, asked)),
  ];
}

function goodPaths(workflow: RehearsedWorkflow, stages: readonly Delivered[]): readonly Scenario[] {
  const { plan } = workflow.shape;
  const delivered = expectation(workflow, {}, everywhere(stages, 'new'));
  return [
    scenario(workflow, 'first-release', 'the first release into stacks that were just deployed', delivered, {
      beginning: 'stacksDeployed',
      request: { commit: 'earlier' },
    }),
    scenario(workflow, 'good', 'a commit goes through every environment', delivered),
    scenario(
      workflow,
      'same-commit',
      'a commit that runs already is delivered again, and nothing changes',
      {
        ...delivered,
        summary: Object.fromEntries(stages.map(({ deploy }) => [deploy.id, ['unchanged']])),
      },
      { request: { commit: 'earlier' } },
    ),
    ...(plan.triggers.push?.tags
      ? [
          scenario(workflow, 'release-tag', 'a release tag is pushed', delivered, {
            request: { ref: 'refs/tags/v1.2.3' },
          }),
        ]
      : []),
    ...byHand(workflow, stages),
  ];
}

/** Runs by hand end at the environment that was chosen, and start from no other branch. */
function byHand(workflow: RehearsedWorkflow, stages: readonly Delivered[]): readonly Scenario[] {
  const { shape } = workflow;
  const [first] = stages;
  const input = shape.plan.triggers.dispatch?.inputs.environment;
  if (!first || input?.type !== 'choice') return [];
  const upTo = ({ environment }: Delivered) =>
    ({ event: 'workflow_dispatch', inputs: { environment } }) as const;
  return [
    ...stages.map((stage, at) => {
      const later = stages.slice(at + 1);
      const skipped = Object.fromEntries(later.map(({ deploy }) => [deploy.id, 'skipped'] as const));
      const states = { ...everywhere(later, 'earlier'), ...everywhere(stages.slice(0, at + 1), 'new') };
      return scenario(
        workflow,
        `by-hand: ${stage.environment}`,
        `somebody delivers by hand up to ${stage.environment}`,
        expectation(workflow, skipped, states),
        { request: upTo(stage) },
      );
    }),
    scenario(
      workflow,
      'wrong-branch',
      'somebody delivers by hand from a branch that may not be released',
      {
        ...expectation(workflow, { build: 'failure' }, everywhere(stages, 'earlier')),
        log: { build: ['refs/heads/feature is refused'] },
      },
      { request: { ...upTo(first), ref: 'refs/heads/feature' } },
    ),
  ];
}

function stoppedEarly(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  { name, title, stopsAt, says }: PipelineFault,
): readonly Scenario[] {
  if (!workflow.shape.plan.jobs.some(({ id }) => id === stopsAt)) return [];
  const expect = expectation(workflow, { [stopsAt]: 'failure' }, everywhere(stages, 'earlier'));
  return [scenario(workflow, name, title, { ...expect, log: { [stopsAt]: says } }, { faults: [{ name }] })];
}

/** A fault hits one environment: those before it have the new version, those behind it keep theirs. */
function hit(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Delivered,
  { name, title, outcome }: StageFault<unknown>,
): Scenario {
  const { environment, deploy, rollback } = stage;
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
    state: { ...rest.state, ...prefixed(environment, outcome.facts) },
    ...texts(stage, outcome),
    leftovers: outcome.leftovers ?? [],
  };
  const fault = scenario(workflow, name, title, expect, { faults: [{ name, environment }] });
  return { ...fault, branchesOff: { from: idOf(workflow, 'good'), before: deploy.id } };
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

/** Faults that are rehearsed in an environment before the last one too: nothing of it reaches the next one. */
const alsoIn = ({ target }: Delivered): readonly StageFault<unknown>[] =>
  rehearsalOf(target).faults.filter(
    ({ also }) =>
      also === 'everywhere' ||
      (also === 'whereTheWayBackHasARole' && target.deployRole !== target.rollbackRole),
  );

/** A fault by its name and its environment: `ecs:task-exits@staging`. */
function hitAt(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Delivered,
  fault: StageFault<unknown>,
): Scenario {
  const title = `in ${stage.environment}: ${fault.title}`;
  const name = `${fault.name}@${stage.environment}`;
  return { ...hit(workflow, stages, stage, { ...fault, title }), ...named(workflow, name) };
}

function askedFor(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Delivered,
  asked: readonly string[],
): readonly Scenario[] {
  const known = [...faultsAt(workflow, stage), CANCELLED];
  const standard = stage === stages.at(-1) ? [] : alsoIn(stage);
  return known
    .filter((fault) => !standard.includes(fault) && asked.includes(`${fault.name}@${stage.environment}`))
    .map((fault) => hitAt(workflow, stages, stage, fault));
}

/** The gravest fault of a target hits the very first release: there is nothing to go back to but nothing. */
function firstReleaseFails(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  first: Delivered,
): readonly Scenario[] {
  const { deploy, rollback, environment, target } = first;
  const fault = rehearsalOf(target).faults.find(({ also }) => also === 'everywhere');
  if (!fault) return [];
  const jobs: Record<string, Conclusion> = { [deploy.id]: 'failure' };
  if (rollback) jobs[rollback.id] = 'success';
  const facts = everywhere(stages, 'nothing');
  const said = ({ environment: name }: Delivered) => [`${name}: runs`, `${name}: released image`];
  const wanted = new Set(stages.flatMap(said));
  const state = Object.entries(expectation(workflow, {}, facts).state).filter(([fact]) => wanted.has(fact));
  const expect: Expectation = {
    ...expectation(workflow, jobs, {}),
    state: Object.fromEntries(state),
    leftovers: [
      {
        contains: 'ROLLBACK_IN_PROGRESS',
        because: 'AWS is still going back to what was there before: nothing',
      },
      { contains: 'of 0 tasks run', because: 'what AWS started to go back with is being stopped' },
    ],
  };
  return [
    scenario(
      workflow,
      `first-release, ${fault.name}`,
      `the very first release fails: ${fault.title}`,
      expect,
      {
        beginning: 'stacksDeployed',
        request: { commit: 'earlier' },
        faults: [{ name: fault.name, environment }],
      },
    ),
  ];
}

/** What can go wrong in an environment, the faults of its kind of target first. */
function faultsAt({ manifest }: RehearsedWorkflow, stage: Delivered): readonly StageFault<unknown>[] {
  const entry = manifest.environments.find(({ name }) => name === stage.environment);
  const reviewed = (entry?.protection.reviewers.length ?? 0) > 0;
  return [...rehearsalOf(stage.target).faults, ...STAGE_FAULTS].filter(
    ({ needsReviewers }) => reviewed || needsReviewers !== true,
  );
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

/** Images that the workflow builds. */
const imagesOf = ({ manifest, subject }: RehearsedWorkflow) => {
  const workload = manifest.workloads.find(({ id }) => id === subject);
  return manifest.images.filter(({ id }) => id === workload?.image);
};

/** A run that is cancelled in the middle, and the run after it. */
function cutShort(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  last: Delivered,
): readonly Scenario[] {
  const cancelled = hit(workflow, stages, last, CANCELLED);
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
