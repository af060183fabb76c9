import { type Fault, LockstepError } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import { evaluate, type NamedPolicy, parsePolicy } from '../iam';
import { requestOf, type RoleCall, type RoleReview } from './role-review';

const POLICY = 'AWS::S3::BucketPolicy';
const BUCKET = 'AWS::S3::Bucket';

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
  const buckets = new Map(
    resources
      .filter(({ type, properties }) => type === BUCKET && typeof properties.BucketName === 'string')
      .map((bucket) => [String(bucket.properties.BucketName), bucket] as const),
  );
  let checked = 0;
  const findings = [...reviews].flatMap((review) =>
    review.calls.flatMap((one) => {
      const bucket = buckets.get(bucketIn(one.call.resource) ?? '');
      // A bucket that no template makes is found among the names.
      if (!bucket || bucket.account === review.role.account) return [];
      checked += 1;
      return refusals(review, one, bucket, resources);
    }),
  );
  return { checked, findings };
}

const bucketIn = (arn: string): string | undefined => /^arn:aws[a-z-]*:s3:::([^/*?]+)/.exec(arn)?.[1];

function refusals(
  review: RoleReview,
  { call, places }: RoleCall,
  bucket: Resource,
  resources: readonly Resource[],
): readonly Fault[] {
  const { account, properties } = bucket;
  const policy = resources.find(
    (one) =>
      one.type === POLICY && one.account === account && one.properties.Bucket === properties.BucketName,
  );
  const fault = (value: string): Fault => ({
    place: policy?.path ?? bucket.path,
    value,
    allowed: `a policy of the bucket by which ${review.role.name} may call ${call.action}, as at ${places[0] ?? review.place}`,
    change: `let account ${review.role.account} read the bucket`,
  });
  if (!policy) return [fault(`no policy for ${call.resource}`)];
  try {
    const { context, ...request } = requestOf(call);
    const { effect, because } = evaluate(
      { ...review.policies, resource: [parsed(policy)] },
      {
        ...request,
        principal: review.role.arn,
        // The command calls over HTTPS.
        context: { ...context, 'aws:ResourceAccount': account, 'aws:SecureTransport': 'true' },
      },
    );
    return effect === 'allowed' ? [] : [fault(`${call.action} on ${call.resource}: ${because.join('; ')}`)];
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return error.faults.map((one) => ({ ...one, place: `${policy.path}, ${one.place}` }));
  }
}

const parsed = ({ logicalId, properties }: Resource): NamedPolicy<'resource'> =>
  parsePolicy(logicalId, properties.PolicyDocument, 'resource');
