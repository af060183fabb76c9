import { OPERATORS, type Operand, parseBoolean } from './operators';
import { unsupported } from './refusal';
import type { Lookup } from './request';
import type { PolicyVersion } from './variables';

/** One key of a `Condition` element under one operator. All conditions of a statement must hold. */
export interface Condition {
  /** As written, such as `ForAnyValue:StringLikeIfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly holds: (lookup: Lookup) => boolean;
}

/** `{ operator: { key: values } }`, with single values already made into lists. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

interface Test {
  readonly place: string;
  readonly key: string;
  readonly set?: 'ForAllValues' | 'ForAnyValue';
  readonly negated: boolean;
  readonly ifExists: boolean;
  readonly operands: readonly Operand[];
}

/**
 * @throws LockstepError `UnsupportedPolicy` for an unknown operator, an odd key, or a value that the
 * operator cannot compare
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
 */
export function parseConditions(
  place: string,
  block: ConditionBlock,
  version: PolicyVersion,
): readonly Condition[] {
  return Object.entries(block).flatMap(([operator, keys]) => {
    const names = new Set<string>();
    return Object.entries(keys).map(([key, values]) => {
      const at = `${place}.Condition.${operator}.${key}`;
      if (!/^[\w./-]+:[^:\s$][^$]*$/.test(key) || names.has(key.toLowerCase())) {
        throw unsupported(at, key, 'a key such as aws:SourceIp, once in any case', 'Name the key, once.');
      }
      names.add(key.toLowerCase());
      return { operator, key, values, holds: compile(at, operator, key, values, version) };
    });
  });
}

function compile(
  place: string,
  name: string,
  key: string,
  values: readonly string[],
  version: PolicyVersion,
): Condition['holds'] {
  if (name === 'Null') return compileNull(place, key, values);
  const [, set, base = '', ifExists] = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = OPERATORS.get(base);
  if (!operator) {
    const known = [...OPERATORS.keys(), 'Null'].join(', ');
    throw unsupported(place, name, known, 'Use an operator that IAM documents.');
  }
  if (base === 'Bool' && values.length > 1) {
    throw unsupported(place, values, 'one of true and false', 'Write one value.');
  }
  const test: Test = {
    place,
    key,
    ...((set === 'ForAllValues' || set === 'ForAnyValue') && { set }),
    negated: operator.negated,
    ifExists: ifExists !== undefined,
    operands: values.map((value) => operator.compile(place, value, version)),
  };
  return (lookup) => holds(test, lookup);
}

/**
 * `true`: the key must be absent; `false`: it must be there with a value.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Null
 */
function compileNull(place: string, key: string, values: readonly string[]): Condition['holds'] {
  const [only] = values;
  const absent = values.length === 1 && only !== undefined ? parseBoolean(only) : undefined;
  if (absent === undefined) throw unsupported(place, values, 'true or false', 'Write one value.');
  return (lookup) => absent === isEmpty(lookup(key));
}

/** AWS counts a key whose values are empty as a key without values. */
const isEmpty = (value: string | readonly string[] | undefined): boolean =>
  value === undefined || [value].flat().every((item) => item === '');

/**
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
function holds(test: Test, lookup: Lookup): boolean {
  const { key, set, negated, ifExists } = test;
  const value = lookup(key);
  if (value === undefined && ifExists) return true;
  if (negated) refuseUnresolved(test, lookup);
  if (set !== undefined) {
    if (isEmpty(value) || value === undefined) return set === 'ForAllValues';
    const items = [value].flat();
    return set === 'ForAllValues'
      ? items.every((item) => passes(test, item, lookup))
      : items.some((item) => passes(test, item, lookup));
  }
  if (value === undefined) return negated;
  if (typeof value !== 'string') {
    const change = 'Write ForAllValues: or ForAnyValue: before the operator.';
    throw unsupported(test.place, value, 'one value, because the operator has no set operator', change);
  }
  return passes(test, value, lookup);
}

/** A function of its own, not a closure: it is asked for each condition of each stranger. */
function passes({ operands, negated }: Test, item: string, lookup: Lookup): boolean {
  return operands.some((operand) => operand.test(item, lookup)) !== negated;
}

/**
 * A value that cannot be resolved matches nothing, and AWS says that it may make the whole statement
 * invalid. Under a negated operator these two readings differ.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function refuseUnresolved(
  { place, operands }: { readonly place: string; readonly operands: readonly Operand[] },
  lookup: Lookup,
): void {
  for (const { key, fallback } of operands.flatMap(({ variables }) => variables)) {
    if (fallback === undefined && lookup(key) === undefined) {
      throw unsupported(
        place,
        `\${${key}}`,
        'a variable that the request has a value for',
        'Give a default.',
      );
    }
  }
}
