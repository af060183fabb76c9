import type { DeployManifest, TargetEntry } from '../../contract';
import type { Outcome, PipelineFault, StageFault } from '../faults/fault';
import { PIPELINE_FAULTS } from '../faults/pipeline-faults';
import { CANCELLED, STAGE_FAULTS } from '../faults/stage-faults';
import type { Conclusion } from '../github/run-result';
import { rehearsalOf } from '../targets';
import { jobResults } from './job-results';
import { type RequestOptions, requestOf } from './requests';
import type { Beginning, Expectation, FinalState, PlacedFault, Scenario } from './scenario';
import type { Shape, ShapeStage } from './shape';

/** One emitted workflow, with what its scenarios are made of. */
export interface RehearsedWorkflow {
  /** Workload, or what the workflow is about. */
  readonly subject: string;
  readonly shape: Shape;
  readonly text: string;
  readonly manifest: DeployManifest;
}

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
    ...PIPELINE_FAULTS.flatMap((fault) => stoppedEarly(workflow, stages, fault)),
    ...[...STAGE_FAULTS, ...rehearsalOf(last.target).faults].map((fault) =>
      hit(workflow, stages, last, fault),
    ),
    ...stages
      .slice(0, -1)
      .flatMap((stage) => alsoIn(stage).map((fault) => hitAt(workflow, stages, stage, fault))),
    ...cutShort(workflow, stages, last),
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
  const event = { event: 'workflow_dispatch', inputs: { environment: first.environment } } as const;
  const later = stages.slice(1);
  const skipped = Object.fromEntries(later.map(({ deploy }) => [deploy.id, 'skipped'] as const));
  const states = { ...everywhere(later, 'earlier'), ...everywhere([first], 'new') };
  return [
    ...(later.length === 0
      ? []
      : [
          scenario(
            workflow,
            'by-hand',
            `somebody delivers by hand up to ${first.environment}`,
            expectation(workflow, skipped, states),
            { request: event },
          ),
        ]),
    scenario(
      workflow,
      'wrong-branch',
      'somebody delivers by hand from a branch that may not be released',
      {
        ...expectation(workflow, { build: 'failure' }, everywhere(stages, 'earlier')),
        log: { build: ['refs/heads/feature is refused'] },
      },
      { request: { ...event, ref: 'refs/heads/feature' } },
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
    { [deploy.id]: outcome.deploy, ...(rollback && { [rollback.id]: outcome.rollback }) },
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

function texts({ deploy, rollback }: Delivered, outcome: Outcome): Pick<Expectation, 'summary'> {
  const { deploySays, rollbackSays } = outcome;
  return {
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
  const known = [...STAGE_FAULTS, CANCELLED, ...rehearsalOf(stage.target).faults];
  const standard = stage === stages.at(-1) ? [] : alsoIn(stage);
  return known
    .filter((fault) => !standard.includes(fault) && asked.includes(`${fault.name}@${stage.environment}`))
    .map((fault) => hitAt(workflow, stages, stage, fault));
}

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

export interface ScenarioOptions {
  readonly beginning: Beginning;
  readonly request: RequestOptions;
  readonly faults: readonly PlacedFault[];
}

export function scenario(
  workflow: RehearsedWorkflow,
  name: string,
  title: string,
  expect: Expectation,
  { beginning, request = {}, faults = [] }: Partial<ScenarioOptions> = {},
): Scenario {
  return {
    ...named(workflow, name),
    workflow: workflow.shape.plan.file,
    title,
    request: requestOf(workflow.shape.plan, workflow.text, workflow.manifest, request),
    beginning: beginning ?? { after: idOf(workflow, 'first-release') },
    faults,
    expect,
  };
}

export const idOf = ({ subject }: RehearsedWorkflow, name: string): string => `${subject} ${name}`;
const named = (workflow: RehearsedWorkflow, name: string) => ({ id: idOf(workflow, name), name });

type Resting = 'new' | 'earlier' | 'nothing';

const everywhere = (
  stages: readonly ShapeStage[],
  label: Resting,
): Readonly<Record<string, readonly [TargetEntry, Resting]>> =>
  Object.fromEntries(stages.map(({ environment, target }) => [environment, [target, label]]));

/** All jobs succeed but those that are named; targets are at rest and run what the label says. */
export function expectation(
  { shape }: RehearsedWorkflow,
  jobs: Readonly<Record<string, Conclusion>>,
  states: Readonly<Record<string, readonly [TargetEntry, Resting]>>,
): Expectation {
  const facts = Object.entries(states).map(([environment, [target, label]]) =>
    prefixed(environment, rehearsalOf(target).atRest(target, label)),
  );
  return { jobs: jobResults(shape, jobs), state: Object.assign({}, ...facts) as FinalState };
}

export const prefixed = (environment: string, facts: FinalState): FinalState =>
  Object.fromEntries(Object.entries(facts).map(([fact, value]) => [`${environment}: ${fact}`, value]));
