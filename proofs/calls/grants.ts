import type { Condition, NamedPolicy, Statement } from '../iam';
import { evaluate } from '../iam';
import { requestOf, type RoleCall, type RoleReview } from './role-review';

/** One action on one resource pattern under the conditions of its statement: the least that a policy grants. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly conditions: readonly Condition[];
  /** Such as `policy "Calls", Statement[0]`. */
  readonly place: string;
  /** A policy that grants this and nothing else. */
  readonly policy: NamedPolicy<'identity'>;
}

/** What a role is granted, taken apart. Statements with `NotAction` or `NotResource` are given back whole. */
export interface Grants {
  readonly grants: readonly Grant[];
  readonly negated: readonly Statement[];
}

export function grantsOf({ policies }: Pick<RoleReview, 'policies'>): Grants {
  const grants: Grant[] = [];
  const negated: Statement[] = [];
  for (const policy of policies.identity) {
    for (const statement of policy.statements) {
      if (statement.effect !== 'Allow') continue;
      if (statement.action.negated || !statement.resource || statement.resource.negated)
        negated.push(statement);
      else grants.push(...takeApart(policy, statement));
    }
  }
  return { grants, negated };
}

function takeApart(policy: NamedPolicy<'identity'>, statement: Statement): readonly Grant[] {
  const { action, resource, conditions, place } = statement;
  return action.patterns.flatMap((name) =>
    (resource?.operands ?? []).map((operand, index): Grant => {
      const pattern = resource?.patterns[index] ?? '*';
      const one: Statement = {
        ...statement,
        action: { negated: false, patterns: [name] },
        resource: { negated: false, place, patterns: [pattern], operands: [operand] },
      };
      return { action: name, resource: pattern, conditions, place, policy: { ...policy, statements: [one] } };
    }),
  );
}

/** True when the grant alone allows the call. */
export function allows(
  { policy }: Grant,
  { call }: RoleCall,
  context: Readonly<Record<string, string>> = call.context,
): boolean {
  return evaluate({ identity: [policy] }, { ...requestOf(call), context }).effect === 'allowed';
}

/** The calls of a role by action, in lower case, as IAM compares them. */
export function callsByAction({ calls }: RoleReview): ReadonlyMap<string, readonly RoleCall[]> {
  const byAction = new Map<string, RoleCall[]>();
  for (const each of calls) {
    const key = each.call.action.toLowerCase();
    const list = byAction.get(key);
    if (list) list.push(each);
    else byAction.set(key, [each]);
  }
  return byAction;
}

export const hasWildcard = (pattern: string): boolean => /[*?]/.test(pattern);
