import { type Operator, typedOperator } from './operator';

/** Up to 15 digits, which a double holds exactly. */
function parseNumber(text: string): number | undefined {
  if (!/^[+-]?\d+(\.\d+)?$/.test(text) || text.replace(/\D/g, '').length > 15) return undefined;
  return Number(text);
}

const numeric = (matches: (policy: number, request: number) => boolean, negated = false): Operator =>
  typedOperator({
    allowed: 'an integer or decimal number of at most 15 digits',
    parsePolicy: parseNumber,
    parseRequest: parseNumber,
    matches,
    negated,
  });

const same = (policy: number, request: number): boolean => policy === request;

/**
 * The numeric operators: the value of the request stands on the left.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Numeric
 */
export const NUMERIC_OPERATORS = {
  NumericEquals: numeric(same),
  NumericNotEquals: numeric(same, true),
  NumericLessThan: numeric((policy, request) => request < policy),
  NumericLessThanEquals: numeric((policy, request) => request <= policy),
  NumericGreaterThan: numeric((policy, request) => request > policy),
  NumericGreaterThanEquals: numeric((policy, request) => request >= policy),
} as const satisfies Readonly<Record<string, Operator>>;
