import { INSPECTION_DENIED } from '../faults/pipeline-faults';
import { STAGE_FAULTS } from '../faults/stage-faults';
import { releasedTo } from './beginnings';
import { everywhere, expectation, type RehearsedWorkflow, scenario } from './compose';
import { firstRelease, firstReleaseFails } from './first-release';
import { nothingToPromote } from './nothing-to-promote';
import { promotedModels } from './promoted-models';
import type { Scenario } from './scenario';
import { alsoIn, askedFor, cutShort, faultsAt, hit } from './stage-hits';
import { type Delivered, deliveredStages } from './stages';
import { stoppedEarly } from './stopped-early';

/**
 * A workflow that deploys what the environment before runs. Most faults of a kind of target are rehearsed where its
 * versions arrive first; here are those that this environment's own roles, reviewers and way of shifting traffic make a
 * difference to.
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
