import type { SampleResource } from '../sample';

/**
 * Sets a property below the properties of a resource that must be there already.
 *
 * @throws Error when it is not
 */
export function set({ Properties }: SampleResource, path: readonly string[], value: unknown): void {
  const parents = path.slice(0, -1);
  const name = path.at(-1) ?? '';
  const parent = parents.reduce<Record<string, unknown>>(
    (object, key) => object[key] as Record<string, unknown>,
    Properties,
  );
  if (!(name in parent)) throw new Error(`no ${path.join('.')}`);
  parent[name] = value;
}
