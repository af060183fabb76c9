import { Duration, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { definePlatform } from '../../lib';
import { buildPlatform } from '../../lib/build-platform';
import { missingFiles, type SagemakerEndpointWorkload, type UpdateProps } from '../../lib/platform';
import {
  endpoint,
  type Endpoint,
  type EndpointEnvironment,
  endpointIn,
  environmentOf,
  faultsOf,
  platformProps,
  service,
} from './platform-props';
import sample from '../fixtures/sample-platform';

const platformOf = (changes: Partial<Endpoint>) => platformProps({ workloads: [endpoint(changes)] });
const inStaging = (changes: Partial<EndpointEnvironment>): Partial<Endpoint> => ({
  environments: [endpointIn(changes)],
});
const updated = (update: UpdateProps, changes: Partial<EndpointEnvironment> = {}): Partial<Endpoint> =>
  inStaging({ update, ...changes });
const resolved = (changes: Partial<Endpoint> = {}) =>
  definePlatform(platformOf(changes)).workloads[0] as SagemakerEndpointWorkload;

describe('an endpoint in a good platform file', () => {
  test('B07 gets every default', () => {
    expect(resolved()).toMatchObject({
      region: 'us-east-1',
      delivery: 'byPromotion',
      releaseTags: [],
      models: { bucket: 'ml-bikeshare-models-222222222222' },
      image: { platform: 'linux/amd64', dockerfile: 'Dockerfile' },
      verification: { contentType: 'application/json', accept: 'application/json', calls: 5 },
      rollout: { timeoutMinutes: 45 },
      keepVersions: 5,
      environments: [
        {
          names: {
            endpoint: 'ml-bikeshare-staging',
            namePrefix: 'ml-bikeshare-staging',
            inspectRole: 'ml-bikeshare-staging-inspect',
            releasedModel: '/ml/staging/bikeshare/released-model',
          },
          instances: { initial: 2, min: 2, max: 4 },
          update: {
            strategy: 'Canary',
            canaryPercent: 50,
            waitSeconds: 300,
            terminationWaitSeconds: 0,
            maximumExecutionSeconds: 1800,
          },
          invocationsPerInstance: 1000,
          alarms: [],
        },
      ],
    });
  });

  test.each<[UpdateProps, number, object]>([
    [{ strategy: 'allAtOnce' }, 1, { strategy: 'AllAtOnce', waitSeconds: 300 }],
    [{ strategy: 'canary' }, 5, { strategy: 'Canary', canaryPercent: 20 }],
    [{ strategy: 'linear' }, 2, { strategy: 'Linear', stepPercent: 50, terminationWaitSeconds: 0 }],
    [{ strategy: 'rolling' }, 2, { strategy: 'Rolling', batchPercent: 50, rollbackBatchPercent: 100 }],
  ])(
    'B07 the update %j with %d instances has the defaults that its props document',
    (update, min, policy) => {
      const [environment] = resolved(updated(update, { instances: { min, max: 10 } })).environments;
      expect(environment?.update).toMatchObject(policy);
    },
  );

  test('B01 checks have defaults, and files from the root in the manifest', () => {
    const props = platformOf({
      tests: { python: '3.11', checks: { securityBaseline: 'bandit.json' } },
    });
    const { workloads } = buildPlatform(definePlatform(props)).manifest;
    expect(workloads[0]?.quality).toEqual({
      language: 'python',
      version: '3.11',
      directory: 'services/bikeshare',
      requirements: ['services/bikeshare/requirements-dev.txt'],
      checks: {
        coverage: 80,
        audited: ['services/bikeshare/requirements.txt'],
        exceptedVulnerabilities: [],
        securityBaseline: 'bandit.json',
      },
    });
  });

  test('names each file that is not there, with the field that names it', () => {
    const platform = definePlatform(
      platformOf({ tests: { python: '3.11', checks: { securityBaseline: 'bandit.json' } } }),
    );
    const faults = missingFiles(platform, (path) => path === 'services/bikeshare');
    expect(faults.map(({ place, value }) => `${place} ${value}`)).toEqual([
      'workloads[0].image.dockerfile "services/bikeshare/Dockerfile", which is not there',
      'workloads[0].tests.requirements "services/bikeshare/requirements-dev.txt", which is not there',
      'workloads[0].tests.checks.audit "services/bikeshare/requirements.txt", which is not there',
      'workloads[0].tests.checks.securityBaseline "services/bikeshare/bandit.json", which is not there',
      'workloads[0].verification.payload "services/bikeshare/payload.json", which is not there',
      'workloads[0].verification.schema "services/bikeshare/answer.schema.json", which is not there',
    ]);
    expect(missingFiles(platform, () => true)).toEqual([]);
  });
});

const environment = 'workloads[0].environments[0]';

describe('an endpoint with faults', () => {
  test.each<[string, Partial<Endpoint>, string, RegExp]>([
    [
      'a canary of more than half',
      updated({ strategy: 'canary', canaryPercent: 51 }),
      `${environment}.update.canaryPercent`,
      /got 51; allowed: at most 50/,
    ],
    [
      'a linear step below 10 %',
      updated({ strategy: 'linear', stepPercent: 9 }),
      `${environment}.update.stepPercent`,
      /got 9; allowed: at least 10/,
    ],
    [
      'a rolling batch above 50 %',
      updated({ strategy: 'rolling', batchPercent: 60 }),
      `${environment}.update.batchPercent`,
      /got 60; allowed: at most 50/,
    ],
    [
      'a part of a per cent',
      updated({ strategy: 'rolling', batchPercent: 12.5 }),
      `${environment}.update.batchPercent`,
      /got 12\.5; allowed: a whole number/,
    ],
    [
      'a wait of more than an hour',
      updated({ strategy: 'allAtOnce', wait: Duration.hours(2) }),
      `${environment}.update.wait`,
      /got 7200 seconds; allowed: at most 3600 seconds/,
    ],
    [
      'less time than the waits need',
      updated({ strategy: 'canary', wait: Duration.minutes(20) }),
      `${environment}.update.maximumExecution`,
      /got 1800 seconds; allowed: more than 2400, the waits of the update/,
    ],
    [
      'a rolling update that would keep an old fleet',
      updated({ strategy: 'rolling', terminationWait: Duration.minutes(1) } as UpdateProps),
      `${environment}.update`,
      /unknown field terminationWait/,
    ],
    [
      'an unknown strategy',
      updated({ strategy: 'blueGreen' } as unknown as UpdateProps),
      `${environment}.update.strategy`,
      /'allAtOnce', 'canary', 'linear' or 'rolling'/,
    ],
    [
      'a deadline before that of SageMaker',
      { rollout: { timeout: Duration.minutes(30) } },
      'workloads[0].rollout.timeout',
      /got 30 minutes; allowed: more than 30, after which SageMaker itself gives up/,
    ],
    [
      'a deadline whose rollback does not fit into a job',
      { rollout: { timeout: Duration.minutes(171) } },
      'workloads[0].rollout.timeout',
      /whole minutes from 5 to 170/,
    ],
    [
      'fewer instances than a canary can move in parts',
      inStaging({ instances: { min: 1, max: 2 } }),
      `${environment}.instances`,
      /got min 1, initial 1, max 2; allowed: whole numbers, 2 ≤ min ≤ initial ≤ max/,
    ],
    [
      'more instances than the maximum',
      inStaging({ instances: { initial: 5, min: 2, max: 4 } }),
      `${environment}.instances`,
      /initial 5, max 4/,
    ],
    [
      'an instance type of EC2',
      inStaging({ instanceType: 'm5.large' }),
      `${environment}.instanceType`,
      /an instance type of SageMaker/,
    ],
    [
      'instances without guardrails',
      inStaging({ instanceType: 'ml.inf1.xlarge' }),
      `${environment}.instanceType`,
      /Inferentia 1/,
    ],
    [
      'data capture without prefix',
      inStaging({ dataCapture: { bucketUri: 's3://bucket', percentage: 10 } }),
      `${environment}.dataCapture.bucketUri`,
      /a bucket and a prefix/,
    ],
    [
      'data capture of more than everything',
      inStaging({ dataCapture: { bucketUri: 's3://bucket/capture', percentage: 101 } }),
      `${environment}.dataCapture.percentage`,
      /got 101; allowed: at most 100/,
    ],
    [
      'more alarms than SageMaker takes',
      inStaging({ alarms: Array.from({ length: 9 }, (_, index) => `alarm-${index}`) }),
      `${environment}.alarms`,
      /at most 8: SageMaker takes ten/,
    ],
    [
      'a single version to go back to',
      { keepVersions: 1 },
      'workloads[0].keepVersions',
      /got 1; allowed: at least 2/,
    ],
    [
      'a latency budget of more than a minute',
      {
        verification: { payload: 'payload.json', schema: 'x.json', latencyBudget: Duration.minutes(2) },
      },
      'workloads[0].verification.latencyBudget',
      /got 120000 milliseconds; allowed: at most 60000 milliseconds/,
    ],
    [
      'a payload out of the source folder',
      {
        verification: { payload: '../key', schema: 'x.json', latencyBudget: Duration.seconds(1) },
      },
      'workloads[0].verification.payload',
      /`\.\.`/,
    ],
    [
      'a bucket name with dots, whose TLS certificate does not fit',
      { model: { bucket: 'a.b' } },
      'workloads[0].model.bucket',
      /3 to 63 lower-case letters, digits and hyphens/,
    ],
    [
      'an audit of a file that is not named',
      { tests: { python: '3.11', checks: { audit: [] } } },
      'workloads[0].tests.checks.audit',
      /./,
    ],
    [
      'a coverage beyond everything',
      { tests: { python: '3.11', checks: { coverage: 101 } } },
      'workloads[0].tests.checks.coverage',
      /at most 100/,
    ],
    [
      'an exception that is no id, but an option',
      { tests: { python: '3.11', checks: { exceptedVulnerabilities: ['--help'] } } },
      'workloads[0].tests.checks.exceptedVulnerabilities[0]',
      /GHSA-xxxx/,
    ],
    [
      'release tags, which a delivery by promotion does not have',
      { releaseTags: ['v*'] } as Partial<Endpoint>,
      'workloads[0]',
      /unknown field releaseTags/,
    ],
  ])('B07 fails for %s', (_, changes, place, message) => {
    const error = faultsOf(platformOf(changes));
    expect(error.faults[0]?.place).toBe(place);
    expect(error.message).toMatch(message);
  });

  test.each<[string, Partial<Endpoint>, string, RegExp]>([
    [
      'an image for ARM',
      { image: { platform: 'linux/arm64' as 'linux/amd64' } },
      'workloads[0].image.platform',
      /got "linux\/arm64"; allowed: linux\/amd64: the instances have x86 processors/,
    ],
    [
      'instances with ARM processors',
      inStaging({ instanceType: 'ml.c7g.large' }),
      `${environment}.instanceType`,
      /Graviton processors, which do not run an image for linux\/amd64/,
    ],
    [
      'an initial model that is no archive',
      { model: { initial: 'bikeshare/model.pkl' } },
      'workloads[0].model.initial',
      /ends with \.tar\.gz/,
    ],
    [
      'an initial model with a bucket, which is the model bucket already',
      { model: { initial: 's3://bucket/model.tar.gz' } },
      'workloads[0].model.initial',
      /a key in the model bucket/,
    ],
  ])('B08 fails for %s', (_, changes, place, message) => {
    const error = faultsOf(platformOf(changes));
    expect(error.faults.map((fault) => fault.place)).toEqual([place]);
    expect(error.message).toMatch(message);
  });

  test('B08 x86 instances with GPUs are no Graviton', () => {
    for (const instanceType of ['ml.g4dn.xlarge', 'ml.g5.xlarge', 'ml.m5d.large', 'ml.p4d.24xlarge'])
      expect(resolved(inStaging({ instanceType })).environments[0]).toMatchObject({ instanceType });
  });

  test('B07 all faults come together, and those of all environments once', () => {
    const error = faultsOf(
      platformOf({
        keepVersions: 0,
        environments: [
          endpointIn({ update: { strategy: 'canary', canaryPercent: 60 } }),
          endpointIn({ name: 'production', instances: { min: 3, max: 2 } }),
        ],
      }),
    );
    expect(error.faults.map(({ place }) => place)).toEqual([
      `${environment}.update.canaryPercent`,
      'workloads[0].keepVersions',
      'workloads[0].environments[1].instances',
    ]);
  });

  test('B07 names that the rule makes too long for SageMaker and S3 are refused, and can be overridden', () => {
    const long = (changes: Partial<EndpointEnvironment>, bucket?: string) =>
      platformProps({
        name: 'a-platform-of-models',
        environments: [{ name: 'pre-production-west1', account: '111111111111' }],
        workloads: [
          endpoint({
            id: 'quite-a-long-workload-id',
            ...(bucket !== undefined && { model: { bucket } }),
            environments: [endpointIn({ name: 'pre-production-west1', ...changes })],
          }),
        ],
      });
    const roles = { deployRole: 'deploy', rollbackRole: 'rollback', executionRole: 'execution' };
    const { faults } = faultsOf(long({ names: roles }));
    expect(faults.map(({ place, allowed }) => [place, allowed])).toEqual([
      ['workloads[0].model.bucket', 'bucket names of at most 63 characters'],
      ['workloads[0].environments[0].names.endpoint', 'endpoint names of at most 63 characters'],
      ['workloads[0].environments[0].names.namePrefix', 'name prefix names of at most 50 characters'],
    ]);
    const short = long({ names: { ...roles, endpoint: 'short', namePrefix: 'short' } }, 'short-bucket');
    expect(definePlatform(short).workloads).toHaveLength(1);
  });

  test('B07 two workloads in one bucket are refused: what one may deploy would be the model of the other', () => {
    const bucket = { model: { bucket: 'models' } };
    const error = faultsOf(
      platformProps({ workloads: [endpoint(bucket), endpoint({ ...bucket, id: 'other' })] }),
    );
    expect(error.faults.map(({ place, value }) => [place, value])).toEqual([
      [
        'workloads[1].model.bucket',
        'bucket "models", which workloads[0].model.bucket uses already in all accounts',
      ],
    ]);
  });
});

test('B07 zones of the VPC do not bind an endpoint, which has none', () => {
  const [staging, production] = platformProps().environments;
  const network = { availabilityZones: ['us-east-1a', 'us-east-1b'] };
  const environments = [{ ...staging!, network }, production!];
  const far = endpoint({ region: 'ca-central-1' });
  expect(definePlatform(platformProps({ environments, workloads: [service(), far] })).workloads).toHaveLength(
    2,
  );
  const error = faultsOf(
    platformProps({ environments, workloads: [service({ region: 'ca-central-1' }), far] }),
  );
  expect(error.message).toContain('zones of ca-central-1');
  expect(environmentOf().name).toBe('staging');
});

describe('B07 the stacks of an endpoint', () => {
  const account = '222222222222';
  const { app, manifest } = buildPlatform(sample);
  const assembly = app.synth();
  const templateOf = (name: string) =>
    Template.fromStack(app.node.findChild(`ml-platform-bikeshare-${name}`) as Stack);
  const models = templateOf('models');
  const endpointState = templateOf('production-state');
  const production = templateOf('production');

  test('B07 the first `cdk deploy` needs neither model nor image: the pipeline makes the endpoint', () => {
    for (const { template } of assembly.stacks)
      expect(JSON.stringify(template)).not.toMatch(/"Type":"AWS::SageMaker::/);
    for (const name of ['released-config', 'released-image', 'released-model']) {
      endpointState.hasResourceProperties('AWS::SSM::Parameter', {
        Name: `/ml-platform/production/bikeshare/${name}`,
        Value: 'none',
      });
    }
  });

  test('B07 models lie in a bucket that is versioned, encrypted, private and logged', () => {
    models.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: `ml-platform-bikeshare-models-${account}`,
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LoggingConfiguration: Match.objectLike({ DestinationBucketName: { Ref: Match.anyValue() } }),
    });
  });

  test('B07 the model bucket refuses what is not TLS; the other account may read, and only that', () => {
    const policies = Object.values(models.findResources('AWS::S3::BucketPolicy')) as {
      Properties: { PolicyDocument: { Statement: { Effect: string; Action: string; Principal: object }[] } };
    }[];
    const statements = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    for (const bucket of policies) {
      expect(bucket.Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:*',
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    }
    const toAccounts = statements.filter(({ Principal }) => JSON.stringify(Principal).includes(':iam::'));
    expect(toAccounts.map(({ Effect, Action, Principal }) => [Effect, Action, Principal])).toEqual([
      ['Allow', 's3:GetObject', { AWS: 'arn:aws:iam::111111111111:root' }],
      ['Allow', 's3:ListBucket', { AWS: 'arn:aws:iam::111111111111:root' }],
    ]);
  });

  test('B07 staging reads models and images where production keeps them', () => {
    const roles = templateOf('staging').findResources('AWS::IAM::Role', {
      Properties: { RoleName: 'ml-platform-bikeshare-staging-execution' },
    });
    const text = JSON.stringify(roles);
    expect(text).toContain(`arn:aws:s3:::ml-platform-bikeshare-models-${account}/*`);
    expect(text).toContain(`arn:aws:ecr:ca-central-1:${account}:repository/ml-platform/bikeshare`);
  });

  test('B07 alarms watch the endpoint, and autoscaling keeps to its limits', () => {
    for (const [name, metric] of [
      ['server-errors', 'Invocation5XXErrors'],
      ['model-latency', 'ModelLatency'],
    ] as const) {
      production.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `ml-platform-bikeshare-production-${name}`,
        MetricName: metric,
        Dimensions: Match.arrayWith([{ Name: 'EndpointName', Value: 'ml-platform-bikeshare-production' }]),
      });
    }
    production.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ResourceId: 'endpoint/ml-platform-bikeshare-production/variant/AllTraffic',
      MinCapacity: 2,
      MaxCapacity: 4,
    });
  });

  test('B04 the target says what a release is made of, and which files its verbs read', () => {
    const target = manifest.targets.find(({ id }) => id === 'bikeshare-production');
    expect(target).toMatchObject({
      kind: 'sagemaker-endpoint',
      region: 'ca-central-1',
      files: ['services/bikeshare/payload.json', 'services/bikeshare/answer.schema.json'],
      releasedImage: { name: '/ml-platform/production/bikeshare/released-image' },
      spec: {
        modelBucket: `ml-platform-bikeshare-models-${account}`,
        initialModel: `s3://ml-platform-bikeshare-models-${account}/bikeshare/initial/model.tar.gz`,
        update: { strategy: 'Canary', canaryPercent: 50 },
        verification: { payload: 'services/bikeshare/payload.json', latencyBudgetMs: 500 },
      },
    });
  });

  test('B04 the state is there before the stack that reads it', () => {
    const { dependencies } = assembly.getStackByName('ml-platform-bikeshare-production');
    expect(dependencies.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['ml-platform-bikeshare-production-state', 'ml-platform-access-production']),
    );
  });

  test('B05 the manifest delivers by promotion, and keeps the service of kvs-infer as it was', () => {
    expect(
      manifest.workloads.map(({ id, delivery, releaseTags, models: kept }) => [
        id,
        delivery,
        releaseTags,
        kept?.bucket,
      ]),
    ).toEqual([
      ['kvs-infer', 'throughEnvironments', ['v*'], undefined],
      ['bikeshare', 'byPromotion', [], `ml-platform-bikeshare-models-${account}`],
    ]);
  });
});
