import { INSPECTION_DENIED } from '../faults/pipeline-faults';
import { CANCELLED, STAGE_FAULTS } from '../faults/stage-faults';
import { rehearsalOf } from '../targets';
import { releasedTo, subjectOf } from './beginnings';
import { everywhere, expectation, type RehearsedWorkflow, scenario } from './compose';
import { firstRelease, firstReleaseFails } from './first-release';
import { promotedModels } from './promoted-models';
import type { Scenario } from './scenario';
import { alsoIn, askedFor, cutShort, faultsAt, hit } from './stage-hits';
import { type Delivered, deliveredStages } from './stages';
import { stoppedEarly } from './stopped-early';

/**
 * A workflow that deploys what the environment before runs. Most faults of a kind of target are rehearsed where its
 * versions arrive first; here are those that this environment's own roles and reviewers make a difference to.
 *
 * @param asked faults that somebody wants to see here although they are no standard
 */
export function promotionScenarios(
  workflow: RehearsedWorkflow,
  asked: readonly string[] = [],
): readonly Scenario[] {
  const stages = deliveredStages(workflow.shape);
  const { resolve } = workflow.shape;
  const [stage] = stages;
  if (!stage || !resolve) return [];
  const general: readonly unknown[] = STAGE_FAULTS;
  const own = alsoIn(stage);
  const standard = faultsAt(workflow, stage).filter(
    (fault) => general.includes(fault) || own.includes(fault),
  );
  return [
    ...goodPaths(workflow, stages, stage),
    ...promotedModels(workflow, stages, stage, resolve),
    ...nothingToPromote(workflow, stages, resolve.id),
    ...stoppedEarly(workflow, everywhere(stages, 'earlier'), INSPECTION_DENIED),
    ...standard.map((fault) => hit(workflow, stages, stage, fault)),
    ...cutShort(workflow, stages, stage),
    ...firstReleaseFails(workflow, stages, stage),
    ...askedFor(workflow, stages, stage, asked),
  ];
}

function goodPaths(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  { environment, deploy }: Delivered,
): readonly Scenario[] {
  const { workload } = workflow.shape;
  const promoted = expectation(workflow, {}, everywhere(stages, 'new'));
  return [
    firstRelease(workflow, stages),
    scenario(workflow, 'good', `what runs in the environment before is promoted to ${environment}`, promoted),
    ...(workload
      ? [
          scenario(
            workflow,
            'same-again',
            'what runs already is promoted again, and nothing changes',
            { ...promoted, summary: { [deploy.id]: ['unchanged'] } },
            { beginning: releasedTo(workload, environment) },
          ),
        ]
      : []),
  ];
}

/** Situations in which there is nothing that may be promoted, and refs from which nothing may be. */
function nothingToPromote(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  resolve: string,
): readonly Scenario[] {
  const stays = expectation(workflow, { [resolve]: 'failure' }, everywhere(stages, 'earlier'));
  const nothing = expectation(workflow, { [resolve]: 'failure' }, everywhere(stages, 'nothing'), {
    before: 'nothing',
    after: 'nothing',
  });
  const { workload, bystanders } = workflow.shape;
  const before = bystanders.filter(({ side }) => side === 'before').at(-1);
  const elsewhere = Object.entries(stays.state).filter(
    ([fact]) => !fact.startsWith(`${before?.environment ?? ''}: `),
  );
  return [
    scenario(
      workflow,
      'wrong-branch',
      'somebody promotes from a branch that may not be released',
      { ...stays, log: { [resolve]: ['refs/heads/feature is refused'] } },
      { request: { ref: 'refs/heads/feature' } },
    ),
    scenario(
      workflow,
      'nothing-to-promote',
      'the environment before runs nothing yet',
      { ...nothing, log: { [resolve]: ['NothingToPromote'] } },
      { beginning: 'stacksDeployed' },
    ),
    ...(before && workload
      ? [
          scenario(
            workflow,
            'under-way',
            'a deployment to the environment before was cancelled and goes on: nobody knows how it ends',
            {
              ...stays,
              state: Object.fromEntries(elsewhere),
              log: { [resolve]: ['NothingToPromote'] },
              leftovers: rehearsalOf(before.target).underWay,
            },
            { beginning: { after: `${subjectOf(workload, before.environment)} ${CANCELLED.name}` } },
          ),
          scenario(
            workflow,
            'foreign-version',
            'the environment before runs what somebody deployed past the pipeline',
            {
              ...stays,
              state: {
                ...Object.fromEntries(elsewhere),
                [`${before.environment}: runs`]: 'foreign',
                [`${before.environment}: released image`]: 'new',
              },
              log: { [resolve]: ['NothingToPromote'] },
            },
            { meanwhile: [{ kind: 'deployedPastPipeline', target: before.target.id }] },
          ),
        ]
      : []),
  ];
}
