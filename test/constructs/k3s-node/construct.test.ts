import { App, Duration, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import fc from 'fast-check';
import { type K3sAppProps, renderK3sApp } from '../../../constructs/k3s-app';
import {
  FITTING_INSTANCE_TYPES,
  K3S_INSTANCE_TYPES,
  K3S_OWN_MEMORY_MIB,
  k3sFits,
  K3sNode,
  type K3sNodeProps,
  memoryBudget,
  parseK3sNodeSpec,
} from '../../../constructs/k3s-node';
import { documentContent } from '../../../constructs/k3s-node/node-document';
import { readScript } from '../../../constructs/k3s-node/read-script';
import { Network } from '../../../constructs/network';
import { LockstepError } from '../../../contract';
import { withSecurityChecks } from '../../../lib/security-checks';

const ENV = { account: '222222222222', region: 'us-east-1' };
const ZONES = ['us-east-1a', 'us-east-1b'];

const shop: K3sAppProps = {
  workload: 'shop',
  namespace: 'shop',
  source: 'platform.config.ts',
  strategy: 'rolling',
  services: [
    {
      name: 'api',
      image: '111111111111.dkr.ecr.us-east-1.amazonaws.com/p/shop-api',
      port: 8080,
      replicas: 2,
      cpu: { requestMillis: 50 },
      memory: { requestMib: 64, limitMib: 128 },
      probes: { liveness: '/healthz', readiness: '/readyz' },
      route: { host: 'api.example.com' },
    },
  ],
  redis: { memory: { requestMib: 96, limitMib: 128 }, storageGib: 1 },
};

const names: K3sNodeProps['names'] = {
  namespace: 'shop',
  nodeTag: 'p-shop-staging',
  document: 'p-shop-staging',
  bucket: 'p-shop-staging-runs-222222222222',
  logGroup: '/p/staging/shop',
  releasedRelease: '/p/staging/shop/released-release',
};

class ZonedStack extends Stack {
  override get availabilityZones(): string[] {
    return ZONES;
  }
}

function build(app: App, changes: Partial<K3sNodeProps> = {}) {
  const stack = new ZonedStack(app, 'Test', { env: ENV });
  const { vpc, accessLogs } = new Network(stack, 'Network', {
    cidr: '10.0.0.0/16',
    availabilityZones: ZONES,
  });
  const node = new K3sNode(stack, 'Node', {
    ...ENV,
    names,
    vpc,
    accessLogs,
    availabilityZone: 'us-east-1a',
    instanceType: 't3.small',
    k3s: { version: 'v1.35.8+k3s1' },
    repositoryArns: ['arn:aws:ecr:us-east-1:111111111111:repository/p/shop-api'],
    app: renderK3sApp(shop),
    manifests: 'k8s/shop/staging',
    strategy: { kind: 'rolling' },
    deployTimeout: Duration.minutes(15),
    logRetention: RetentionDays.ONE_MONTH,
    ...changes,
  });
  return { stack, node };
}

function synthesize(changes: Partial<K3sNodeProps> = {}) {
  const { stack, node } = build(new App(), changes);
  return { node, template: Template.fromStack(stack) };
}

const only = (template: Template, type: string) => {
  const found = Object.values(template.findResources(type));
  expect(found).toHaveLength(1);
  return found[0]!;
};

const faultsOf = (changes: Partial<K3sNodeProps>): readonly string[] => {
  try {
    synthesize(changes);
  } catch (error) {
    if (LockstepError.is(error)) return error.faults.map(({ place, value }) => `${place}: ${value}`);
    throw error;
  }
  return [];
};

describe('the template of a node', () => {
  const { node, template } = synthesize();

  test('E08 no inbound rule by default, and only Traefik from the ranges that are named', () => {
    const group = 'AWS::EC2::SecurityGroup';
    const rules = (of: Template) =>
      Object.values(of.findResources(group)).flatMap(
        ({ Properties }) => Properties.SecurityGroupIngress ?? [],
      );
    expect(rules(template)).toEqual([]);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    expect(rules(synthesize({ inboundCidrs: ['10.0.0.0/16'] }).template)).toEqual([
      expect.objectContaining({ CidrIp: '10.0.0.0/16', FromPort: 80, ToPort: 80, IpProtocol: 'tcp' }),
    ]);
  });

  test('E08 the role of the node is out of reach of pods, and no image of Amazon replaces the node', () => {
    template.hasResourceProperties('AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: {
        ImageId: 'resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64',
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      },
    });
    const { Properties } = only(template, 'AWS::EC2::Instance');
    expect(Properties).not.toHaveProperty('ImageId');
    expect(Properties).toMatchObject({
      InstanceType: 't3.small',
      SubnetId: { Ref: expect.stringContaining('PrivateSubnet1') },
      Tags: expect.arrayContaining([{ Key: 'lockstep:target', Value: 'p-shop-staging' }]),
      BlockDeviceMappings: [{ Ebs: { Encrypted: true } }],
      LaunchTemplate: { LaunchTemplateId: { Ref: expect.any(String) } },
    });
    expect(JSON.stringify(template.toJSON().Parameters ?? {})).not.toContain('/aws/service/ami');
  });

  test('E08 K3s is pinned in the text that runs at each start, and stays below the limit of user data', () => {
    const parts = only(template, 'AWS::EC2::Instance').Properties.UserData['Fn::Base64']['Fn::Join'][1];
    const text = parts
      .map((part: unknown) => (typeof part === 'string' ? part : 'vol-0123456789abcdef0'))
      .join('');
    expect(text).toContain('[scripts-user, always]');
    expect(text).toContain("readonly K3S_VERSION='v1.35.8+k3s1'");
    expect(text).toContain("readonly REGISTRIES='111111111111.dkr.ecr.us-east-1.amazonaws.com'");
    expect(parts).toContainEqual({ Ref: expect.stringContaining('DataVolume') });
    expect(Buffer.byteLength(text)).toBeLessThan(16 * 1024);
  });

  test('E08 the data volume outlives node and stack, and is copied each night', () => {
    template.hasResource('AWS::EC2::Volume', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { Encrypted: true, Size: 20, AvailabilityZone: 'us-east-1a' },
    });
    const tag = { Key: 'lockstep:snapshots-of', Value: 'p-shop-staging' };
    expect(only(template, 'AWS::EC2::Volume').Properties.Tags).toContainEqual(tag);
    template.hasResourceProperties('AWS::DLM::LifecyclePolicy', {
      State: 'ENABLED',
      PolicyDetails: {
        TargetTags: [tag],
        Schedules: [{ CreateRule: { Interval: 24 }, RetainRule: { Count: 7 } }],
      },
    });
    const larger = synthesize({ dataVolume: Size.gibibytes(50), keepSnapshots: 3 }).template;
    larger.hasResourceProperties('AWS::EC2::Volume', { Size: 50 });
    expect(JSON.stringify(only(larger, 'AWS::DLM::LifecyclePolicy'))).toContain('"Count":3');
  });

  test('E08 hardware that fails is left, and a node that does not answer is started anew', () => {
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => [
      Properties.MetricName,
      Properties.EvaluationPeriods,
      /:ec2:(\w+)"/.exec(JSON.stringify(Properties.AlarmActions))?.[1],
    ]);
    expect(alarms).toEqual([
      ['StatusCheckFailed_System', 2, 'recover'],
      ['StatusCheckFailed_Instance', 5, 'reboot'],
    ]);
  });

  test('E08 the bucket is private, encrypted, TLS only and logged; runs last a day, backups as long as is said', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      Properties: {
        BucketName: names.bucket,
        BucketEncryption: Match.anyValue(),
        LoggingConfiguration: Match.objectLike({ LogFilePrefix: `s3/${names.bucket}/` }),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        LifecycleConfiguration: {
          Rules: [
            { Id: 'runs', Prefix: 'runs/', ExpirationInDays: 1, Status: 'Enabled' },
            { Id: 'backups', Prefix: 'backups/', ExpirationInDays: 30, Status: 'Enabled' },
            {
              Id: 'unfinished',
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
              Status: 'Enabled',
            },
          ],
        },
      },
    });
    expect(JSON.stringify(template.findResources('AWS::S3::BucketPolicy'))).toContain(
      '{"Bool":{"aws:SecureTransport":"false"}}',
    );
  });

  test('E08 the document takes an action and words of a fixed form, never as part of its script', () => {
    const { Name, Content, UpdateMethod, DocumentType } = only(template, 'AWS::SSM::Document').Properties;
    expect({ Name, UpdateMethod, DocumentType }).toEqual({
      Name: names.document,
      UpdateMethod: 'NewVersion',
      DocumentType: 'Command',
    });
    const parameters: Record<string, { type: string; interpolationType: string }> = Content.parameters;
    expect(Object.keys(parameters)).toEqual(['Action', 'Run', 'Release', 'Weight', 'DeadlineSeconds']);
    for (const parameter of Object.values(parameters)) {
      expect(parameter).toMatchObject({ type: 'String', interpolationType: 'ENV_VAR' });
      expect('allowedPattern' in parameter || 'allowedValues' in parameter).toBe(true);
    }
    const patternOf = (name: string) => new RegExp(Content.parameters[name].allowedPattern);
    const hostile = ['', 'a b', '$(id)', '`id`', "'", '"', ';', '../x', 'a\nb', 'A', 'ä', '{{x}}'];
    for (const value of hostile) expect(patternOf('Run').test(value)).toBe(false);
    for (const value of hostile.slice(1)) expect(patternOf('Release').test(value)).toBe(false);
    for (const value of [...hostile, '101', '-1', '1.5', '007'])
      expect(patternOf('Weight').test(value)).toBe(false);
    for (const value of [...hostile, '0', '100000'])
      expect(patternOf('DeadlineSeconds').test(value)).toBe(false);
    expect(patternOf('Run').test('r-0123456789ab-lx2k1-deploy')).toBe(true);
    expect(patternOf('Release').test('') && patternOf('Release').test('r-0123456789ab')).toBe(true);
    expect(['0', '7', '42', '100'].every((value) => patternOf('Weight').test(value))).toBe(true);
    const [step] = Content.mainSteps;
    expect(step.inputs.timeoutSeconds).toBe('960');
    expect(step.inputs.runCommand.slice(0, 4)).toEqual([
      '#!/usr/bin/env bash',
      `readonly LOCKSTEP_BUCKET='${names.bucket}'`,
      "readonly LOCKSTEP_NAMESPACE='shop'",
      "readonly LOCKSTEP_REGION='us-east-1'",
    ]);
    expect(JSON.stringify(Content)).not.toContain('{{');
  });

  test('E08 the node pulls the images of the workload, reads and writes runs, and adds backups', () => {
    const role = Object.values(template.findResources('AWS::IAM::Role')).find(({ Properties }) =>
      JSON.stringify(Properties.AssumeRolePolicyDocument).includes('ec2.amazonaws.com'),
    )!;
    // No job names it.
    expect(role.Properties.RoleName).toBeUndefined();
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    const { Statement } = role.Properties.Policies[0].PolicyDocument;
    const of = (service: string) =>
      Statement.filter(({ Action }: { Action: string | string[] }) =>
        [Action].flat().some((a) => a.startsWith(service)),
      );
    const bucket = `arn:aws:s3:::${names.bucket}`;
    expect(of('s3:')).toEqual([
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: `${bucket}/runs/*` },
      {
        Effect: 'Allow',
        Action: ['s3:PutObject', 's3:AbortMultipartUpload'],
        Resource: `${bucket}/backups/*`,
      },
      {
        Effect: 'Allow',
        Action: 's3:ListBucket',
        Resource: bucket,
        Condition: { StringLike: { 's3:prefix': 'runs/*' } },
      },
    ]);
    expect(of('ecr:Batch')).toEqual([
      expect.objectContaining({ Resource: 'arn:aws:ecr:us-east-1:111111111111:repository/p/shop-api' }),
    ]);
    expect(of('ssm:')[0].Action).toContain('ssm:UpdateInstanceInformation');
    expect(JSON.stringify(Statement)).not.toMatch(/SendCommand|GetParameter|PutInventory|ec2:/);
    const withoutEcr = JSON.stringify(
      synthesize({ repositoryArns: [] }).template.findResources('AWS::IAM::Role'),
    );
    expect(withoutEcr).not.toContain('ecr:');
  });

  test('the spec is what the deployer parses, and no value of it is a token', () => {
    expect(parseK3sNodeSpec(node.spec, 'target')).toEqual(node.spec);
    expect(node.spec).toMatchObject({ deadlineSeconds: 900, deployments: ['api'], statefulSets: ['redis'] });
    expect(node.spec.files[0]).toBe('10-base/namespace.yaml');
    expect(JSON.stringify([node.spec, node.calls()])).not.toContain('${Token');
  });

  test('the security checks have nothing against it, and something against a port that is open to all', () => {
    const check = (spoil: (stack: Stack) => void) => {
      const app = withSecurityChecks(new App());
      const { stack } = build(app, { inboundCidrs: ['10.0.0.0/16'] });
      spoil(stack);
      app.synth();
    };
    expect(() => check(() => undefined)).not.toThrow();
    const open = { ipProtocol: 'tcp', fromPort: 6443, toPort: 6443, cidrIp: '0.0.0.0/0' };
    expect(() =>
      check(
        (stack) =>
          new CfnSecurityGroup(stack, 'Open', { groupDescription: 'Open', securityGroupIngress: [open] }),
      ),
    ).toThrow(/AwsSolutions-EC23/);
  });
});

describe('what is refused at synth', () => {
  test('E08 an instance that is too small, with the arithmetic', () => {
    expect(faultsOf({ instanceType: 't3.micro' })).toEqual([
      'Test/Node.instanceType: t3.micro has 1024 MiB, K3s needs 2048 MiB: 1024 MiB are missing',
    ]);
    expect(faultsOf({ instanceType: 't4g.small' })).toEqual([
      'Test/Node.instanceType: t4g.small is not a type whose memory is known here',
    ]);
    expect(k3sFits('t3.small')).toEqual({ fits: true });
    expect(FITTING_INSTANCE_TYPES).not.toContain('t3.micro');
  });

  test('E08 a version or checksum that is none, both at once', () => {
    const k3s = { version: 'latest', sha256: 'abc' };
    expect(faultsOf({ k3s })).toEqual(['Test/Node.k3s.version: latest', 'Test/Node.k3s.sha256: abc']);
    expect(faultsOf({ k3s: { version: 'v1.36.4+k3s1', sha256: 'a'.repeat(64) } })).toEqual([]);
  });

  test('a script that Systems Manager would change, or that is too long', () => {
    expect(() => documentContent('echo {{ Run }}', 60)).toThrow('{{');
    expect(() => documentContent(`${'x'.repeat(100)}\n`.repeat(700), 60)).toThrow('bytes');
  });

  test('a constant that ends its own quotes', () => {
    expect(() => readScript('node.sh', { LOCKSTEP_BUCKET: "a'; reboot; '" })).toThrow('LOCKSTEP_BUCKET');
  });
});

describe('the memory budget', () => {
  const withServices = (
    services: Partial<K3sAppProps['services'][number]>[],
    strategy: K3sAppProps['strategy'],
  ) => ({
    ...shop,
    strategy,
    services: services.map((service) => ({ ...shop.services[0]!, ...service })),
  });

  test('E10 counts K3s itself, and what runs while a deployment replaces pods', () => {
    const budget = memoryBudget('t3.small', shop);
    expect(K3S_OWN_MEMORY_MIB).toBe(1_523);
    expect(budget).toEqual({
      fits: true,
      pods: [
        { name: 'api', pods: 3, requestMib: 64, because: '2 replicas, and 1 more while they are replaced' },
        { name: 'redis', pods: 1, requestMib: 96, because: '1 replica' },
      ],
      explanation:
        't3.small has 2048 MiB, K3s itself needs 1523 MiB, 525 MiB are left; pods request 288 MiB during a deployment: ' +
        'api 3 × 64 MiB (2 replicas, and 1 more while they are replaced), redis 1 × 96 MiB (1 replica)',
    });
  });

  test('E10 two tracks need twice the memory; an autoscaler counts with its maximum', () => {
    const podsOf = (app: K3sAppProps) => memoryBudget('t3.small', app).pods[0]?.pods;
    expect(podsOf(withServices([{ replicas: 2 }], 'canary'))).toBe(4);
    expect(podsOf(withServices([{ replicas: 2, route: undefined }], 'canary'))).toBe(3);
    expect(podsOf(withServices([{ autoscaler: { min: 1, max: 5, cpuPercent: 70 } }], 'rolling'))).toBe(6);
  });

  test('E10 says how much is missing, and which type would do', () => {
    const memory = { requestMib: 512, limitMib: 512 };
    expect(memoryBudget('t3.small', withServices([{ memory, replicas: 1 }], 'rolling'))).toMatchObject({
      fits: false,
      missingMib: 2 * 512 + 96 - 525,
      fitsOn: 't3.medium',
    });
    const huge = { requestMib: 100_000, limitMib: 100_000 };
    expect(memoryBudget('t3.small', withServices([{ memory: huge }], 'rolling'))).not.toHaveProperty(
      'fitsOn',
    );
  });

  test('E10 the verdict is the arithmetic, and more memory never makes it worse', () => {
    const services = fc.array(
      fc.record({
        name: fc.constantFrom('a', 'b', 'c'),
        replicas: fc.integer({ min: 1, max: 6 }),
        memory: fc.integer({ min: 1, max: 2_048 }).map((mib) => ({ requestMib: mib, limitMib: mib })),
      }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(
        services,
        fc.constantFrom<K3sAppProps['strategy']>('rolling', 'blueGreen', 'canary'),
        fc.constantFrom(...FITTING_INSTANCE_TYPES),
        (drawn, strategy, type) => {
          const app = withServices(drawn, strategy);
          const budget = memoryBudget(type, app);
          const requested = budget.pods.reduce((sum, { pods, requestMib }) => sum + pods * requestMib, 0);
          const steady = drawn.reduce((sum, { replicas, memory }) => sum + replicas * memory.requestMib, 96);
          const free = K3S_INSTANCE_TYPES[type]!.memoryMib - K3S_OWN_MEMORY_MIB;
          expect(requested).toBeGreaterThan(steady);
          expect(budget.fits).toBe(requested <= free);
          if (budget.fits) return;
          expect(budget.missingMib).toBe(requested - free);
          if (budget.fitsOn !== undefined) expect(memoryBudget(budget.fitsOn, app).fits).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });
});
