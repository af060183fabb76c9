import type { PipelineFault } from '../faults/fault';
import { findingsOf, PIPELINE_FAULTS } from '../faults/pipeline-faults';
import { everywhere, type RehearsedWorkflow } from './compose';
import { firstReleaseFails } from './first-release';
import { goodPaths } from './good-paths';
import { noticeScenarios } from './notices';
import type { Scenario } from './scenario';
import { alsoIn, askedFor, cutShort, faultsAt, hit, hitAt } from './stage-hits';
import { deliveredStages } from './stages';
import { stoppedEarly } from './stopped-early';

/**
 * The good paths of a workflow that builds and delivers, and everything that may go wrong with it.
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
    ...pipelineFaultsOf(workflow).flatMap((fault) =>
      stoppedEarly(workflow, everywhere(stages, 'earlier'), fault),
    ),
    ...faultsAt(workflow, last).map((fault) => hit(workflow, stages, last, fault)),
    ...stages
      .slice(0, -1)
      .flatMap((stage) => alsoIn(stage).map((fault) => hitAt(workflow, stages, stage, fault))),
    ...cutShort(workflow, stages, last),
    ...noticeScenarios(workflow, stages),
    ...firstReleaseFails(workflow, stages, first),
    ...stages.flatMap((stage) => askedFor(workflow, stages, stage, asked)),
  ];
}

/** What can go wrong before any environment; what is found in several images is one fault. */
function pipelineFaultsOf({ manifest, shape: { workload } }: RehearsedWorkflow): readonly PipelineFault[] {
  if (!workload) return [];
  const images = manifest.images.filter(({ id }) => workload.images.includes(id));
  const findings = new Map(images.flatMap(findingsOf).map((fault) => [fault.name, fault]));
  return [...PIPELINE_FAULTS, ...findings.values()].filter(
    ({ happensTo }) => happensTo?.(workload, images) ?? true,
  );
}
