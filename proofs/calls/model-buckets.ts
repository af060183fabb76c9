import { type DeployManifest, type Fault, LockstepError } from '../../contract';
import type { Artefacts, Resource, Value } from '../artefacts';
import { evaluate, type NamedPolicy, type Statement } from '../iam';
import { bucketPolicy } from './resource-policies';
import type { Checked } from './text';

/**
 * Buckets of models. A release names an object by its version, and any release may be gone back to: therefore
 * nothing in such a bucket may go away, and only the accounts of the workload read it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export function modelBucketFaults({ manifest, resources }: Artefacts): Checked {
  const readers = readersOf(manifest);
  const findings = [...readers].flatMap(([name, accounts]) => {
    const bucket = resources.find(
      ({ type, properties }) => type === 'AWS::S3::Bucket' && properties.BucketName === name,
    );
    // A bucket that no template makes is found among the names.
    return bucket ? [...keepingFaults(bucket), ...accessFaults(name, accounts, bucket, resources)] : [];
  });
  return { checked: readers.size, findings };
}

/** Accounts that may read from each bucket: those of the targets of its workloads. */
function readersOf({ workloads, targets }: DeployManifest): ReadonlyMap<string, ReadonlySet<string>> {
  const readers = new Map<string, Set<string>>();
  for (const { id, models } of workloads) {
    if (!models) continue;
    const accounts = targets.filter(({ workload }) => workload === id).map(({ account }) => account);
    readers.set(models.bucket, new Set([...(readers.get(models.bucket) ?? []), ...accounts]));
  }
  return readers;
}

const PUBLIC = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
/** What a rule may do away with: uploads that never ended, and markers of objects that are gone. */
const HARMLESS_RULES = [
  'Id',
  'Status',
  'Prefix',
  'Filter',
  'TagFilters',
  'AbortIncompleteMultipartUpload',
  'ExpiredObjectDeleteMarker',
];

/** Ways in which a model could be gone, or out of reach, when a release names it. */
function keepingFaults({ path, properties, removal }: Resource): readonly Fault[] {
  const status = record(properties.VersioningConfiguration).Status;
  const access = record(properties.PublicAccessBlockConfiguration);
  const open = PUBLIC.filter((name) => access[name] !== true);
  const rules = list(record(properties.LifecycleConfiguration).Rules).map(record);
  const expiring = rules
    .filter((rule) => rule.Status !== 'Disabled')
    .flatMap((rule) => Object.keys(rule).filter((name) => !HARMLESS_RULES.includes(name)));
  const algorithms = list(record(properties.BucketEncryption).ServerSideEncryptionConfiguration)
    .map((one) => record(record(one).ServerSideEncryptionByDefault).SSEAlgorithm)
    .filter((algorithm) => algorithm !== 'AES256');
  const wrong: readonly (readonly [value: string, allowed: string])[] = [
    ...(status === 'Enabled'
      ? []
      : [
          [
            `versioning ${String(status ?? 'off')}`,
            'Enabled: a release names the version of its model',
          ] as const,
        ]),
    ...(open.length === 0
      ? []
      : [[`${open.join(', ')} switched off`, `${PUBLIC.join(', ')}: true`] as const]),
    ...expiring.map(
      (name) =>
        [`a lifecycle rule with ${name}`, 'rules by which no model goes away or has to be restored'] as const,
    ),
    ...algorithms.map(
      (algorithm) =>
        [
          `encryption by ${String(algorithm)}`,
          'AES256: nobody who reads the models is granted a key',
        ] as const,
    ),
    ...[removal.deletion, removal.replacement]
      .filter((policy) => policy !== 'Retain' && policy !== 'RetainExceptOnCreate')
      .slice(0, 1)
      .map(
        (policy) =>
          [`deleted with its stack: ${policy ?? 'Delete'}`, 'Retain, on deletion and replacement'] as const,
      ),
  ];
  return wrong.map(([value, allowed]) => ({
    place: path,
    value,
    allowed,
    change: 'keep every model: an environment may go back to each release',
  }));
}

const READS = ['s3:GetObject', 's3:GetObjectVersion', 's3:ListBucket'];

/** What the policy of the bucket lets in besides the accounts that serve its models, and that it refuses plain HTTP. */
function accessFaults(
  name: string,
  accounts: ReadonlySet<string>,
  bucket: Resource,
  resources: readonly Resource[],
): readonly Fault[] {
  const fault = (place: string, value: string, allowed: string): Fault => ({
    place,
    value,
    allowed,
    change: 'let the accounts of the workload read, over TLS, and nobody else do anything',
  });
  try {
    const found = bucketPolicy(name, resources);
    const place = found?.place ?? bucket.path;
    const { policy } = found ?? {};
    const strangers = (policy?.statements ?? []).flatMap((statement) =>
      strangersIn(statement, accounts).map((value) =>
        fault(`${place}, ${statement.place}`, value, `${READS.join(', ')} for ${[...accounts].join(', ')}`),
      ),
    );
    return [
      ...strangers,
      ...(policy && refusesPlain(policy, name, bucket.account)
        ? []
        : [fault(place, 'plain HTTP', 'a Deny of every action where aws:SecureTransport is false')]),
    ];
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return error.faults.map((one) => ({ ...one, place: `${bucket.path}, ${one.place}` }));
  }
}

function strangersIn(
  { effect, principal, action }: Statement,
  accounts: ReadonlySet<string>,
): readonly string[] {
  if (effect !== 'Allow') return [];
  const { aws = [], services = [], federated = [], canonicalUsers = [] } = principal ?? {};
  const foreign = aws.filter(
    (one) => !accounts.has(/^(?:arn:[a-z-]+:iam::)?(\d{12})(?::|$)/.exec(one)?.[1] ?? ''),
  );
  return [
    ...[...foreign, ...services, ...federated, ...canonicalUsers].map((one) => `${one} is let in`),
    ...(action.negated ? ['NotAction'] : action.patterns.filter((one) => !READS.includes(one))),
  ];
}

/** Whether the policy denies a call without TLS to somebody of the bucket's own account, whatever else allows it. */
const refusesPlain = (policy: NamedPolicy<'resource'>, name: string, account: string): boolean =>
  [
    ['s3:GetObject', `arn:aws:s3:::${name}/model.tar.gz`],
    ['s3:PutObject', `arn:aws:s3:::${name}/model.tar.gz`],
    ['s3:ListBucket', `arn:aws:s3:::${name}`],
  ].every(([action = '', resource = '']) => {
    const request = {
      principal: `arn:aws:iam::${account}:role/somebody`,
      action,
      resource,
      context: { 'aws:SecureTransport': 'false', 'aws:ResourceAccount': account },
    };
    return evaluate({ identity: [], resource: [policy] }, request).effect === 'explicitlyDenied';
  });

const record = (value: Value | undefined): { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Value })
    : {};

const list = (value: Value | undefined): readonly Value[] =>
  value === undefined ? [] : Array.isArray(value) ? (value as readonly Value[]) : [value];
