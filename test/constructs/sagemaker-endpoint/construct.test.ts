import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import {
  ModelBucket,
  parseSagemakerEndpointSpec,
  SagemakerEndpoint,
  type SagemakerEndpointProps,
  type UpdatePolicy,
} from '../../../constructs/sagemaker-endpoint';
import { containerOf, versionName } from '../../../constructs/sagemaker-endpoint/runtime/version';
import { causeOf } from '../../../constructs/sagemaker-endpoint/runtime/causes';
import { settingsOf } from '../../../constructs/sagemaker-endpoint/spec';
import { LockstepError, ModelArtifact } from '../../../contract';
import { withSecurityChecks } from '../../../lib/security-checks';
import { image, MODEL, specOf } from './world';

const ENV = { account: '222222222222', region: 'us-east-1' };
const { verification, update } = specOf();

const propsOf = (changes: Partial<SagemakerEndpointProps> = {}): SagemakerEndpointProps => ({
  ...ENV,
  names: {
    endpoint: 'bikeshare-production',
    namePrefix: 'bikeshare-production',
    executionRole: 'bikeshare-production-execution',
    ...specOf().parameters,
  },
  repositoryArn: 'arn:aws:ecr:us-east-1:111111111111:repository/ml/bikeshare',
  modelBucket: 'ml-bikeshare-models',
  instanceType: 'ml.m5.large',
  instances: { initial: 2, min: 2, max: 4 },
  update,
  deployTimeout: Duration.minutes(45),
  verification,
  ...changes,
});

function synthesize(changes: Partial<SagemakerEndpointProps> = {}) {
  const stack = new Stack(new App(), 'Test', { env: ENV });
  const endpoint = new SagemakerEndpoint(stack, 'Endpoint', propsOf(changes));
  return { endpoint, template: Template.fromStack(stack) };
}

/** `place: allowed` of each fault. */
function faultsOf(act: () => unknown): readonly string[] {
  try {
    act();
  } catch (error) {
    if (LockstepError.is(error)) return error.faults.map(({ place, allowed }) => `${place}: ${allowed}`);
    throw error;
  }
  return [];
}

describe('the template of an endpoint', () => {
  test('B07 makes role, alarms and settings, and neither endpoint nor model', () => {
    const { endpoint, template } = synthesize();
    expect(endpoint.spec).toEqual(specOf({ keepConfigs: 5 }));
    template.resourceCountIs('AWS::SageMaker::Endpoint', 0);
    template.resourceCountIs('AWS::SageMaker::Model', 0);
    template.hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/ml/production/bikeshare/declared-settings',
      Value: JSON.stringify(settingsOf(specOf())),
    });
  });

  test('B07 the execution role is trusted for this account alone and gets at named things only', () => {
    const { template } = synthesize({
      dataCapture: { bucketUri: 's3://ml-bikeshare-capture/production', percentage: 10 },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'bikeshare-production-execution',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } },
            Principal: { Service: 'sagemaker.amazonaws.com' },
          }),
        ],
      },
    });
    const [role] = Object.values(template.findResources('AWS::IAM::Role')) as {
      Properties: {
        Policies: {
          PolicyDocument: {
            Statement: { Action: string | string[]; Resource: unknown; Condition?: object }[];
          };
        }[];
      };
    }[];
    const statements =
      role?.Properties.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement) ?? [];
    const onEverything = statements.filter(({ Resource }) => Resource === '*');
    expect(onEverything.map(({ Action, Condition }) => [Action, Condition])).toEqual([
      ['ecr:GetAuthorizationToken', undefined],
      ['cloudwatch:PutMetricData', { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/Endpoints' } }],
    ]);
    expect(statements.flatMap(({ Action }) => Action)).toContain('cloudwatch:DescribeAlarms');
    expect(JSON.stringify(statements)).toContain('ml-bikeshare-capture/production/*');
    expect(JSON.stringify(statements)).not.toMatch(/sagemaker:|iam:|ssm:/);
  });

  test('B07 the alarms watch 5xx and the latency of the model, in its unit', () => {
    const { template } = synthesize({ modelLatency: Duration.millis(250) });
    const dimensions = [
      { Name: 'EndpointName', Value: 'bikeshare-production' },
      { Name: 'VariantName', Value: 'AllTraffic' },
    ];
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'bikeshare-production-server-errors',
      MetricName: 'Invocation5XXErrors',
      Dimensions: dimensions,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'bikeshare-production-model-latency',
      MetricName: 'ModelLatency',
      ExtendedStatistic: 'p99',
      Threshold: 250_000,
      TreatMissingData: 'notBreaching',
    });
  });

  test('B07 autoscaling comes once something was released', () => {
    const { template } = synthesize();
    const conditions = template.findConditions('*');
    const [id] = Object.keys(conditions).filter((name) => name.startsWith('EndpointScalingReleased'));
    expect(conditions[id ?? '']).toEqual({
      'Fn::Not': [{ 'Fn::Equals': [{ Ref: expect.stringContaining('ReleasedConfig') as unknown }, 'none'] }],
    });
    for (const type of ['ScalableTarget', 'ScalingPolicy']) {
      template.hasResource(`AWS::ApplicationAutoScaling::${type}`, {
        Condition: id,
        Properties: {
          ResourceId: 'endpoint/bikeshare-production/variant/AllTraffic',
          ScalableDimension: 'sagemaker:variant:DesiredInstanceCount',
        },
      });
    }
  });

  test('B07 the model bucket is versioned, encrypted, private, TLS only, logged, and kept', () => {
    const stack = new Stack(new App(), 'Models', { env: ENV });
    new ModelBucket(stack, 'Models', {
      bucketName: 'ml-bikeshare-models',
      accessLogs: new Bucket(stack, 'Logs'),
      readAccounts: ['333333333333'],
    });
    const template = Template.fromStack(stack);
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: 'ml-bikeshare-models',
        VersioningConfiguration: { Status: 'Enabled' },
        BucketEncryption: Match.anyValue(),
        LoggingConfiguration: Match.objectLike({ LogFilePrefix: 's3/ml-bikeshare-models/' }),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
    const policies = JSON.stringify(template.findResources('AWS::S3::BucketPolicy'));
    expect(policies).toContain('{"Bool":{"aws:SecureTransport":"false"}}');
    expect(policies).toContain(':iam::333333333333:root');
    // Another account reads and lists; it writes and deletes nothing.
    const actions = [...policies.matchAll(/"(s3:[A-Za-z]+)"/g)].map(([, action]) => action);
    expect([...new Set(actions)].sort()).toEqual(['s3:GetObject', 's3:ListBucket']);
  });

  test('B07 the security checks have nothing against it, and something against a bucket without any care', () => {
    const dataCapture = { bucketUri: 's3://ml-bikeshare-capture/production', percentage: 10 };
    expect(() =>
      check((stack) => new SagemakerEndpoint(stack, 'Endpoint', propsOf({ dataCapture }))),
    ).not.toThrow();
    expect(() => check((stack) => new CfnBucket(stack, 'Bucket'))).toThrow(/AwsSolutions-S1/);
  });
});

/** @throws Error with the rules that the stack breaks */
function check(build: (stack: Stack) => unknown): void {
  const app = withSecurityChecks(new App());
  build(new Stack(app, 'Checked', { env: ENV }));
  app.synth();
}

describe('limits of the API, at synth', () => {
  const limited = (changes: object): Partial<SagemakerEndpointProps> => ({
    update: { ...update, ...changes } as UpdatePolicy,
  });
  const linear = {
    strategy: 'Linear',
    waitSeconds: 60,
    terminationWaitSeconds: 0,
    maximumExecutionSeconds: 1800,
  };
  const rolling = {
    strategy: 'Rolling',
    waitSeconds: 60,
    maximumExecutionSeconds: 1800,
    rollbackBatchPercent: 100,
  };
  const as = (policy: object): Partial<SagemakerEndpointProps> => ({ update: policy as UpdatePolicy });

  test.each<[string, Partial<SagemakerEndpointProps>, string]>([
    ['a canary of more than half', limited({ canaryPercent: 51 }), 'update.canaryPercent: at most 50'],
    ['a linear step below 10 %', as({ ...linear, stepPercent: 9 }), 'update.stepPercent: at least 10'],
    ['a linear step above 50 %', as({ ...linear, stepPercent: 51 }), 'update.stepPercent: at most 50'],
    ['a rolling batch below 5 %', as({ ...rolling, batchPercent: 4 }), 'update.batchPercent: at least 5'],
    ['a rolling batch above 50 %', as({ ...rolling, batchPercent: 51 }), 'update.batchPercent: at most 50'],
    ['a wait of more than an hour', limited({ waitSeconds: 3601 }), 'update.waitSeconds: at most 3600'],
    ['a negative wait', limited({ waitSeconds: -1 }), 'update.waitSeconds: at least 0'],
    [
      'a termination wait of more than an hour',
      limited({ terminationWaitSeconds: 3601 }),
      'update.terminationWaitSeconds: at most 3600',
    ],
    [
      'less than ten minutes for all',
      limited({ maximumExecutionSeconds: 599 }),
      'update.maximumExecutionSeconds: at least 600',
    ],
    [
      'more than eight hours for all',
      limited({ maximumExecutionSeconds: 28_801 }),
      'update.maximumExecutionSeconds: at most 28800',
    ],
    [
      'less time than the waits need',
      limited({ waitSeconds: 900 }),
      'update.maximumExecutionSeconds: more than 1810 seconds, the waits of the update (2 of 900 each, and 10 for the old fleet)',
    ],
    [
      'a linear update with less time than its waits',
      as({ ...linear, stepPercent: 10, waitSeconds: 180 }),
      'update.maximumExecutionSeconds: more than 1800 seconds, the waits of the update (',
    ],
    [
      'a rolling update with less time than its waits',
      as({ ...rolling, batchPercent: 5, waitSeconds: 90 }),
      'update.maximumExecutionSeconds: more than 1800 seconds, the waits of the update (',
    ],
    [
      'a deadline before that of SageMaker',
      { deployTimeout: Duration.minutes(30) },
      'deployTimeoutMinutes: more than 30 minutes, after which SageMaker itself gives up',
    ],
    [
      'more than ten alarms',
      { alarms: Array.from({ length: 9 }, (_, index) => `alarm-${index}`) },
      'alarms: at most 10',
    ],
    [
      'a part of one instance',
      { instances: { initial: 1, min: 1, max: 2 } },
      'instanceCount: at least 2: Canary moves a part of the instances at a time',
    ],
    [
      'fewer instances than the update can move in parts',
      { instances: { initial: 2, min: 1, max: 2 } },
      'instances: whole numbers, 2 ≤ min ≤ initial ≤ max',
    ],
    [
      'an initial model in another bucket, which the role of the endpoint cannot read',
      { initialModel: 's3://other/model.tar.gz' },
      'initialModel: s3://ml-bikeshare-models/<key>.tar.gz',
    ],
    [
      'an initial model that is no archive',
      { initialModel: 's3://ml-bikeshare-models/model.pkl' },
      'initialModel: s3://ml-bikeshare-models/<key>.tar.gz',
    ],
    ['no way back', { keepConfigs: 1 }, 'keepConfigs: at least 2'],
    [
      'a payload outside of the repository',
      { verification: { ...verification, payload: '../secret.json' } },
      'verification.payload: ',
    ],
  ])('%s is refused', (_case, changes, expected) => {
    expect(faultsOf(() => synthesize(changes))).toContainEqual(
      expect.stringContaining(`Test/Endpoint.${expected}`) as unknown,
    );
  });

  test('all faults come together, each with its value', () => {
    const act = () => synthesize({ ...limited({ canaryPercent: 60, waitSeconds: -1 }), keepConfigs: 0 });
    expect(faultsOf(act)).toHaveLength(3);
    expect(act).toThrow(/update\.canaryPercent: got 60; allowed: at most 50/);
  });

  test('the bounds themselves are accepted', () => {
    for (const policy of [
      {
        ...update,
        canaryPercent: 50,
        waitSeconds: 0,
        terminationWaitSeconds: 0,
        maximumExecutionSeconds: 600,
      },
      { ...linear, stepPercent: 10 },
      { ...linear, stepPercent: 50 },
      { ...rolling, batchPercent: 5 },
      { ...rolling, batchPercent: 50 },
    ])
      expect(faultsOf(() => synthesize(as(policy)))).toEqual([]);
    expect(
      synthesize({ initialModel: 's3://ml-bikeshare-models/1/model.tar.gz' }).endpoint.spec.initialModel,
    ).toBe('s3://ml-bikeshare-models/1/model.tar.gz');
    expect(
      faultsOf(() =>
        synthesize({
          update: {
            strategy: 'AllAtOnce',
            waitSeconds: 60,
            terminationWaitSeconds: 0,
            maximumExecutionSeconds: 600,
          },
          instances: { initial: 1, min: 1, max: 1 },
        }),
      ),
    ).toEqual([]);
  });
});

describe('the spec', () => {
  test('is read back as it was written', () => {
    const spec: unknown = JSON.parse(JSON.stringify(specOf()));
    expect(parseSagemakerEndpointSpec(spec, 'target')).toEqual(specOf());
  });

  test.each([
    ['nothing at all', undefined, 'target spec: an object, in braces'],
    ['an unknown field', { ...specOf(), surplus: 1 }, 'target spec: no field surplus'],
    ['a missing field', { ...specOf(), modelBucket: undefined }, 'target spec.modelBucket: a string'],
    ['another variant', { ...specOf(), variant: 'Blue' }, 'target spec.variant: "AllTraffic"'],
    ['a name that is too long', { ...specOf(), namePrefix: 'a'.repeat(51) }, 'target spec.namePrefix: '],
    ['an instance type of EC2', { ...specOf(), instanceType: 'm5.large' }, 'target spec.instanceType: '],
    ['an unknown strategy', { ...specOf(), update: { strategy: 'Magic' } }, 'target spec.update.strategy: '],
  ])('%s is refused', (_case, value, expected) => {
    expect(faultsOf(() => parseSagemakerEndpointSpec(value, 'target'))).toContainEqual(
      expect.stringContaining(expected) as unknown,
    );
  });
});

describe('versions and models', () => {
  const model = ModelArtifact.parse(`${MODEL}?versionId=v1`);
  const settings = settingsOf(specOf());
  const name = versionName(specOf(), image('1').toString(), model, settings);

  test('the same content has the same name, whatever the order of its keys', () => {
    const turned = Object.fromEntries(Object.entries(settings).reverse()) as typeof settings;
    expect(versionName(specOf(), image('1').toString(), model, turned)).toBe(name);
    expect(name).toMatch(/^bikeshare-production-[0-9a-f]{12}$/);
  });

  test.each([
    ['image', () => versionName(specOf(), image('2').toString(), model, settings)],
    ['model version', () => versionName(specOf(), image('1').toString(), model.at('v2'), settings)],
    [
      'instance type',
      () => versionName(specOf(), image('1').toString(), model, { ...settings, instanceType: 'ml.c5.large' }),
    ],
    [
      'instances',
      () => versionName(specOf(), image('1').toString(), model, { ...settings, instanceCount: 3 }),
    ],
    [
      'role',
      () =>
        versionName(specOf(), image('1').toString(), model, { ...settings, executionRoleArn: 'arn:other' }),
    ],
    [
      'data capture',
      () =>
        versionName(specOf(), image('1').toString(), model, {
          ...settings,
          dataCapture: { bucketUri: 's3://b/p', percentage: 1 },
        }),
    ],
  ])('another %s has another name', (_what, named) => {
    expect(named()).not.toBe(name);
  });

  test('the container is told its model with version, SageMaker the address without', () => {
    expect(containerOf('image', model)).toEqual({
      Image: 'image',
      ModelDataUrl: MODEL,
      Environment: { LOCKSTEP_MODEL: `${MODEL}?versionId=v1` },
    });
  });

  test('B08 a model artifact is an archive in S3, with a version or without', () => {
    expect(ModelArtifact.parse(MODEL).toString()).toBe(MODEL);
    expect(ModelArtifact.parse(`${MODEL}?versionId=a.B_c-1`)).toMatchObject({
      bucket: 'ml-bikeshare-models',
      key: 'models/1/model.tar.gz',
      version: 'a.B_c-1',
    });
  });

  test.each([
    '',
    'model.tar.gz',
    'https://ml-bikeshare-models.s3.amazonaws.com/model.tar.gz',
    's3://ml-bikeshare-models/model.zip',
    's3://ml-bikeshare-models/',
    's3://ml-bikeshare-models/a model.tar.gz',
    's3://ml-bikeshare-models/model.tar.gz ',
    's3://ML/model.tar.gz',
    `${MODEL}?versionId=`,
    `${MODEL}?versionId=a&x=b`,
  ])('B08 %j is no model artifact', (text) => {
    expect(() => ModelArtifact.parse(text)).toThrow(/InvalidModelArtifact: --model/);
  });

  test.each([
    [
      'The primary container for production variant AllTraffic did not pass the ping health check.',
      /GET \/ping/,
    ],
    [
      "CannotStartContainerError. Please ensure the container starts with 'docker run <image> serve'",
      /right after its start/,
    ],
    [
      'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error.',
      /no free instances/,
    ],
    ['ResourceLimitExceeded: the account-level service limit is 2 Instances', /may not have so many/],
    [
      'Failed to download model data for container "container_1" from URL: "s3://b/k.tar.gz".',
      /could not read the model/,
    ],
    ['Requested image 1.dkr.ecr.us-east-1.amazonaws.com/a@sha256:0 not found.', /could not pull the image/],
    ['Deployment was rolled back: alarm a is in ALARM.', /an alarm went off/],
    ['Something new.', /^Something new\.$/],
  ])('%j is explained', (reason, expected) => {
    expect(causeOf(reason).cause).toMatch(expected);
  });
});
