import type { ArtefactSources } from '../../proofs';
import { planPipelines } from '../../workflows';
import type { RehearsedWorkflow } from './compose';
import { deliveredStages, deliveryScenarios } from './delivery';
import { otherScenarios } from './other-workflow';
import { rollbackScenarios } from './rollback-by-hand';
import type { Scenario } from './scenario';
import { shapeOf } from './shape';

export { sampleOf } from './sample';
export type * from './scenario';

/**
 * Every scenario of a platform. What the workflows promise is read from their plans; what they do, from their
 * files as they are on disk.
 *
 * @param asked names `fault@environment` of scenarios that are no standard
 */
export function scenariosOf(
  { manifest, workflows }: ArtefactSources,
  asked: readonly string[] = [],
): readonly Scenario[] {
  const texts = new Map(workflows.map(({ file, text }) => [file, text]));
  return planPipelines(manifest).flatMap((plan) => {
    const text = texts.get(plan.file);
    if (text === undefined) return [];
    const shape = shapeOf(plan, manifest);
    const subject = shape.stages[0]?.target.workload ?? plan.name;
    return scenariosOfWorkflow({ subject, shape, text, manifest }, asked);
  });
}

function scenariosOfWorkflow(workflow: RehearsedWorkflow, asked: readonly string[]): readonly Scenario[] {
  if (deliveredStages(workflow.shape).length > 0) return deliveryScenarios(workflow, asked);
  if (workflow.shape.stages.length > 0) return rollbackScenarios(workflow);
  return otherScenarios(workflow);
}
