import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { definePlatform } from '../../lib';
import { buildPlatform } from '../../lib/build-platform';
import { fileFaults, type RepositoryFiles, type UpdateProps } from '../../lib/platform';
import { describeEndpointFaults } from './endpoint-faults';
import { platformOf, resolved, updated } from './endpoint-platforms';
import { endpoint, environmentOf, faultsOf, platformProps, service } from './platform-props';
import sample from '../fixtures/sample-platform';

/** Files of the source folder that make up a good repository. */
const FILES = {
  Dockerfile: 'FROM scratch',
  'payload.json': '{"inputs":[]}',
  'answer.schema.json': '{"type":"object","required":["predictions"]}',
};
const repositoryOf = (files: Readonly<Record<string, string>>): RepositoryFiles => {
  const texts = new Map(Object.entries(files).map(([path, text]) => [`services/bikeshare/${path}`, text]));
  return {
    hasFolder: (path) => path === 'services/bikeshare',
    hasFile: (path) => texts.has(path),
    read: (path) => texts.get(path) ?? '',
  };
};

describe('an endpoint in a good platform file', () => {
  test('B07 gets every default', () => {
    expect(resolved()).toMatchObject({
      region: 'us-east-1',
      delivery: 'byPromotion',
      releaseTags: [],
      models: { bucket: 'ml-bikeshare-models-222222222222' },
      images: [{ platform: 'linux/amd64', dockerfile: 'Dockerfile' }],
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
    const faults = fileFaults(platform, repositoryOf({}));
    expect(faults.map(({ place, value }) => `${place} ${value}`)).toEqual([
      'workloads[0].image.dockerfile "services/bikeshare/Dockerfile", which is not there',
      'workloads[0].tests.requirements "services/bikeshare/requirements-dev.txt", which is not there',
      'workloads[0].tests.checks.audit "services/bikeshare/requirements.txt", which is not there',
      'workloads[0].tests.checks.securityBaseline "services/bikeshare/bandit.json", which is not there',
      'workloads[0].verification.payload "services/bikeshare/payload.json", which is not there',
      'workloads[0].verification.schema "services/bikeshare/answer.schema.json", which is not there',
    ]);
    expect(fileFaults(platform, { ...repositoryOf({}), hasFolder: () => false })).toMatchObject([
      { place: 'workloads[0].source', value: '"services/bikeshare", which is not there' },
    ]);
  });

  test.each([
    ['payload', 'payload.json', 'JSON, as application/json is'],
    ['schema', 'answer.schema.json', 'a JSON schema'],
  ])('B06 fails for a %s that is no JSON', (field, file, allowed) => {
    const faults = fileFaults(definePlatform(platformOf({})), repositoryOf({ ...FILES, [file]: '{' }));
    expect(faults).toEqual([
      {
        place: `workloads[0].verification.${field}`,
        value: expect.stringContaining(`"services/bikeshare/${file}": `) as unknown,
        allowed,
        change: 'correct the file, or name another one',
      },
    ]);
  });

  test.each<[object | string, RegExp]>([
    [{ requird: ['predictions'] }, /answer\.schema\.json": .*requird/],
    [{ type: 'string', format: 'email' }, /email/],
    [{ $ref: '#/$defs/none' }, /none/],
    ['a string', /object or boolean/],
  ])('B06 fails for the schema %j, of which a part would not be checked', (schema, value) => {
    const files = { ...FILES, 'answer.schema.json': JSON.stringify(schema) };
    expect(fileFaults(definePlatform(platformOf({})), repositoryOf(files))).toEqual([
      {
        place: 'workloads[0].verification.schema',
        value: expect.stringMatching(value) as unknown,
        allowed: expect.stringContaining('every keyword can be checked') as unknown,
        change: expect.stringContaining('other terms') as unknown,
      },
    ]);
  });

  test('B06 a payload of another media type is any text, and a good schema has no fault', () => {
    const text = { ...FILES, 'payload.json': 'a,b' };
    const faultsFor = (contentType: string) => {
      const verification = { ...endpoint().verification, contentType };
      return fileFaults(definePlatform(platformOf({ verification })), repositoryOf(text));
    };
    expect(faultsFor('text/csv')).toEqual([]);
    expect(faultsFor('application/json; charset=utf-8')).toHaveLength(1);
    expect(fileFaults(definePlatform(platformOf({})), repositoryOf(FILES))).toEqual([]);
  });
});

describeEndpointFaults();

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
    const read = ['services/bikeshare/payload.json', 'services/bikeshare/answer.schema.json'];
    expect(target).toMatchObject({
      kind: 'sagemaker-endpoint',
      region: 'ca-central-1',
      files: { deploy: read, rollback: read },
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
      ['production-platform', 'throughEnvironments', [], undefined],
      ['devops-day3-app', 'throughEnvironments', ['v*'], undefined],
    ]);
  });
});
