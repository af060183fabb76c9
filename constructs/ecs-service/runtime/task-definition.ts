import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import { imageOf, withImage } from '../../ecs-task';

/**
 * Paths of the fields in which two definitions differ, leaving out the image of the named container:
 * the pipeline owns that one, the stack owns the rest.
 *
 * @returns paths such as `containerDefinitions.app.environment.LOG_LEVEL`; values are never shown
 */
export function differingFields(a: TaskDefinition, b: TaskDefinition, container: string): readonly string[] {
  const strip = (definition: TaskDefinition) => withImage(definition, container, '');
  return differences(strip(a), strip(b), '');
}

/** True when both would run the same containers, image included. */
export function sameDefinition(
  a: TaskDefinition,
  b: RegisterTaskDefinitionCommandInput,
  container: string,
): boolean {
  return imageOf(a, container) === imageOf(b, container) && differingFields(a, b, container).length === 0;
}

function differences(a: unknown, b: unknown, path: string): readonly string[] {
  if (isEmpty(a) && isEmpty(b)) return [];
  const left = members(a);
  const right = members(b);
  if (!left || !right) return Object.is(a, b) ? [] : [path];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differences(left.get(key), right.get(key), path === '' ? key : `${path}.${key}`),
  );
}

/** ECS answers with empty lists where nothing was given. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** Lists of named things are compared by name: ECS does not promise their order. */
function members(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (isEmpty(value)) return new Map();
  if (typeof value !== 'object') return undefined;
  if (!Array.isArray(value)) return new Map(Object.entries(value ?? {}));
  const list: readonly unknown[] = value;
  const names = list.map(nameOf);
  const named = names.every((name) => name !== undefined) && new Set(names).size === names.length;
  return new Map(list.map((item, index) => [(named ? names[index] : undefined) ?? String(index), item]));
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('name' in item)) return undefined;
  return typeof item.name === 'string' ? item.name : undefined;
}
