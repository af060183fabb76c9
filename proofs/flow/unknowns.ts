import type { Expression, Tree, Value } from './expression';

/** A value that is only known when the workflow runs, and what it may be as far as conditions can tell. */
interface Unknown {
  readonly path: readonly string[];
  readonly values: readonly Value[];
}

/** Combinations beyond which nobody can say what a condition does. */
const COMBINATIONS = 128;

/**
 * Every combination of what the expressions read and nobody knows beforehand, such as the output of a
 * job: empty, each text that they compare with, and a text that none of them knows.
 *
 * @param isKnown whether a path is known without running anything
 * @returns the combinations, or what cannot be followed
 */
export function unknownsOf(
  expressions: readonly Expression[],
  isKnown: (path: readonly string[]) => boolean,
): readonly Tree[] | { readonly fault: string } {
  const dynamic = expressions.find((expression) => expression.dynamic);
  if (dynamic) return { fault: `a member that is chosen by a value: ${dynamic.text}` };
  const unknowns = new Map<string, Unknown>();
  for (const { reads, literals } of expressions) {
    for (const path of reads.filter((read) => !isKnown(read))) {
      if (path.length < 2 || path.includes('*')) return { fault: `${path.join('.')}, all of it` };
      const key = path.join('.');
      const values = [...(unknowns.get(key)?.values ?? ['', 'a text of its own']), ...literals];
      unknowns.set(key, { path, values: [...new Set(values)] });
    }
  }
  const count = [...unknowns.values()].reduce((product, { values }) => product * values.length, 1);
  if (count > COMBINATIONS) return { fault: `${[...unknowns.keys()].join(', ')} in too many combinations` };
  return [...unknowns.values()].reduce<Tree[]>(
    (trees, { path, values }) => trees.flatMap((tree) => values.map((value) => withValue(tree, path, value))),
    [{}],
  );
}

export function withValue(tree: Tree, [name = '', ...rest]: readonly string[], value: Value): Tree {
  if (rest.length === 0) return { ...tree, [name]: value };
  const below = tree[name];
  return { ...tree, [name]: withValue(isTree(below) ? below : {}, rest, value) };
}

export const isTree = (value: Value | Tree | undefined): value is Tree =>
  typeof value === 'object' && value !== null;

/** Both trees; where they name the same, the second one. */
export function merged(first: Tree, second: Tree): Tree {
  const entries = Object.entries(second).map(([name, value]) => {
    const other = first[name];
    return [name, isTree(value) && isTree(other) ? merged(other, value) : value] as const;
  });
  return { ...first, ...Object.fromEntries(entries) };
}
