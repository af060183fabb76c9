import { z } from 'zod';
import { resourcePolicies } from '../resource-policies';
import { readProperties } from '../resource-properties';
import {
  ApiFault,
  type Call,
  type Input,
  type Made,
  type Question,
  stringOf,
  type TemplateResource,
} from '../service';
import type { Bucket, ObjectVersion, S3State, StoredObject } from './state';

/** Who holds the state: read anew each time, because a situation that is taken up again replaces it. */
export interface S3Holder {
  readonly state: S3State;
}

/** Lifecycle rules work by the day, so no rehearsal lasts long enough to see one. */
const BucketProperties = z.strictObject({
  BucketName: z.string().optional(),
  VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  OwnershipControls: z
    .strictObject({ Rules: z.array(z.strictObject({ ObjectOwnership: z.literal('BucketOwnerEnforced') })) })
    .optional(),
  BucketEncryption: z.unknown().optional(),
  LifecycleConfiguration: z.unknown().optional(),
  LoggingConfiguration: z.unknown().optional(),
  PublicAccessBlockConfiguration: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

const PolicyProperties = z.strictObject({ Bucket: z.string(), PolicyDocument: z.unknown() });

/**
 * @throws ApiFault `BucketAlreadyExists`
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html
 */
export function makeBucket({ state }: S3Holder, resource: TemplateResource): Made {
  const { BucketName, VersioningConfiguration } = readProperties(resource, BucketProperties);
  const { account, region, stack, logicalId } = resource;
  const name = BucketName ?? `${stack}-${logicalId}-${++state.lastId}`.toLowerCase();
  if (state.buckets.has(name)) {
    throw new ApiFault('BucketAlreadyExists', `The requested bucket name is not available: ${name}`, 409);
  }
  const versioning = VersioningConfiguration ? { versioning: VersioningConfiguration.Status } : {};
  state.buckets.set(name, { name, account, region, ...versioning, objects: new Map() });
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
    },
  };
}

/**
 * @throws ApiFault `NoSuchBucket`
 * @throws LockstepError `UnsupportedPolicy` for a policy that cannot be evaluated
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html
 */
export function makeBucketPolicy(s3: S3Holder, resource: TemplateResource): Made {
  const { Bucket: name, PolicyDocument } = readProperties(resource, PolicyProperties);
  resourcePolicies(`bucket ${name}`, PolicyDocument);
  bucketNamed(s3, name).policy = PolicyDocument;
  return { ref: name };
}

/**
 * @throws ApiFault `NoSuchBucket`
 */
export function bucketNamed({ state }: S3Holder, name: string): Bucket {
  const bucket = state.buckets.get(name);
  if (bucket) return bucket;
  throw new ApiFault('NoSuchBucket', 'The specified bucket does not exist', 404);
}

/**
 * @throws ApiFault `NoSuchBucket`, `AccessDenied` or `PermanentRedirect`
 */
export function bucketOf(s3: S3Holder, input: Input, { region }: Call): Bucket {
  const bucket = bucketNamed(s3, stringOf(input, 'Bucket'));
  if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== bucket.account) {
    throw new ApiFault('AccessDenied', 'Access Denied', 403);
  }
  if (bucket.region === region) return bucket;
  const text = `The bucket is in ${bucket.region} and must be addressed there, not in ${region}`;
  throw new ApiFault('PermanentRedirect', text, 301);
}

/**
 * A question about a bucket or one of its objects, with the bucket's policy.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function questionAbout(
  { state }: S3Holder,
  action: string,
  input: Input,
  { key, context = {} }: { readonly key?: string; readonly context?: Readonly<Record<string, string>> },
): Question {
  const name = stringOf(input, 'Bucket');
  const resource = `arn:aws:s3:::${name}${key === undefined ? '' : `/${key}`}`;
  const bucket = state.buckets.get(name);
  if (!bucket) return { action: `s3:${action}`, resource, context };
  const owner = { 'aws:ResourceAccount': bucket.account, 's3:ResourceAccount': bucket.account };
  const policies = resourcePolicies(`bucket ${name}`, bucket.policy);
  return { action: `s3:${action}`, resource, context: { ...context, ...owner }, policies };
}

export const newestOf = ({ objects }: Bucket, key: string): ObjectVersion | undefined =>
  objects.get(key)?.at(-1);

/** The object under a key, unless it was deleted. */
export function currentOf(bucket: Bucket, key: string): StoredObject | undefined {
  const newest = newestOf(bucket, key);
  return newest?.kind === 'object' ? newest : undefined;
}

/** Keys of a bucket in the order in which S3 lists them, that of their UTF-8 bytes. */
export const keysOf = ({ objects }: Bucket): readonly string[] =>
  [...objects.keys()].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
