import { everywhere, expectation, type RehearsedWorkflow, scenario } from './compose';
import { firstRelease } from './first-release';
import { byHandWithModel, missingModel, refusedByDeployment, uploaded } from './models';
import type { Scenario } from './scenario';
import type { Delivered } from './stages';
import { jobsNamed } from './stopped-early';

/** Commits that go to every environment of a workflow that builds. */
export function goodPaths(workflow: RehearsedWorkflow, stages: readonly Delivered[]): readonly Scenario[] {
  const { plan } = workflow.shape;
  const delivered = expectation(workflow, {}, everywhere(stages, 'new'));
  return [
    firstRelease(workflow, stages),
    scenario(workflow, 'good', `a commit goes ${whereTo(stages)}`, delivered),
    sameCommit(workflow, stages),
    ...((plan.triggers.push?.tags ?? []).length > 0
      ? [
          scenario(workflow, 'release-tag', 'a release tag is pushed', delivered, {
            request: { ref: 'refs/tags/v1.2.3' },
          }),
        ]
      : []),
    ...byHand(workflow, stages),
  ];
}

/** Where versions are promoted, the workflow that builds delivers to the first environment only. */
const whereTo = (stages: readonly Delivered[]): string =>
  stages.length > 1
    ? 'through every environment'
    : `to ${stages.map(({ environment }) => environment).join()}`;

function sameCommit(workflow: RehearsedWorkflow, stages: readonly Delivered[]): Scenario {
  const expect = expectation(workflow, {}, everywhere(stages, 'new'), { before: 'new', after: 'new' });
  const summary = Object.fromEntries(stages.map(({ deploy }) => [deploy.id, ['unchanged']]));
  return scenario(
    workflow,
    'same-commit',
    'a commit that runs already is delivered again, and nothing changes',
    { ...expect, summary },
    { request: { commit: 'earlier' } },
  );
}

/** Runs by hand start from no other branch. */
function byHand(workflow: RehearsedWorkflow, stages: readonly Delivered[]): readonly Scenario[] {
  const { dispatch } = workflow.shape.plan.triggers;
  const [first] = stages;
  if (!dispatch || !first) return [];
  const choice = dispatch.inputs.environment?.type === 'choice';
  const inputs: Readonly<Record<string, string>> = choice ? { environment: first.environment } : {};
  const builds = jobsNamed(workflow, 'build');
  const each = <T>(value: T): Readonly<Record<string, T>> =>
    Object.fromEntries(builds.map((id) => [id, value]));
  return [
    ...(choice ? byChoice(workflow, stages) : allByHand(workflow, stages)),
    scenario(
      workflow,
      'wrong-branch',
      'somebody delivers by hand from a branch that may not be released',
      {
        ...expectation(workflow, each('failure'), everywhere(stages, 'earlier')),
        log: each(['refs/heads/feature is refused']),
      },
      { request: { event: 'workflow_dispatch', inputs, ref: 'refs/heads/feature' } },
    ),
  ];
}

/** The run ends at the environment that was chosen. Where nothing else starts a run, all others go to the last one. */
const byChoice = (workflow: RehearsedWorkflow, stages: readonly Delivered[]): readonly Scenario[] =>
  stages.slice(0, workflow.shape.plan.triggers.push ? stages.length : -1).map(({ environment }, at) => {
    const later = stages.slice(at + 1);
    const skipped = Object.fromEntries(later.map(({ deploy }) => [deploy.id, 'skipped'] as const));
    const states = { ...everywhere(later, 'earlier'), ...everywhere(stages.slice(0, at + 1), 'new') };
    return scenario(
      workflow,
      `by-hand: ${environment}`,
      `somebody delivers by hand up to ${environment}`,
      expectation(workflow, skipped, states),
      { request: { event: 'workflow_dispatch', inputs: { environment } } },
    );
  });

/** With the model that was released last, or with another one. */
function allByHand(workflow: RehearsedWorkflow, stages: readonly Delivered[]): readonly Scenario[] {
  if (!workflow.shape.workload?.models) {
    const delivered = expectation(workflow, {}, everywhere(stages, 'new'));
    const request = { event: 'workflow_dispatch' } as const;
    return [scenario(workflow, 'by-hand', 'somebody delivers by hand', delivered, { request })];
  }
  return [
    scenario(
      workflow,
      'by-hand: model',
      'somebody delivers a new model by hand, with the commit that runs already',
      expectation(workflow, {}, everywhere(stages, 'new', 'uploaded'), { before: 'new', after: 'new' }),
      { meanwhile: uploaded(workflow), request: { commit: 'earlier', ...byHandWithModel(workflow) } },
    ),
    ...stages
      .slice(0, 1)
      .map((stage) =>
        scenario(
          workflow,
          'by-hand: missing model',
          'somebody delivers a model by hand that does not exist',
          refusedByDeployment(workflow, stages, stage, 'ModelNotFound'),
          { request: byHandWithModel(workflow, missingModel(workflow)) },
        ),
      ),
  ];
}
