import { type Fault, LockstepError } from '../../contract';
import type { Artefacts } from '../artefacts';
import { evaluate } from '../iam';
import { type PolicyOfResource, policyOfResource } from './resource-policies';
import { requestOf, type RoleCall, type RoleReview } from './role-review';

/**
 * Calls on buckets of another account. There the policy of the bucket must allow them too, and the caller's own
 * policies alone say nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
 */
export function bucketPolicyFaults(
  { resources }: Artefacts,
  reviews: Iterable<RoleReview>,
): { readonly checked: number; readonly findings: readonly Fault[] } {
  let checked = 0;
  const findings = [...reviews].flatMap((review) =>
    review.calls.flatMap((one) => {
      const { resource: arn } = one.call;
      if (!arn.includes(':s3:::')) return [];
      try {
        const bucket = policyOfResource(arn, resources);
        // A bucket that no template makes is found among the names.
        if (!bucket || bucket.resource.account === review.role.account) return [];
        checked += 1;
        return refusals(review, one, bucket);
      } catch (error) {
        if (!LockstepError.is(error)) throw error;
        return error.faults.map((fault) => ({ ...fault, place: `policy of ${arn}, ${fault.place}` }));
      }
    }),
  );
  return { checked, findings };
}

function refusals(
  review: RoleReview,
  { call, places }: RoleCall,
  { resource, place, policy }: PolicyOfResource,
): readonly Fault[] {
  const fault = (value: string): Fault => ({
    place,
    value,
    allowed: `a policy of the bucket by which ${review.role.name} may call ${call.action}, as at ${places[0] ?? review.place}`,
    change: `let account ${review.role.account} read the bucket`,
  });
  if (!policy) return [fault(`no policy for ${call.resource}`)];
  const { context, ...request } = requestOf(call);
  const { effect, because } = evaluate(
    { ...review.policies, resource: [policy] },
    {
      ...request,
      principal: review.role.arn,
      // The command calls over HTTPS.
      context: { ...context, 'aws:ResourceAccount': resource.account, 'aws:SecureTransport': 'true' },
    },
  );
  return effect === 'allowed' ? [] : [fault(`${call.action} on ${call.resource}: ${because.join('; ')}`)];
}
