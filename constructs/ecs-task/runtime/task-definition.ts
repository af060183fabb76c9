import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import { LockstepError } from '../../../contract/errors';

/**
 * Fields that ECS adds to a task definition and refuses to register. The compiler keeps the list
 * complete: a field that the SDK only knows in answers must stand here.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
 */
const ADDED_BY_ECS: Record<Exclude<keyof TaskDefinition, keyof RegisterTaskDefinitionCommandInput>, true> = {
  compatibilities: true,
  deleteRequestedAt: true,
  deregisteredAt: true,
  registeredAt: true,
  registeredBy: true,
  requiresAttributes: true,
  revision: true,
  status: true,
  taskDefinitionArn: true,
};

/** The definition as it can be registered again. Tags are no part of it. */
export function registrable(definition: TaskDefinition): RegisterTaskDefinitionCommandInput {
  const kept = Object.entries(definition).filter(
    ([field, value]) => !(field in ADDED_BY_ECS) && value !== undefined,
  );
  return {
    family: definition.family,
    containerDefinitions: definition.containerDefinitions,
    ...Object.fromEntries(kept),
  };
}

/**
 * The same definition with another image in the named container, and nothing else changed.
 *
 * @throws LockstepError `InvalidSpec` when there is no container of that name
 */
export function withImage(
  definition: TaskDefinition,
  container: string,
  image: string,
): RegisterTaskDefinitionCommandInput {
  const containers = definition.containerDefinitions ?? [];
  if (!containers.some(({ name }) => name === container)) {
    throw new LockstepError('InvalidSpec', {
      place: `task definition ${definition.taskDefinitionArn ?? definition.family ?? ''}`,
      value: `containers ${containers.map(({ name }) => name).join(', ') || '(none)'}`,
      allowed: `a container named ${container}`,
      change: 'deploy the stack, so that task definition and manifest name the same container',
    });
  }
  return {
    ...registrable(definition),
    containerDefinitions: containers.map((each) => (each.name === container ? { ...each, image } : each)),
  };
}

/** Image of the named container. */
export function imageOf(definition: TaskDefinition | undefined, container: string): string | undefined {
  return definition?.containerDefinitions?.find(({ name }) => name === container)?.image;
}
