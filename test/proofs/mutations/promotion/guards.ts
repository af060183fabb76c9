import { findResource, type Mutation, type SampleResource, type Sources } from '../../sample';
import { change, type Json } from '../calls/edit';
import { ENDPOINT_PRODUCTION as PRODUCTION } from '../workflow-names';

const BUCKET = 'ml-platform-bikeshare-models-222222222222';
const ALARMS = /^ml-platform-bikeshare-production\/Endpoint\/Alarms\//;
const MODELS = /^ml-platform-bikeshare-models\/Models\/Bucket/;

const guard = (name: string, place: Mutation['place'], apply: Mutation['apply']): Mutation => ({
  name,
  owner: 'P09',
  place,
  apply,
});

const alarm =
  (name: 'server-errors' | 'model-latency', properties: Json) =>
  (sample: Sources): void => {
    const found = findResource(sample, 'AWS::CloudWatch::Alarm', 'AlarmName', `${PRODUCTION}-${name}`);
    Object.assign(found.Properties, properties);
  };

const bucket = (sample: Sources): SampleResource =>
  findResource(sample, 'AWS::S3::Bucket', 'BucketName', BUCKET);
const keeping = (properties: Json) => (sample: Sources) =>
  Object.assign(bucket(sample).Properties, properties);

/** Rewrites text in the policy of the bucket. */
const inPolicy =
  (from: string, to: string) =>
  (sample: Sources): void => {
    const logical = /"(ModelsBucketPolicy\w+)":/;
    const template = change(sample.templates, ({ stack }) => stack === 'ml-platform-bikeshare-models');
    const { Resources } = template.body as { Resources: Record<string, Json> };
    const id = logical.exec(JSON.stringify(Resources))?.[1] ?? '';
    const text = JSON.stringify(Resources[id]);
    if (!text.includes(from)) throw new Error(`no ${from} in ${text}`);
    Resources[id] = JSON.parse(text.replace(from, to)) as Json;
  };

/** Alarms that could not undo an update, or would undo each. */
const ALARM_MUTATIONS: readonly Mutation[] = [
  guard('an alarm never goes off', ALARMS, alarm('server-errors', { Threshold: 1e9 })),
  guard('an alarm always goes off', ALARMS, alarm('server-errors', { Threshold: 0 })),
  guard(
    'an alarm goes off when all is well',
    ALARMS,
    alarm('server-errors', { ComparisonOperator: 'LessThanThreshold' }),
  ),
  guard(
    'an alarm looks at bad requests',
    ALARMS,
    alarm('server-errors', { MetricName: 'Invocation4XXErrors' }),
  ),
  guard(
    'nobody looks at server errors',
    'ml-platform-bikeshare-production/Endpoint',
    alarm('server-errors', {
      MetricName: 'InvocationModelErrors',
    }),
  ),
  guard(
    'an alarm goes off when nobody calls',
    ALARMS,
    alarm('server-errors', { TreatMissingData: 'breaching' }),
  ),
  guard('an alarm looks once a day', ALARMS, alarm('server-errors', { Period: 86_400 })),
  guard(
    'an alarm goes off when the update is over',
    ALARMS,
    alarm('server-errors', { EvaluationPeriods: 15, DatapointsToAlarm: 15 }),
  ),
  guard('an alarm takes the mean of a count', ALARMS, alarm('server-errors', { Statistic: 'Average' })),
  guard('a threshold in milliseconds', ALARMS, alarm('model-latency', { Threshold: 500 })),
  guard('a threshold of a minute', ALARMS, alarm('model-latency', { Threshold: 60_000_000 })),
  guard('an alarm on milliseconds', ALARMS, alarm('model-latency', { Unit: 'Milliseconds' })),
  guard('an alarm in another namespace', ALARMS, alarm('model-latency', { Namespace: 'AWS/Sagemaker' })),
  guard('an alarm on the fastest answers', ALARMS, alarm('model-latency', { Statistic: 'Minimum' })),
];

/** Buckets and repositories in which a released model or image is gone, or that somebody else writes to. */
const KEEPING_MUTATIONS: readonly Mutation[] = [
  guard('models are overwritten', MODELS, keeping({ VersioningConfiguration: { Status: 'Suspended' } })),
  guard(
    'old versions of models expire',
    MODELS,
    keeping({
      LifecycleConfiguration: {
        Rules: [{ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 1 } }],
      },
    }),
  ),
  guard(
    'models expire',
    MODELS,
    keeping({ LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 30 }] } }),
  ),
  guard('models may be made public', MODELS, (sample) => {
    const { PublicAccessBlockConfiguration: access } = bucket(sample).Properties;
    Object.assign(access as Json, { BlockPublicPolicy: false });
  }),
  guard(
    'models are encrypted with a key that nobody is granted',
    MODELS,
    keeping({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    }),
  ),
  guard('models go with their stack', MODELS, (sample) => {
    Object.assign(bucket(sample), { DeletionPolicy: 'Delete' });
  }),
  guard(
    'another account writes models',
    MODELS,
    inPolicy('"s3:GetObject"', '["s3:GetObject","s3:PutObject"]'),
  ),
  guard(
    'an account that serves nothing reads models',
    MODELS,
    inPolicy('arn:aws:iam::111111111111:root', 'arn:aws:iam::333333333333:root'),
  ),
  guard('everybody reads models', MODELS, inPolicy('{"AWS":"arn:aws:iam::111111111111:root"}', '"*"')),
  guard(
    'models are read without TLS',
    MODELS,
    inPolicy('"aws:SecureTransport":"false"', '"aws:SecureTransport":"true"'),
  ),
  guard('images expire', /^ml-platform-bikeshare-images\//, (sample) => {
    const found = findResource(sample, 'AWS::ECR::Repository', 'RepositoryName', 'ml-platform/bikeshare');
    const selection = { tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 1 };
    const rules = [{ rulePriority: 1, selection, action: { type: 'expire' } }];
    found.Properties.LifecyclePolicy = { LifecyclePolicyText: JSON.stringify({ rules }) };
  }),
];

const target = (sample: Sources) =>
  change(sample.manifest.targets, ({ id }) => id === 'bikeshare-production');

const time = (name: string, field: string, apply: Mutation['apply']): Mutation => ({
  name,
  owner: 'P07',
  place: new RegExp(`targets\\.bikeshare-production .*${field}$`),
  apply,
});

/** Times of an endpoint that contradict each other. */
const TIME_MUTATIONS: readonly Mutation[] = [
  time('the jobs are given less time than the endpoint', 'deployTimeoutMinutes', (sample) => {
    Object.assign(target(sample), { deployTimeoutMinutes: 10 });
  }),
  time('nobody waits for an update that is under way', 'settleMinutes', (sample) => {
    Object.assign(target(sample), { settleMinutes: 0 });
  }),
  time('the command gives up before SageMaker does', 'maximumExecutionSeconds', (sample) => {
    const { update } = target(sample).spec as { update: Json };
    update.maximumExecutionSeconds = 7200;
  }),
];

/** What must bring an endpoint back, and what it must be able to go back to. */
export const GUARD_MUTATIONS: readonly Mutation[] = [
  ...ALARM_MUTATIONS,
  ...KEEPING_MUTATIONS,
  ...TIME_MUTATIONS,
];
