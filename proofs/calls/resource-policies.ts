import type { Resource } from '../artefacts';
import { type NamedPolicy, parsePolicy } from '../iam';

/** A bucket or a repository with the policy that stands beside or in it. */
export interface PolicyOfResource {
  readonly resource: Resource;
  /** Where the policy stands; the resource itself where it has none. */
  readonly place: string;
  /** @default - nobody of another account may do anything */
  readonly policy?: NamedPolicy<'resource'>;
}

const BUCKET = /^arn:aws[a-z-]*:s3:::([^/*?]+)/;
const REPOSITORY = /^arn:aws[a-z-]*:ecr:([a-z0-9-]+):(\d{12}):repository\/([^*?]+)$/;

/**
 * The policy of what an ARN names, where a template makes it.
 *
 * @throws LockstepError `UnsupportedPolicy` for one that cannot be read
 */
export function policyOfResource(arn: string, resources: readonly Resource[]): PolicyOfResource | undefined {
  const bucket = BUCKET.exec(arn)?.[1];
  if (bucket !== undefined) return bucketPolicy(bucket, resources);
  const [, region, account, name] = REPOSITORY.exec(arn) ?? [];
  const repository = resources.find(
    (one) =>
      one.type === 'AWS::ECR::Repository' &&
      one.properties.RepositoryName === name &&
      one.account === account &&
      one.region === region,
  );
  if (!repository) return undefined;
  const { path, logicalId, properties } = repository;
  return {
    resource: repository,
    place: path,
    ...(properties.RepositoryPolicyText !== undefined && {
      policy: parsePolicy(logicalId, properties.RepositoryPolicyText, 'resource'),
    }),
  };
}

/** @throws LockstepError `UnsupportedPolicy` for a policy that cannot be read */
export function bucketPolicy(name: string, resources: readonly Resource[]): PolicyOfResource | undefined {
  const bucket = resources.find(
    ({ type, properties }) => type === 'AWS::S3::Bucket' && properties.BucketName === name,
  );
  if (!bucket) return undefined;
  const beside = resources.find(
    ({ type, account, properties }) =>
      type === 'AWS::S3::BucketPolicy' && account === bucket.account && properties.Bucket === name,
  );
  if (!beside) return { resource: bucket, place: bucket.path };
  return {
    resource: bucket,
    place: beside.path,
    policy: parsePolicy(beside.logicalId, beside.properties.PolicyDocument, 'resource'),
  };
}
