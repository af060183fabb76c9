import { type Fault, LockstepError } from '../../contract';
import type { TemplateRole } from '../artefacts';
import { evaluate, type PolicySet } from '../iam';

import { type Grant, grantsOf, hasWildcard } from './grants';
import type { Need } from './need';

/**
 * What the policies of a role grant that none of its needs asks for.
 *
 * @param why the role must grant no more
 */
export function beyondNeeds(
  role: TemplateRole,
  policies: PolicySet,
  needs: readonly Need[],
  place: string,
  why: string,
): readonly Fault[] {
  const { grants, negated } = grantsOf({ policies });
  const fault = (where: string, value: string, allowed: string): Fault => ({
    place: where,
    value,
    allowed,
    change: `remove it: ${why}`,
  });
  return [
    ...role.managedPolicyArns.map((arn) =>
      fault(`${place}, ManagedPolicyArns`, String(arn), 'policies that stand in the template'),
    ),
    ...negated.map((statement) =>
      fault(
        `${place}, ${statement.place}`,
        'an Allow with NotAction or NotResource',
        'actions and resources by their names',
      ),
    ),
    ...grants.flatMap((grant) => {
      const value = `${grant.action} on ${grant.resource}`;
      const allowed = allowedFor(grant, needs);
      if (allowed !== undefined) return [fault(`${place}, ${grant.place}`, value, allowed)];
      return untested(grant, needs).map((key) =>
        fault(`${place}, ${grant.place}`, `${value}, whatever ${key} is`, `a condition that tests ${key}`),
      );
    }),
  ];
}

/** @returns undefined for a grant that a need asks for */
function allowedFor({ action, resource }: Grant, needs: readonly Need[]): string | undefined {
  if (hasWildcard(action)) return 'actions without wildcard';
  const granted = needsWith(action, needs).flatMap((need) => need.granted);
  if (granted.includes(resource)) return undefined;
  return granted.join(', ') || 'nothing: nobody needs it';
}

/** Keys by which alone a grant is narrow, and which it does not test. */
function untested({ action, resource, policy }: Grant, needs: readonly Need[]): readonly string[] {
  return needsWith(action, needs).flatMap(({ tested }) => {
    if (!tested) return [];
    const { key, value, stranger = `${value}-of-a-stranger` } = tested;
    const strangers = [{}, { [key]: stranger }];
    try {
      const open = strangers.some(
        (context) => evaluate({ identity: [policy] }, { action, resource, context }).effect === 'allowed',
      );
      return open ? [key] : [];
    } catch (error) {
      if (!LockstepError.is(error)) throw error;
      return [key];
    }
  });
}

/** IAM compares actions without regard to case. */
const needsWith = (action: string, needs: readonly Need[]): readonly Need[] =>
  needs.filter(({ actions }) => actions.some((one) => one.toLowerCase() === action.toLowerCase()));
