import { type Operator, typedOperator } from './operator';

/** `true` or `false`; undefined for anything else. */
export function parseBoolean(text: string): boolean | undefined {
  if (text === 'true') return true;
  return text === 'false' ? false : undefined;
}

/**
 * The Boolean operator.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Boolean
 */
export const BOOL_OPERATORS = {
  Bool: typedOperator({
    allowed: 'true or false',
    parsePolicy: parseBoolean,
    parseRequest: parseBoolean,
    matches: (policy, request) => policy === request,
  }),
} as const satisfies Readonly<Record<string, Operator>>;
