/** Where a value does not hold what was expected: members may be more, items of a list may not. */
export function differences(actual: unknown, expected: unknown, path = 'answer'): readonly string[] {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length)
      return [difference(actual, expected, path)];
    return expected.flatMap((item, index) => differences(actual[index], item, `${path}[${index}]`));
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return [difference(actual, expected, path)];
    return Object.entries(expected).flatMap(([name, item]) =>
      differences(actual[name], item, `${path}.${name}`),
    );
  }
  return actual === expected ? [] : [difference(actual, expected, path)];
}

const difference = (actual: unknown, expected: unknown, path: string): string =>
  `${path} is ${JSON.stringify(actual) ?? 'missing'}, expected ${JSON.stringify(expected)}`;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
