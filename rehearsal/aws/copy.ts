/**
 * A deep copy of plain data: objects, lists, maps, sets and scalars. Something that stands in several places does so
 * in the copy.
 *
 * @throws Error for anything else, because it would not be remembered
 */
export function copyOf<T>(data: T): T {
  return copied(data, new Map()) as T;
}

function copied(value: unknown, done: Map<object, unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') throw new Error(`${typeof value} in a state`);
  if (typeof value !== 'object' || value === null) return value;
  const before = done.get(value);
  if (before !== undefined) return before;
  const remember = <Copy>(copy: Copy): Copy => {
    done.set(value, copy);
    return copy;
  };
  if (Array.isArray(value)) {
    const list = remember<unknown[]>([]);
    for (const item of value as readonly unknown[]) list.push(copied(item, done));
    return list;
  }
  if (value instanceof Map) {
    const map = remember(new Map<unknown, unknown>());
    for (const [key, item] of value) map.set(key, copied(item, done));
    return map;
  }
  if (value instanceof Set) {
    const set = remember(new Set<unknown>());
    for (const item of value) set.add(copied(item, done));
    return set;
  }
  if (value instanceof Uint8Array) return remember(Uint8Array.from(value));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new Error(`an instance of ${value.constructor.name} in a state`);
  }
  const object = remember<Record<string, unknown>>({});
  for (const [key, item] of Object.entries(value)) object[key] = copied(item, done);
  return object;
}
