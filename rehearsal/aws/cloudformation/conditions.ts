import type { Scope } from './scope';
import { notRehearsed } from './template';

type Resolve = (value: unknown) => unknown;
type Test = (argument: readonly unknown[], resolve: Resolve, test: (value: unknown) => boolean) => boolean;

const TESTS: Readonly<Record<string, Test>> = {
  'Fn::Equals': ([one, other], resolve) => String(resolve(one)) === String(resolve(other)),
  'Fn::Not': ([inner], _, test) => !test(inner),
  'Fn::And': (all, _, test) => all.every(test),
  'Fn::Or': (all, _, test) => all.some(test),
  'Fn::Contains': ([list, item], resolve) => {
    const value = resolve(list);
    return Array.isArray(value) && value.map(String).includes(String(resolve(item)));
  },
};

/**
 * Whether a condition of a template or a rule holds.
 *
 * @throws LockstepError `NotRehearsed`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export function holds(condition: unknown, scope: Scope, resolve: Resolve): boolean {
  const [name = '', argument] = soleEntry(condition) ?? [];
  if (name === 'Condition') return scope.condition(String(argument));
  const test = TESTS[name];
  if (!test || !Array.isArray(argument)) {
    const allowed = `Condition, ${Object.keys(TESTS).join(', ')}`;
    throw notRehearsed(scope.place, JSON.stringify(condition), allowed, 'Write the condition with these.');
  }
  return test(argument as readonly unknown[], resolve, (inner) => holds(inner, scope, resolve));
}

/** Name and argument of a function call, where the value is one. */
export function soleEntry(value: unknown): readonly [string, unknown] | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const [only, ...others] = Object.entries(value as Record<string, unknown>);
  return others.length === 0 ? only : undefined;
}
