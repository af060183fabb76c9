import type { Artefacts } from '../artefacts';
import { allows, callsByAction, grantsOf } from './grants';
import { requestOf, roleReviews } from './role-review';

/** How well a role and the calls of its jobs fit, as `prove --json` prints it. */
export interface RoleCoverage {
  /** Name of the role. */
  readonly role: string;
  /** Different calls that jobs make with it, and those of them that it allows. */
  readonly calls: number;
  readonly covered: number;
  /** Pairs of action and resource that it grants, and those of them that a call uses. */
  readonly grants: number;
  readonly used: number;
}

/**
 * @throws LockstepError `UnsupportedPolicy` where a policy holds what is not modelled; P04 reports it
 */
export function coverage(artefacts: Artefacts): readonly RoleCoverage[] {
  return [...roleReviews(artefacts).values()].map((review) => {
    const { grants, negated } = grantsOf(review);
    const byAction = callsByAction(review);
    const readable = review.faults.length === 0;
    const used = grants.filter((grant) =>
      (byAction.get(grant.action.toLowerCase()) ?? []).some((call) => allows(grant, call)),
    );
    const covered = review.calls.filter(
      ({ call }) => readable && review.decide(requestOf(call)).effect === 'allowed',
    );
    return {
      role: review.role.name,
      calls: review.calls.length,
      covered: covered.length,
      grants: grants.length + negated.length,
      used: used.length,
    };
  });
}
