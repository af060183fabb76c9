import { type Fault, MANIFEST_PATH } from '../../contract';
import type { Artefacts, Job } from '../artefacts';
import { imagesOfTarget } from './built-image';
import type { TargetJob } from './deliveries';
import { buildJobs } from './image-build';
import { outputOfJob, outputOfStep } from './output-reference';
import { placeOf } from './place';
import { type Promotion, promotionOf, resolveSteps } from './promotion';
import { resolutionFaults } from './resolution';
import { isInput, writtenOption } from './written-option';

/** A part of a version that a promotion hands on: the option, and the output of `resolve` that it is made of. */
interface Part {
  readonly option: 'image' | 'model';
  readonly output: 'digest' | 'model';
  /** What stands before the output; it holds an account id, so that it cannot be an output itself. */
  readonly before: string;
}

/**
 * What a promotion deploys: image and model must be exactly what `resolve` found in the environment before. It builds
 * nothing, and no input reaches the deployment by another way.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#masking-a-value-in-a-log (an output with a masked text is dropped)
 */
export function promotedFaults(artefacts: Artefacts, deployment: TargetJob): readonly Fault[] {
  const promotion = promotionOf(artefacts, deployment);
  const [image, ...others] = imagesOfTarget(artefacts, deployment);
  if (!promotion) return modelFaults(artefacts, deployment);
  const { workflow } = deployment;
  if (others.length > 0) return [severalImages(promotion)];
  const { models } = promotion.workload;
  const parts: readonly Part[] = [
    ...(image ? [{ option: 'image', output: 'digest', before: `${image.repository.uri}@` } as const] : []),
    ...(models ? [{ option: 'model', output: 'model', before: `s3://${models.bucket}/` } as const] : []),
  ];
  return [
    ...buildJobs(workflow).map((job) => ({
      place: placeOf(workflow, job),
      value: `${job.id} builds an image`,
      allowed: `a promotion of what ${promotion.before} runs: another build is another image, which nobody has tried`,
      change: `remove ${job.id}`,
    })),
    ...parts.flatMap((part) => partFaults(deployment, promotion, part)),
    ...(models ? [] : withoutModels(deployment)),
  ];
}

/** `resolve` tells one digest, so that nobody could say which image it is of. */
const severalImages = ({ workload: { id, images } }: Promotion): Fault => ({
  place: `${MANIFEST_PATH} workloads.${id}.delivery`,
  value: `byPromotion with the images ${images.join(', ')}`,
  allowed: 'throughEnvironments for a workload with several images',
  change: 'deliver it through its environments in one run',
});

function partFaults(deployment: TargetJob, promotion: Promotion, part: Part): readonly Fault[] {
  const { workflow, job, use } = deployment;
  const { option, output, before } = part;
  const written = writtenOption(workflow, job, use, option);
  const reference = written?.startsWith(before) ? outputOfJob(written.slice(before.length)) : undefined;
  const from = workflow.jobs.find(({ id }) => id === reference?.id);
  const handsOn =
    from !== undefined && handedOn(deployment, promotion, from, reference?.output ?? '', output);
  if (handsOn && !use.optional.includes(option)) return [];
  const said = use.optional.includes(option)
    ? `--${option}, which may be left out`
    : (written ?? `no --${option}`);
  const wrongOutput =
    reference && from ? `, which is ${from.outputs[reference.output] ?? 'not declared'}` : '';
  return [
    {
      place: placeOf(workflow, job, use.step),
      value: `${said}${handsOn ? '' : wrongOutput}`,
      allowed: `${before}\${{ needs.<job>.outputs.<name> }} with the output ${output} of the step that resolves ${promotion.before}`,
      change: `hand on what ${promotion.before} runs, or run \`npx projen\``,
    },
  ];
}

/** Whether an output of a job is that of its step that resolves the environment before. */
function handedOn(
  { workflow }: TargetJob,
  promotion: Promotion,
  from: Job,
  name: string,
  output: string,
): boolean {
  const { id, output: found } = outputOfStep(from.outputs[name] ?? '') ?? {};
  return resolveSteps(from).some(
    (step) =>
      step.id !== undefined &&
      step.id === id &&
      found === output &&
      resolutionFaults(workflow, from, step, promotion).length === 0,
  );
}

/** A deployment of what its own run built takes the model that was released last, unless the run names one. */
function modelFaults(artefacts: Artefacts, deployment: TargetJob): readonly Fault[] {
  const { workflow, job, use, target } = deployment;
  const workload = artefacts.manifest.workloads.find(({ id }) => id === target?.workload);
  if (!workload?.models) return withoutModels(deployment);
  const written = writtenOption(workflow, job, use, 'model');
  if (written === undefined) return [];
  if (isInput(written) && use.optional.includes('model')) return [];
  return [
    {
      place: placeOf(workflow, job, use.step),
      value: `--model ${written}${use.optional.includes('model') ? '' : ', always given'}`,
      allowed:
        'an input of the run, and only when it is not empty: a push keeps the model that was released last',
      change: 'write `${MODEL:+--model "$MODEL"}` with the input in MODEL',
    },
  ];
}

function withoutModels({ workflow, job, use }: TargetJob): readonly Fault[] {
  if (use.options.model === undefined) return [];
  return [
    {
      place: placeOf(workflow, job, use.step),
      value: `--model ${String(use.options.model)}`,
      allowed: `no model: ${use.workload ?? 'the workload'} has none apart from its image`,
      change: 'remove --model',
    },
  ];
}
