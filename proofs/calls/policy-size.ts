import type { Fault } from '../../contract';
import type { RoleReview } from './role-review';

/**
 * Characters without whitespace: of one managed policy, and of all policies together that are part of a
 * role.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const LONGEST_POLICY = 6144;
const LONGEST_INLINE = 10_240;

/** What IAM would refuse for its size, and what is worth knowing about it. */
export function sizeFaults({ role, place }: RoleReview): {
  readonly faults: readonly Fault[];
  readonly notes: readonly string[];
} {
  const sizes = role.policies.map(({ name, managed, document }) => ({
    name,
    managed,
    size: JSON.stringify(document).replaceAll(/\s/g, '').length,
  }));
  const inline = sizes.filter(({ managed }) => !managed).reduce((sum, { size }) => sum + size, 0);
  const faults: Fault[] = sizes
    .filter(({ size }) => size > LONGEST_POLICY)
    .map(({ name, size }) => ({
      place: `${place}, policy "${name}"`,
      value: `${size} characters`,
      allowed: `at most ${LONGEST_POLICY}`,
      change: 'split the policy into several, each with whole statements',
    }));
  if (inline > LONGEST_INLINE) {
    faults.push({
      place,
      value: `${inline} characters in policies that are part of the role`,
      allowed: `at most ${LONGEST_INLINE} for all of them together`,
      change: 'move statements into managed policies',
    });
  }
  const notes = sizes.length > 1 ? [`${place}: its permissions are split into ${sizes.length} policies`] : [];
  return { faults, notes };
}
