import { readCondition } from '../../proofs/flow/condition';
import { isTruthy, type Result } from '../../proofs/flow/evaluate';
import {
  CONTEXT_NAMES,
  type Expression,
  type Location,
  parseExpression,
  STATUS_FUNCTIONS,
  WITHIN_TEXT,
} from '../../proofs/flow/expression';
import { githubExpressions } from '../../proofs/github/load';
import { messageOf } from '../message-of';
import type { Status } from './status';

/** What expressions read at one place of a workflow. */
export interface Scope {
  /** Contexts by name, as plain data. A context that is missing is empty. */
  readonly contexts: Readonly<Record<string, unknown>>;
  /** Missing where no status function may be called. */
  readonly status?: Status;
  /** Missing where the workspace is not at hand. */
  readonly hashFiles?: (patterns: readonly string[]) => string;
}

/** An expression that GitHub cannot evaluate. */
export class ExpressionFault extends Error {}

/**
 * Fills in the `${{ }}` of a text.
 *
 * @throws ExpressionFault
 */
export function textOf(template: string, scope: Scope): string {
  return template.replace(WITHIN_TEXT, (_, inner: string) => coerced(evaluate(parsed(inner), scope)));
}

/**
 * What a text stands for: the value itself where the text is one expression, such as a list of `fromJSON`.
 *
 * @throws ExpressionFault
 */
export function valueOf(template: unknown, scope: Scope): unknown {
  if (Array.isArray(template)) return template.map((item) => valueOf(item, scope));
  if (typeof template === 'object' && template !== null) {
    return Object.fromEntries(Object.entries(template).map(([key, item]) => [key, valueOf(item, scope)]));
  }
  if (typeof template !== 'string') return template;
  const [whole] = [...template.matchAll(WITHIN_TEXT)];
  if (whole?.[0] !== template.trim()) return textOf(template, scope);
  return plain(evaluate(parsed(whole[1] ?? ''), scope));
}

/**
 * Whether a condition holds: with `success()` before it, unless it asks for the outcome itself.
 *
 * @throws ExpressionFault
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
 */
export function holds(condition: string | undefined, location: Location, scope: Scope): boolean {
  const success = scope.status?.success ?? true;
  const read = readCondition(condition ?? 'success()', location);
  if ('fault' in read) throw new ExpressionFault(read.fault);
  if ('alwaysTrue' in read) return success;
  if (!read.statusGiven && !success) return false;
  return isTruthy(evaluate(read.expression, scope));
}

function parsed(text: string): Expression {
  const made = parseExpression(text.trim(), 'other');
  if ('fault' in made) throw new ExpressionFault(made.fault);
  return made;
}

/** A function that the package leaves to its user. */
type Implementation = NonNullable<
  ReturnType<NonNullable<ConstructorParameters<ReturnType<typeof githubExpressions>['Evaluator']>[2]>['get']>
>;

function evaluate({ tree, text }: Expression, scope: Scope): Result {
  const { Evaluator, data } = githubExpressions();
  const { contexts, status, hashFiles } = scope;
  const all = Object.fromEntries(CONTEXT_NAMES.map((name) => [name, contexts[name] ?? {}]));
  const dictionary = JSON.parse(JSON.stringify(all), data.reviver) as InstanceType<typeof data.Dictionary>;
  const answers = STATUS_FUNCTIONS.map((name): [string, Implementation] => [
    name,
    { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answerOf(status, name, text)) },
  ]);
  const hashes: Implementation = {
    name: 'hashFiles',
    minArgs: 1,
    maxArgs: 255,
    call: (...patterns) => {
      if (!hashFiles) throw new ExpressionFault(`hashFiles is not available here: ${text}`);
      return new data.StringData(hashFiles(patterns.map((pattern) => pattern.coerceString())));
    },
  };
  const functions = new Map([...answers, ['hashfiles', hashes]]);
  try {
    return new Evaluator(tree, dictionary, functions).evaluate();
  } catch (error) {
    throw new ExpressionFault(`${text}: ${messageOf(error)}`);
  }
}

function answerOf(status: Status | undefined, name: keyof Status, text: string): boolean {
  if (!status) throw new ExpressionFault(`${name}() is not available here: ${text}`);
  return status[name];
}

function coerced(value: Result): string {
  return value.kind === githubExpressions().data.Kind.Null ? '' : value.coerceString();
}

function plain(value: Result): unknown {
  const { data } = githubExpressions();
  return JSON.parse(JSON.stringify(value, data.replacer)) as unknown;
}
