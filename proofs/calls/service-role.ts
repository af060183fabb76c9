import { type Fault, LockstepError } from '../../contract';
import type { Artefacts, TemplateRole } from '../artefacts';
import { evaluate, type PolicySet } from '../iam';
import { unless, wrongAt } from '../wrong';
import { beyondNeeds } from './execution-role-grants';
import type { Need } from './need';
import { managedPolicies, policiesOf } from './role-review';
import { letsIn, letsOthersIn } from './service-trust';

/** What is wrong with roles by which a service of AWS works. */
export interface ServiceRoleFaults {
  readonly checked: number;
  /** Sign-ins and calls that are refused. */
  readonly missing: readonly Fault[];
  /** What the roles let be done besides. */
  readonly beyond: readonly Fault[];
}

/**
 * A role against what one service needs of it, in both directions.
 *
 * @param account in whose name the service works
 * @param why the role must grant no more
 */
export function reviewRole(
  role: TemplateRole,
  needs: readonly Need[],
  { resources }: Artefacts,
  service: string,
  account: string,
  why: string,
): ServiceRoleFaults {
  const place = `${role.place}, policies of ${role.name}`;
  const { policies, faults } = policiesOf(role, place, managedPolicies(resources));
  return {
    checked: needs.length + 2,
    missing: [
      ...letsIn({ role, service, account }),
      ...faults,
      // Nothing is evaluated against half of a role.
      ...(faults.length > 0 ? [] : needs.flatMap((need) => refused(need, policies, place, service))),
    ],
    beyond: [...letsOthersIn({ role, service }), ...beyondNeeds(role, policies, needs, place, why)],
  };
}

function refused(
  { actions, called }: Need,
  policies: PolicySet,
  place: string,
  service: string,
): readonly Fault[] {
  return called.flatMap((resource) =>
    actions.flatMap((action) => {
      const because = refusal(policies, action, resource);
      return wrongAt(
        place,
        'allow it in the role',
        unless(
          because.length === 0,
          `${action} on ${resource}: ${because.join('; ')}`,
          `what ${service} calls with the role: ${actions.join(', ')} on ${called.join(', ')}`,
        ),
      );
    }),
  );
}

function refusal(policies: PolicySet, action: string, resource: string): readonly string[] {
  try {
    const { effect, because } = evaluate(policies, { action, resource, context: {} });
    return effect === 'allowed' ? [] : because;
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return error.faults.map((fault) => `${fault.place}: ${fault.value}, allowed ${fault.allowed}`);
  }
}
