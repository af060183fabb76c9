import { Buffer } from 'node:buffer';
import { type Operator, typedOperator } from './operator';

function parseBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/**
 * The binary operator: both sides are base64 and are compared byte for byte.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_BinaryEquals
 */
export const BINARY_OPERATORS = {
  BinaryEquals: typedOperator({
    allowed: 'bytes in base64',
    parsePolicy: parseBase64,
    parseRequest: parseBase64,
    matches: (policy, request) => policy.equals(request),
  }),
} as const satisfies Readonly<Record<string, Operator>>;
