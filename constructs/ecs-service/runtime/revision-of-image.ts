import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { type DeployContext, type ImageReference, LockstepError } from '../../../contract';
import { lastPart } from '../../aws-client';
import { imageOf } from '../../ecs-task';
import type { EcsAccess } from './access';
import { history, stableDefinitions } from './service-deployments';

/**
 * How long ECS keeps the deployments of a service.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html
 */
const HISTORY_MS = 90 * 24 * 60 * 60_000;

/**
 * Task definition to go back to for an image: the newest version with it that was stable. Where the history of the
 * service is too short for that, the newest one of the family that is older than it. Never one that is only registered:
 * whoever may only go back brings in nothing that has not run.
 *
 * @throws LockstepError `NoVersionOfImage`
 */
export async function findRevisionOfImage(
  access: EcsAccess,
  image: ImageReference,
  context: DeployContext,
): Promise<string> {
  const { released, declared } = await access.release.read();
  const known: string[] = [];
  for await (const arn of stableDefinitions(access.calls, released)) {
    const definition = await access.calls.taskDefinition(arn);
    if (!runs(definition, access.spec.container, image)) continue;
    if (definition?.status === 'ACTIVE') return arn;
    known.push(`${lastPart(arn)}, which was stable, was deregistered`);
  }
  const older = await olderThanHistory(access, image, declared, known, context);
  if (older === undefined) throw noVersionOfImage(access, image, known);
  context.emit({
    code: 'rollback.beyondHistory',
    level: 'warning',
    message: `ECS no longer knows how the deployments of ${lastPart(older)} ended: they are more than 90 days ago`,
    data: { version: lastPart(older) },
  });
  return older;
}

/**
 * @param declared definition of the stack, which no deployment runs
 * @param known is told why another definition with the image is none to go back to
 */
async function olderThanHistory(
  { calls, spec }: EcsAccess,
  image: ImageReference,
  declared: string,
  known: string[],
  context: DeployContext,
): Promise<string | undefined> {
  const listed = new Map<string, string>();
  for await (const { taskDefinition, status } of history(calls)) {
    if (taskDefinition !== undefined && !listed.has(taskDefinition)) listed.set(taskDefinition, status);
  }
  const complete = context.clock.now() - HISTORY_MS;
  for (const arn of await calls.activeDefinitions()) {
    if (arn === declared) continue;
    const definition = await calls.taskDefinition(arn);
    if (!runs(definition, spec.container, image)) continue;
    const ended = listed.get(arn);
    if (ended === undefined && registeredBefore(definition, complete)) return arn;
    known.push(`${lastPart(arn)} ${ended === undefined ? 'was never deployed' : `ended as ${ended}`}`);
  }
  return undefined;
}

const registeredBefore = (definition: TaskDefinition | undefined, time: number): boolean =>
  definition?.registeredAt !== undefined && definition.registeredAt.getTime() < time;

/** The digest decides: the same bytes, whatever they are called. */
const runs = (definition: TaskDefinition | undefined, container: string, image: ImageReference): boolean =>
  imageOf(definition, container)?.split('@')[1] === image.digest;

function noVersionOfImage(
  { spec }: EcsAccess,
  image: ImageReference,
  known: readonly string[],
): LockstepError {
  const found = known.length === 0 ? 'it was never deployed here' : known.join(', ');
  return new LockstepError('NoVersionOfImage', {
    place: `service ${spec.service}`,
    value: `${image.toString()}: ${found}`,
    allowed: 'an image with which a deployment here has succeeded',
    change: 'run the workflow that deploys here, for the commit that is wanted',
  });
}
