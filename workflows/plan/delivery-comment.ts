import { deliveryPipeline, type NoticeEntry, workflowFile } from '../../contract';
import type { ResolvedWorkload, Stage } from './lookup';

/**
 * Head of the file of a delivery.
 *
 * @param stages those that it delivers to, in their order
 */
export function deliveryComment(resolved: ResolvedWorkload, stages: readonly Stage[]): readonly string[] {
  return [
    whatIsBuilt(resolved, stages.map(({ environment }) => environment.name).join(', then to ')),
    ...whoStarts(resolved),
    'A deployment that fails is rolled back to the last stable version by the job after it.',
    ...whoIsTold(resolved),
    ...tokensOf(resolved),
    ...secretsOf(stages),
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

const CHANNELS: Readonly<Record<NoticeEntry['channel'], string>> = {
  slack: 'Slack',
  pagerDuty: 'PagerDuty',
  email: 'mail',
};

/** Who hears how a deployment ended. Heads of files that deploy say it. */
export function whoIsTold({ workload: { notices } }: ResolvedWorkload): readonly string[] {
  if (notices.length === 0) return [];
  const ways = notices.map(({ channel }) => CHANNELS[channel]).join(', ');
  return [`People are told when a deployment failed, and when one is well again: by ${ways}.`];
}

/** What people have to set at GitHub before they can be told. */
export function secretsOf(stages: readonly Stage[]): readonly string[] {
  const held = stages.flatMap(({ notices }) =>
    (notices?.secrets ?? []).map(({ name }) => ({ name, environment: notices?.environment ?? '' })),
  );
  return [...new Set(held.map(({ name }) => name))].map((name) => {
    const environments = held.filter((each) => each.name === name).map(({ environment }) => environment);
    return `It needs the secret ${name} of ${of(environments)}.`;
  });
}

const of = (environments: readonly string[]): string =>
  `the ${environments.length === 1 ? 'environment' : 'environments'} ${[...new Set(environments)].join(', ')}`;

/** What people have to set at GitHub before it works. */
function tokensOf({ images }: ResolvedWorkload): readonly string[] {
  const tokens = images.flatMap((image) => (image.registry === 'dockerHub' ? [image.token] : []));
  return [...new Map(tokens.map(({ name, purpose }) => [name, purpose]))].map(
    ([name, purpose]) => `It needs the secret ${name} of the repository (${purpose}).`,
  );
}
