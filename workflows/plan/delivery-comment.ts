import { deliveryPipeline, workflowFile } from '../../contract';
import type { ResolvedWorkload } from './lookup';

/**
 * Head of the file of a delivery.
 *
 * @param environments names of those that it delivers to, in their order
 */
export function deliveryComment(
  resolved: ResolvedWorkload,
  environments: readonly string[],
): readonly string[] {
  return [
    whatIsBuilt(resolved, environments.join(', then to ')),
    ...whoStarts(resolved),
    'A deployment that fails is rolled back to the last stable version by the job after it.',
    ...secretsOf(resolved),
  ];
}

function whatIsBuilt({ workload, images }: ResolvedWorkload, way: string): string {
  if (images.length === 1) return `Builds the image of ${workload.id} once and deploys its digest to ${way}.`;
  const each = images.map(({ name }) => name).join(' and ');
  return `Builds the images of ${workload.id} (${each}) once and deploys their digests to ${way}.`;
}

function whoStarts({ manifest, workload }: ResolvedWorkload): readonly string[] {
  const { defaultBranch } = manifest.repository;
  const byHand = workload.starts === 'byHand';
  const start = byHand
    ? 'People start it, a push does not'
    : `A push to ${defaultBranch} that touches it starts this, and so can people`;
  if (workload.delivery === 'throughEnvironments') return byHand ? [`${start}.`] : [];
  const [, next] = workload.environments;
  if (next === undefined) return [`${start}.`];
  return [`${start}; ${workflowFile(workload.id, deliveryPipeline(workload, next))} takes over from there.`];
}

/** What people have to set at GitHub before it works. */
function secretsOf({ images }: ResolvedWorkload): readonly string[] {
  const tokens = images.flatMap((image) => (image.registry === 'dockerHub' ? [image.token] : []));
  return [...new Map(tokens.map(({ name, purpose }) => [name, purpose]))].map(
    ([name, purpose]) => `It needs the secret ${name} of the repository (${purpose}).`,
  );
}
