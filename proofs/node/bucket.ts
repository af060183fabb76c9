import { type Fault, LockstepError } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import { bucketPolicy } from '../calls/resource-policies';
import { evaluate, type NamedPolicy } from '../iam';
import type { ProofResult } from '../proof';
import { list, record } from './document';
import { type Wrong, wrongAt } from './place';
import { nodesOf, type NodeTarget } from './spec';

const PUBLIC = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
/** Where a run has its objects, and where backups lie. */
const RUNS = 'runs/';
const BACKUPS = 'backups/';
/** Days after which nobody follows a run any more. */
const LONGEST_RUN_DAYS = 7;

/** The bucket of each node; one that no template makes is found among the names. */
const bucketsOf = ({
  manifest,
  resources,
}: Artefacts): readonly (NodeTarget & { readonly bucket: Resource })[] =>
  nodesOf(manifest).flatMap((node) =>
    resources
      .filter(
        ({ type, properties }) => type === 'AWS::S3::Bucket' && properties.BucketName === node.spec.bucket,
      )
      .map((bucket) => ({ ...node, bucket })),
  );

/**
 * Nobody reads what passes between pipeline and node: encrypted, over TLS alone, never public, and for nobody whom the
 * bucket lets in by itself.
 */
export function nodeBucketStrangers(artefacts: Artefacts): ProofResult {
  const buckets = bucketsOf(artefacts);
  return {
    checked: buckets.length * 4,
    findings: buckets.flatMap(({ spec, bucket }) => [
      ...shutFaults(bucket),
      ...policyFaults(spec.bucket, bucket, artefacts.resources),
    ]),
  };
}

function shutFaults({ path, properties }: Resource): readonly Fault[] {
  const access = record(properties.PublicAccessBlockConfiguration);
  const open = PUBLIC.filter((name) => access[name] !== true);
  const rules = list(record(properties.BucketEncryption).ServerSideEncryptionConfiguration);
  return wrongAt(path, 'shut the bucket', [
    ...(open.length === 0
      ? []
      : [[`${open.join(', ')} switched off`, `${PUBLIC.join(', ')}: true`] as const]),
    ...(rules.length > 0 ? [] : [['no encryption of its own', 'BucketEncryption'] as const]),
  ]);
}

function policyFaults(name: string, bucket: Resource, resources: readonly Resource[]): readonly Fault[] {
  try {
    const { policy, place = bucket.path } = bucketPolicy(name, resources) ?? {};
    const lets = (policy?.statements ?? []).filter(({ effect }) => effect === 'Allow');
    return wrongAt(place, 'refuse plain HTTP, and let nobody in by the policy of the bucket', [
      ...lets.map((statement): Wrong => [
        `an Allow at ${statement.place}`,
        'roles that name the bucket themselves',
      ]),
      ...(policy && refusesPlain(policy, name, bucket.account)
        ? []
        : [['plain HTTP', 'a Deny of every action where aws:SecureTransport is false'] as const]),
    ]);
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return error.faults.map((one) => ({ ...one, place: `${bucket.path}, ${one.place}` }));
  }
}

const refusesPlain = (policy: NamedPolicy<'resource'>, name: string, account: string): boolean =>
  ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].every((action) => {
    const request = {
      principal: `arn:aws:iam::${account}:role/somebody`,
      action,
      resource: `arn:aws:s3:::${name}/${RUNS}1/log.txt`,
      context: { 'aws:SecureTransport': 'false', 'aws:ResourceAccount': account },
    };
    return evaluate({ identity: [], resource: [policy] }, request).effect === 'explicitlyDenied';
  });

/**
 * What a run left behind goes away by itself, and a backup does not before it is of no use.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function nodeBucketKeeping(artefacts: Artefacts): ProofResult {
  const buckets = bucketsOf(artefacts);
  return {
    checked: buckets.length * 3,
    findings: buckets.flatMap(({ bucket }) =>
      wrongAt(bucket.path, 'let runs expire soon, and backups late', lifecycleFaults(bucket)),
    ),
  };
}

function lifecycleFaults({ properties }: Resource): readonly Wrong[] {
  const rules = list(record(properties.LifecycleConfiguration).Rules)
    .map(record)
    .filter(({ Status }) => Status === 'Enabled')
    .map((rule) => ({ ...rule, prefix: String(rule.Prefix ?? record(rule.Filter).Prefix ?? '') }));
  const daysOf = (name: string): readonly number[] =>
    rules
      .filter((rule) => name.startsWith(rule.prefix))
      .flatMap((rule) => ('ExpirationInDays' in rule ? [Number(rule.ExpirationInDays)] : []));
  const ofRuns = Math.min(...daysOf(RUNS));
  const ofBackups = Math.min(...daysOf(BACKUPS));
  return [
    ...(ofRuns <= LONGEST_RUN_DAYS
      ? []
      : [[`${RUNS} kept ${said(ofRuns)}`, `at most ${LONGEST_RUN_DAYS} days`] as const]),
    ...(ofBackups > ofRuns
      ? []
      : [[`${BACKUPS} kept ${said(ofBackups)}`, `longer than the ${said(ofRuns)} of ${RUNS}`] as const]),
    ...(rules.some((rule) => 'AbortIncompleteMultipartUpload' in rule)
      ? []
      : [['uploads that never ended, kept for ever', 'AbortIncompleteMultipartUpload'] as const]),
  ];
}

const said = (days: number): string => (Number.isFinite(days) ? `${days} days` : 'for ever');
