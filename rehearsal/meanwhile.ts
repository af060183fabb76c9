import type { DeployManifest, TargetEntry } from '../contract';
import type { World } from './aws/world';
import type { VirtualClock } from './clock';
import { secretValue } from './docker-hub';
import { tagOf } from './scenarios/labels';
import { commitOf } from './scenarios/requests';
import type { Happening } from './scenarios/scenario';
import { rehearsalOf, type TargetScene } from './targets';

/** Where something happens. */
export interface Surroundings {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly manifest: DeployManifest;
}

/** Seconds after which a deployment past the pipeline has come to its end. */
const DEPLOYED_WITHIN = 3_600;

const SECONDS_OF_A_DAY = 86_400;

/** Lays what images and targets need besides their stacks before anything can be released. */
export function prepare({ world, clock, manifest }: Surroundings): void {
  for (const image of manifest.images) {
    if (image.registry === 'dockerHub') world.dockerHub.admit(image.username, secretValue(image.tokenSecret));
  }
  for (const notice of manifest.workloads.flatMap(({ notices }) => notices)) {
    if (notice.channel !== 'email') world.channels.admit(notice.channel, secretValue(notice.secret));
  }
  for (const target of manifest.targets) rehearsalOf(target).prepare?.({ world, clock, target });
}

/**
 * Lets something happen before a run.
 *
 * @throws Error for what cannot happen: a scenario that says so is wrong
 */
export function happen(happening: Happening, { world, clock, manifest }: Surroundings): void {
  if (happening.kind === 'modelUploaded') {
    world.s3.set(happening.bucket, happening.key, 'an uploaded model');
    return;
  }
  if (happening.kind === 'timePasses') return clock.leap(happening.days * SECONDS_OF_A_DAY);
  if (happening.kind === 'imagePushed') return pushImage(happening, world, manifest);
  const target = manifest.targets.find(({ id }) => id === happening.target);
  if (!target) throw new Error(`there is no target ${happening.target}`);
  const scene: TargetScene = { world, clock, target };
  switch (happening.kind) {
    case 'deployedPastPipeline':
      rehearsalOf(target).deployForeign(scene);
      clock.pass(DEPLOYED_WITHIN);
      return;
    case 'runningModelReplaced':
      return replaceModel(scene);
    case 'stackChanged':
      return changeStack(world, target);
    case 'stackDeleted':
      return world.cloudformation.remove(target, firstStackOf(target));
  }
}

function pushImage(
  { image: id, commit }: Extract<Happening, { kind: 'imagePushed' }>,
  { ecr }: World,
  { images }: DeployManifest,
): void {
  const image = images.find((each) => each.id === id);
  if (image?.registry !== 'ecr') throw new Error(`there is no image ${id} in ECR`);
  ecr.push(`${image.repository.uri}:${tagOf(commitOf(commit))}`, `image of ${commit}`);
}

function replaceModel(scene: TargetScene): void {
  const { id } = scene.target;
  const rehearsal = rehearsalOf(scene.target);
  if (!rehearsal.replaceModel) throw new Error(`${id} serves no model apart from its image`);
  rehearsal.replaceModel(scene);
}

function firstStackOf({ id, inspection }: TargetEntry): string {
  const [stack] = inspection?.stacks ?? [];
  if (stack !== undefined) return stack;
  throw new Error(`${id} has no stack that is inspected`);
}

/** The stack was deployed before its first resource was declared. */
function changeStack({ cloudformation }: World, target: TargetEntry): void {
  const stack = firstStackOf(target);
  const { template = '{}' } = cloudformation.stack(target, stack) ?? {};
  const body = JSON.parse(template) as { readonly Resources?: Readonly<Record<string, unknown>> };
  const [, ...others] = Object.entries(body.Resources ?? {});
  const { account, region } = target;
  cloudformation.deployed({
    stack,
    account,
    region,
    body: { ...body, Resources: Object.fromEntries(others) },
  });
}
