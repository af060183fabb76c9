import { hasVariable, isVariable, parseTemplate, resolveTemplate, UnresolvedVariable } from '../variables';
import { ANY_CHARACTER, ANY_TEXT, compileGlob, type Glob, type GlobToken } from '../wildcard';
import type { Operator } from './operator';

/** Makes a matcher from a text whose variables are resolved. */
type Comparison = (tokens: readonly GlobToken[]) => Glob;

/** Builds an operator on text that may hold variables. */
function textOperator(compare: Comparison, negated = false): Operator {
  return {
    negated,
    compile: (place, text, version) => {
      const template = parseTemplate(place, text, version);
      if (!hasVariable(text, version)) {
        const test = compare(template as readonly GlobToken[]);
        return { variables: [], test };
      }
      return {
        variables: template.filter(isVariable),
        test: (value, lookup) => {
          const tokens = resolveTemplate(template, lookup);
          return !(tokens instanceof UnresolvedVariable) && compare(tokens)(value);
        },
      };
    },
  };
}

/** In operators that compare for equality, `*` and `?` are characters as any other. */
const literal = (tokens: readonly GlobToken[]): string =>
  tokens.map((token) => (token === ANY_TEXT ? '*' : token === ANY_CHARACTER ? '?' : token)).join('');

const equals: Comparison = (tokens) => {
  const text = literal(tokens);
  return (value) => value === text;
};

const equalsIgnoreCase: Comparison = (tokens) => {
  const text = literal(tokens).toLowerCase();
  return (value) => value.toLowerCase() === text;
};

/**
 * The string operators. Only the `Like` operators know wildcards, and these cross `:` and `/`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_String
 */
export const STRING_OPERATORS = {
  StringEquals: textOperator(equals),
  StringNotEquals: textOperator(equals, true),
  StringEqualsIgnoreCase: textOperator(equalsIgnoreCase),
  StringNotEqualsIgnoreCase: textOperator(equalsIgnoreCase, true),
  StringLike: textOperator(compileGlob),
  StringNotLike: textOperator(compileGlob, true),
} as const satisfies Readonly<Record<string, Operator>>;
