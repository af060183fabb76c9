/** One combination of a matrix. */
export type Combination = Readonly<Record<string, unknown>>;

/**
 * Every combination that a matrix stands for.
 *
 * @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
 */
export function combinationsOf(matrix: unknown): readonly Combination[] {
  const { include, exclude, ...axes } = (matrix ?? {}) as Readonly<Record<string, unknown>>;
  const crossed = Object.entries(axes).reduce<Combination[]>(
    (made, [axis, values]) =>
      made.flatMap((each) => listOf(values).map((value) => ({ ...each, [axis]: value }))),
    [{}],
  );
  const excluded = listOf(exclude) as readonly Combination[];
  const originals =
    Object.keys(axes).length === 0 ? [] : crossed.filter((each) => !excluded.some(fits(each)));
  return withIncluded(originals, listOf(include) as readonly Combination[], Object.keys(axes));
}

/** An included entry extends each combination whose own values it leaves alone; otherwise it is one more. */
function withIncluded(
  originals: readonly Combination[],
  included: readonly Combination[],
  axes: readonly string[],
): readonly Combination[] {
  let extended = [...originals];
  const added: Combination[] = [];
  for (const entry of included) {
    const own = Object.entries(entry).filter(([key]) => axes.includes(key));
    const extendsOne = (each: Combination): boolean => own.every(([key, value]) => same(each[key], value));
    if (extended.some(extendsOne)) {
      extended = extended.map((each) => (extendsOne(each) ? { ...each, ...entry } : each));
    } else added.push(entry);
  }
  return [...extended, ...added];
}

const fits =
  (combination: Combination) =>
  (pattern: Combination): boolean =>
    Object.entries(pattern).every(([key, value]) => same(combination[key], value));

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : [];

/** Name of a job with the values of its combination: `test (3.11, linux)`. */
export function labelled(name: string, combination: Combination): string {
  const values = Object.values(combination).filter((value) => typeof value !== 'object');
  return values.length === 0 ? name : `${name} (${values.map(String).join(', ')})`;
}
