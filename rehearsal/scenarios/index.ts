import type { ArtefactSources } from '../../proofs';
import { planPipelines } from '../../workflows';
import { workflowName } from '../report/names';
import { nextReleaseOf, subjectOf } from './beginnings';
import type { RehearsedWorkflow } from './compose';
import { deliveryScenarios } from './delivery';
import { figureScenarios } from './delivery-figures';
import { gpuCheckScenarios } from './gpu-check';
import { inspectionScenarios } from './inspection';
import { otherScenarios } from './other-workflow';
import { promotionScenarios } from './promotion';
import { rollbackScenarios } from './rollback-by-hand';
import type { Scenario } from './scenario';
import { type Shape, shapeOf } from './shape';
import { deliveredStages } from './stages';

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
    return scenariosOfWorkflow({ shape, text, manifest, ...startOf(shape) }, asked);
  });
}

/** Where the scenarios of a workflow begin and how its runs start, where they say nothing else. */
function startOf(shape: Shape): Pick<RehearsedWorkflow, 'subject' | 'beginning' | 'request'> {
  const { plan, workload, resolve, gpuCheck } = shape;
  const [delivered] = deliveredStages(shape);
  if (workload && delivered) {
    return {
      subject: subjectOf(workload, delivered.environment),
      beginning: nextReleaseOf(workload, delivered.environment),
      request: resolve || !plan.triggers.push ? byHand(shape) : {},
    };
  }
  const subject = workload?.delivery === 'throughEnvironments' ? workload.id : workflowName(plan.file);
  return { subject, beginning: 'stacksDeployed', request: gpuCheck ? { event: 'schedule' } : {} };
}

/** People start the run; where they choose how far it goes, it goes to the end. */
function byHand({ plan, stages }: Shape): RehearsedWorkflow['request'] {
  const { environment } = plan.triggers.dispatch?.inputs ?? {};
  const last = stages.at(-1)?.environment;
  const chooses = environment?.type === 'choice' && last !== undefined;
  return { event: 'workflow_dispatch', ...(chooses && { inputs: { environment: last } }) };
}

function scenariosOfWorkflow(workflow: RehearsedWorkflow, asked: readonly string[]): readonly Scenario[] {
  const { shape } = workflow;
  if (shape.gpuCheck) return gpuCheckScenarios(workflow, shape.gpuCheck);
  if (shape.figures) return figureScenarios(workflow, shape.figures);
  if (shape.resolve) return promotionScenarios(workflow, asked);
  if (deliveredStages(shape).length > 0) return deliveryScenarios(workflow, asked);
  if (shape.stages.some(({ rollback }) => rollback)) return rollbackScenarios(workflow);
  return shape.stages.length > 0 ? inspectionScenarios(workflow) : otherScenarios(workflow);
}
