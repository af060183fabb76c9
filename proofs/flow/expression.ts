import type * as Expressions from '@actions/expressions';
import { githubExpressions } from '../github/load';

type Expr = InstanceType<typeof Expressions.Expr>;

/** An expression that GitHub's own parser took, and what it reads. */
export interface Expression {
  readonly text: string;
  readonly tree: Expr;
  /** What it reads, as paths: `['needs', 'build', 'result']`. A `*` stands for every member. */
  readonly reads: readonly (readonly string[])[];
  /** True when a member is chosen by a value, so that nobody can say which. */
  readonly dynamic: boolean;
  /** Names of the functions that it calls, in lower case. */
  readonly calls: ReadonlySet<string>;
  /** Texts, numbers and truth values that stand in it. */
  readonly literals: readonly Value[];
}

export type Value = string | number | boolean | null;
export type Tree = { readonly [name: string]: Value | Tree };
export type Parsed = Expression | { readonly fault: string };

/** Functions that a job or a step asks for the outcome of what came before. */
export const STATUS_FUNCTIONS = ['success', 'failure', 'cancelled', 'always'] as const;
export type StatusFunction = (typeof STATUS_FUNCTIONS)[number];

/**
 * Contexts by the place that an expression stands in.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#context-availability
 */
const CONTEXTS = {
  jobCondition: ['github', 'needs', 'vars', 'inputs'],
  stepCondition: ['github', 'needs', 'strategy', 'matrix', 'job', 'runner', 'env', 'vars', 'steps', 'inputs'],
  runName: ['github', 'inputs', 'vars'],
  other: [
    'github',
    'needs',
    'strategy',
    'matrix',
    'job',
    'jobs',
    'runner',
    'env',
    'vars',
    'secrets',
    'steps',
    'inputs',
  ],
} as const;
export type Location = keyof typeof CONTEXTS;

/** Every context that there is. */
export const CONTEXT_NAMES: readonly string[] = CONTEXTS.other;

/** An expression within a text. The first group is what stands between the braces. */
export const WITHIN_TEXT = /\$\{\{((?:'[^']*'|(?!\}\})[\s\S])*)\}\}/g;

const known = new Map<string, Parsed>();

/** Parses an expression without `${{ }}`; each text once per process. */
export function parseExpression(text: string, location: Location): Parsed {
  const key = `${location} ${text}`;
  const parsed = known.get(key) ?? parse(text, location);
  known.set(key, parsed);
  return parsed;
}

function parse(text: string, location: Location): Parsed {
  const { Lexer, Parser } = githubExpressions();
  const functions = [
    ...STATUS_FUNCTIONS.map((name) => ({ name, minArgs: 0, maxArgs: 0 })),
    ...(location === 'jobCondition' ? [] : [{ name: 'hashFiles', minArgs: 1, maxArgs: 255 }]),
  ];
  try {
    const tree = new Parser(new Lexer(text).lex().tokens, [...CONTEXTS[location]], functions).parse();
    return { text, tree, ...readingOf(tree) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

/** The classes of the tree are no part of what the package exports: their fields tell them apart. */
interface Node {
  readonly expr?: Node;
  readonly index?: Node;
  readonly left?: Node;
  readonly right?: Node;
  readonly group?: Node;
  readonly args?: readonly Node[];
  readonly functionName?: { readonly lexeme: string };
  readonly name?: { readonly lexeme: string };
  readonly literal?: { readonly value?: Value };
}

function readingOf(tree: Expr): Pick<Expression, 'reads' | 'dynamic' | 'calls' | 'literals'> {
  const reads: string[][] = [];
  const calls = new Set<string>();
  const literals: Value[] = [];
  let dynamic = false;
  const visit = (node: Node): void => {
    const path = pathOf(node);
    if (path) {
      reads.push(path);
      return;
    }
    if (node.index) dynamic = true;
    if (node.functionName) calls.add(node.functionName.lexeme.toLowerCase());
    if (node.literal) literals.push(node.literal.value ?? null);
    for (const child of [node.expr, node.index, node.left, node.right, node.group, ...(node.args ?? [])]) {
      if (child) visit(child);
    }
  };
  visit(tree as unknown as Node);
  return { reads, dynamic, calls, literals };
}

function pathOf(node: Node): string[] | undefined {
  if (node.name) return [node.name.lexeme.toLowerCase()];
  if (!node.index || !node.expr) return undefined;
  const before = pathOf(node.expr);
  const index = node.index.literal ? String(node.index.literal.value) : starOf(node.index);
  return before && index !== undefined ? [...before, index] : undefined;
}

const starOf = (node: Node): string | undefined => (Object.keys(node).length === 0 ? '*' : undefined);
