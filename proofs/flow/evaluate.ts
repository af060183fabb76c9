import type * as Expressions from '@actions/expressions';
import { githubExpressions } from '../github/load';
import { type Expression, STATUS_FUNCTIONS, type StatusFunction, type Tree, type Value } from './expression';

/** Whether the expression is true for GitHub, with these contexts and these answers of the status functions. */
export function isTrue(
  { tree }: Expression,
  contexts: Tree,
  status: Readonly<Record<StatusFunction, boolean>>,
): boolean {
  const { Evaluator, data } = githubExpressions();
  const functions = new Map(
    STATUS_FUNCTIONS.map((name) => [
      name,
      { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(status[name]) },
    ]),
  );
  return isTruthy(new Evaluator(tree, dictionary(contexts), functions).evaluate());
}

/** What an expression comes to. */
export type Result = ReturnType<InstanceType<typeof Expressions.Evaluator>['evaluate']>;

/**
 * Whether a condition with this result holds.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#literals
 */
export function isTruthy(result: Result): boolean {
  const { Kind } = githubExpressions().data;
  if (result.kind === Kind.Null) return false;
  if (result.kind === Kind.String) return result.coerceString() !== '';
  if (result.kind === Kind.Boolean) return result.coerceString() === 'true';
  if (result.kind === Kind.Number) return result.number() !== 0 && !Number.isNaN(result.number());
  return true;
}

type Dictionary = InstanceType<typeof Expressions.data.Dictionary>;

function dictionary(tree: Tree): Dictionary {
  const { data } = githubExpressions();
  const made = new data.Dictionary();
  for (const [name, value] of Object.entries(tree)) made.add(name, dataOf(value));
  return made;
}

function dataOf(value: Value | Tree): Parameters<Dictionary['add']>[1] {
  const { data } = githubExpressions();
  if (value === null) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  return dictionary(value);
}
