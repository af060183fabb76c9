import { unsupported } from '../refusal';
import type { Lookup } from '../request';
import type { PolicyVersion, Variable } from '../variables';

/** One value of a policy, ready to be compared with values of requests. */
export interface Operand {
  /** Policy variables in it. */
  readonly variables: readonly Variable[];
  /** False where a variable has no value: such a text matches nothing. */
  readonly test: (value: string, lookup: Lookup) => boolean;
}

/** A condition operator without set operator and without `IfExists`. */
export interface Operator {
  /** True for the operators with `Not`: they hold when none of the values matches. */
  readonly negated: boolean;
  /** @throws LockstepError `UnsupportedPolicy` for a value that the operator cannot compare */
  readonly compile: (place: string, text: string, version: PolicyVersion) => Operand;
}

/**
 * An operator that reads both sides as values of some type. It takes no variables: AWS supports them in
 * string and ARN operators only.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
 */
export function typedOperator<Policy, Request>(typed: {
  /** What a value must look like, for the error. */
  readonly allowed: string;
  readonly parsePolicy: (text: string) => Policy | undefined;
  readonly parseRequest: (text: string) => Request | undefined;
  readonly matches: (policy: Policy, request: Request) => boolean;
  /** @default false */
  readonly negated?: boolean;
}): Operator {
  const { allowed, parsePolicy, parseRequest, matches, negated = false } = typed;
  return {
    negated,
    compile: (place, text) => {
      const operand = parsePolicy(text);
      if (operand === undefined) {
        throw unsupported(place, text, allowed, 'Write a value of that form, without policy variables.');
      }
      return {
        variables: [],
        test: (value) => {
          const request = parseRequest(value);
          if (request === undefined) {
            throw unsupported(`request value for ${place}`, value, allowed, 'Give a value of that form.');
          }
          return matches(operand, request);
        },
      };
    },
  };
}
