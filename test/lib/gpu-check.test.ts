import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { capacityProviderName, parseGpuCheckSpec } from '../../constructs/gpu-check';
import { GPU_INSTANCE_TYPES, tasksPerInstance } from '../../constructs/gpu-cluster';
import { HOST_IMAGES, INSTANCE_PRICES } from '../../constructs/gpu-compatibility';
import { definePlatform } from '../../lib';
import { buildPlatform } from '../../lib/build-platform';
import { fileFaults, type GpuCheckProps, type GpuService, type RepositoryFiles } from '../../lib/platform';
import { isCron } from '../../lib/platform/cron';
import platform from '../fixtures/sample-platform';
import {
  endpoint,
  endpointIn,
  environmentOf,
  faultsOf,
  platformProps,
  type Props,
  service,
} from './platform-props';

type Check = GpuCheckProps<string>;

const withCheck = (check: Partial<Check> = {}, environments?: Props['environments']) =>
  platformProps({
    ...(environments && { environments }),
    workloads: [service({ gpuCheck: { environment: 'staging', ...check } })],
  });
const checkOf = (props: Props) => (definePlatform(props).workloads[0] as GpuService).gpuCheck;
const faults = (props: Props) =>
  faultsOf(props).faults.map(({ place, value }) => `${place.replace('workloads[0].', '')}: ${value}`);

describe('A10 the GPU check in the platform file', () => {
  test('A10 gets every default: reviewed versions, weekly, one type', () => {
    expect(checkOf(withCheck())).toMatchObject({
      environment: 'staging',
      source: 'services/kvs-infer/gpu-check',
      instanceTypes: ['g4dn.xlarge'],
      schedule: '17 4 * * 1',
      taskTimeoutMinutes: 30,
      names: { cluster: 'ml-kvs-infer-gpu-check', checkRole: 'ml-kvs-infer-gpu-check' },
    });
    expect(checkOf(platformProps())).toBeUndefined();
  });

  test('A10 all its faults are told at once', () => {
    const found = faults(
      withCheck({
        environment: 'moon',
        instanceTypes: ['g4dn.xlarge', 'g5.xlarge', 'g4dn.xlarge'],
        cuda: ['12.1'],
        driver: ['0535.54.03'],
        pytorch: ['2.04.0'],
        schedule: 'weekly',
        taskTimeout: Duration.minutes(326),
      }),
    );
    expect(found).toEqual([
      'gpuCheck.cuda[0]: "12.1"',
      'gpuCheck.driver[0]: "0535.54.03"',
      'gpuCheck.pytorch[0]: "2.04.0"',
      'gpuCheck.schedule: "weekly"',
      'gpuCheck.environment: "moon"',
      'gpuCheck.instanceTypes[1]: "g5.xlarge"',
      'gpuCheck.instanceTypes[2]: "g4dn.xlarge", which workloads[0].gpuCheck.instanceTypes[0] uses already',
      'gpuCheck.taskTimeout: 326 minutes',
    ]);
  });

  test.each<[string, Partial<Props['environments'][number]>, RegExp]>([
    ['people', { reviewers: ['octocat'] }, /"staging", which waits for people or for its timer/],
    ['a timer', { waitTimer: Duration.minutes(1) }, /"staging", which waits for people or for its timer/],
    [
      'another branch',
      { deployFrom: { branches: ['release'], tags: ['v*'] } },
      /checks from branch "main", which staging does not let in/,
    ],
  ])('A10 an environment that waits for %s is refused: a weekly run would hang', (_, changes, message) => {
    const [staging, production] = platformProps().environments;
    const error = faultsOf(withCheck({}, [{ ...staging!, ...changes }, production!]));
    const told = error.faults.filter(({ place }) => place === 'workloads[0].gpuCheck.environment');
    expect(told).toHaveLength(1);
    expect(told[0]?.value).toMatch(message);
  });

  test('A10 versions of which nothing is left are refused, with the reason', () => {
    expect(faults(withCheck({ cuda: ['12.2.0'], pytorch: ['2.4.0'], driver: ['535.54.03'] }))).toEqual([
      'gpuCheck: no combination that is supported: PyTorch 2.4 has no build for CUDA 12.2; it has builds for 11.8, 12.1, 12.4',
    ]);
  });

  test('A10 more combinations than GitHub runs are refused', () => {
    const driver = Array.from({ length: 257 }, (_, patch) => `580.159.${patch}`);
    expect(faults(withCheck({ cuda: ['12.1.1'], pytorch: ['2.4.0'], driver }))).toEqual([
      'gpuCheck: 257 supported combinations',
    ]);
  });

  test('zones of an environment must lie in the region of a check that runs there', () => {
    const [staging, production] = platformProps().environments;
    const dev = {
      name: 'dev',
      account: '333333333333',
      network: { availabilityZones: ['eu-west-1a', 'eu-west-1b'] },
    };
    const found = faults(withCheck({ environment: 'dev' }, [dev, staging!, production!]));
    expect(found).toEqual([
      'environments[0].network.availabilityZones[0]: "eu-west-1a"',
      'environments[0].network.availabilityZones[1]: "eu-west-1b"',
    ]);
  });

  test.each<[string, Partial<Props>, RegExp]>([
    [
      'stack',
      {
        environments: ['staging', 'gpu-check'].map((name, index) => ({
          name,
          account: `${index}`.repeat(12),
        })),
        workloads: [
          service({
            gpuCheck: { environment: 'staging' },
            environments: [environmentOf(), environmentOf({ name: 'gpu-check' })],
          }),
        ],
      },
      /would be named "ml-kvs-infer-gpu-check" like the GPU check of kvs-infer/,
    ],
    [
      'image repository',
      {
        imagesIn: 'staging',
        workloads: [
          service({ gpuCheck: { environment: 'staging' } }),
          service({ id: 'kvs-infer-gpu-check' }),
        ],
      },
      /image repository "ml\/kvs-infer-gpu-check", which workloads\[0\]\.gpuCheck\.names\.repository uses/,
    ],
    [
      'role',
      {
        workloads: [
          service({
            gpuCheck: { environment: 'staging', names: { checkRole: 'ml-kvs-infer-staging-task' } },
          }),
        ],
      },
      /role "ml-kvs-infer-staging-task", which .* uses already/,
    ],
    [
      'workflow file',
      {
        environments: [{ name: 'gpu-compatibility', account: '111111111111' }],
        workloads: [
          endpoint({ id: 'a', environments: [endpointIn({ name: 'gpu-compatibility' })] }),
          service({
            id: 'a-cd',
            gpuCheck: { environment: 'gpu-compatibility' },
            environments: [environmentOf({ name: 'gpu-compatibility' })],
          }),
        ],
      },
      /whose workflow a-cd-gpu-compatibility\.yml is also one of a/,
    ],
  ])('a %s whose name is taken is refused', (_, changes, message) => {
    expect(faultsOf(platformProps(changes)).message).toMatch(message);
  });

  test('A10 a folder without Dockerfile is told', () => {
    const files: RepositoryFiles = {
      hasFolder: () => true,
      hasFile: (path) => path !== 'checks/gpu/Dockerfile',
      read: () => '',
    };
    const told = fileFaults(definePlatform(withCheck({ source: 'checks/gpu' })), files);
    expect(told.map(({ place, value, allowed }) => [place, value, allowed])).toEqual([
      ['workloads[0].gpuCheck.source', '"checks/gpu/Dockerfile", which is not there', 'a file in checks/gpu'],
    ]);
    expect(fileFaults(definePlatform(withCheck()), files)).toEqual([]);
  });
});

describe('the time of a schedule', () => {
  test.each(['17 4 * * 1', '*/15 0-6 1,15 JAN-MAR mon', '0 0 31 12 6', '5/10 * * * SUN'])(
    'may be %j',
    (text) => {
      expect(isCron(text)).toBe(true);
    },
  );

  test.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 7',
    '*/0 * * * *',
    '*/5/5 * * * *',
    '30-10 * * * *',
    '1-2-3 * * * *',
    '1, * * * *',
    '-1 * * * *',
    '@weekly',
    '17  4 * * 1',
    '17 4 * * 1\n',
    '1e1 * * * *',
    '* * * MON *',
  ])('is not %j', (text) => {
    expect(isCron(text)).toBe(false);
  });
});

describe('A10 where combinations are tried', () => {
  const { app, manifest } = buildPlatform(platform);
  const template = Template.fromStack(app.node.findChild('ml-platform-kvs-infer-gpu-check') as Stack);
  const [entry, ...others] = manifest.gpuChecks;
  const spec = parseGpuCheckSpec(entry?.spec, 'gpuChecks.0');

  test('A10 the manifest tells the matrix less the exclusions, and who runs it', () => {
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      id: 'kvs-infer-gpu-check',
      environment: 'staging',
      role: 'kvs-infer-gpu-check',
      schedule: '17 4 * * 1',
      instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge', 'g4dn.12xlarge'],
      maxParallel: 1,
      image: { dockerfile: 'services/kvs-infer/gpu-check/Dockerfile', platform: 'linux/amd64' },
    });
    expect(entry?.matrix.exclude.map(({ because: _, ...versions }) => versions)).toEqual([
      { cuda: '12.2.0' },
      { cuda: '12.1.1', pytorch: '2.9.0' },
      { cuda: '12.6.3', pytorch: '2.3.1' },
      { cuda: '12.6.3', pytorch: '2.4.0' },
    ]);
    expect(HOST_IMAGES.map(({ name }) => name)).toContain(spec.hostImage);
  });

  test('A10 each type has a capacity provider of its own, which keeps no instance', () => {
    template.resourceCountIs('AWS::ECS::Service', 0);
    template.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 3);
    template.allResourcesProperties('AWS::AutoScaling::AutoScalingGroup', { MinSize: '0', MaxSize: '1' });
    for (const { name } of spec.capacityProviders)
      template.hasResourceProperties('AWS::ECS::CapacityProvider', { Name: name });
    expect(spec.capacityProviders.map(({ instanceType }) => instanceType)).toEqual(entry?.instanceTypes);
    // ECS refuses these names.
    for (const { name } of spec.capacityProviders) expect(name).not.toMatch(/^(aws|ecs|fargate)|\./);
    expect(capacityProviderName({ capacityProviderPrefix: 'x' }, 'g4dn.xlarge')).toBe('x-g4dn-xlarge');
  });

  test('A10 the task takes one GPU, has no network and may do nothing', () => {
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Family: spec.taskDefinitionFamily,
      NetworkMode: 'none',
      ContainerDefinitions: [
        Match.objectLike({
          Name: spec.container,
          ResourceRequirements: [{ Type: 'GPU', Value: '1' }],
          Cpu: spec.task.cpu,
          Memory: spec.task.memoryMib,
        }),
      ],
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'ml-platform-kvs-infer-gpu-check-task',
      Policies: Match.absent(),
      ManagedPolicyArns: Match.absent(),
    });
    const attached = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }: { Properties?: { Roles: readonly unknown[] } }) => Properties?.Roles ?? [],
    );
    expect(JSON.stringify(attached)).not.toContain('TaskRole');
  });

  test('it fits on every type that may be chosen', () => {
    for (const { type } of INSTANCE_PRICES) {
      const instance = GPU_INSTANCE_TYPES[type];
      expect(instance && tasksPerInstance(instance, spec.task).tasks).toBeGreaterThanOrEqual(1);
    }
  });

  test('A10 images never change under their tags, and go after two weeks', () => {
    template.hasResourceProperties('AWS::ECR::Repository', {
      RepositoryName: 'ml-platform/kvs-infer-gpu-check',
      ImageTagMutability: 'IMMUTABLE',
      LifecyclePolicy: { LifecyclePolicyText: Match.serializedJson(Match.objectLike({ rules: [EXPIRY] })) },
    });
  });

  test('A10 its role is for jobs of its workflow file in its environment, on the default branch alone', () => {
    const role = manifest.roles.find(({ purpose }) => purpose === 'check');
    expect(role).toMatchObject({ id: entry?.role, environment: 'staging', maxSessionMinutes: 120 });
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: role?.name,
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: {
              StringEquals: Match.objectLike({
                'token.actions.githubusercontent.com:sub': [
                  'repo:octo-org/ml-platform:environment:staging',
                  'repo:octo-org@123456/ml-platform@456789:environment:staging',
                ],
                'token.actions.githubusercontent.com:job_workflow_ref': [
                  'octo-org/ml-platform/.github/workflows/kvs-infer-gpu-compatibility.yml@refs/heads/main',
                ],
              }),
            },
          }),
        ],
      },
    });
  });
});

const EXPIRY = Match.objectLike({
  selection: { tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 14, countUnit: 'days' },
  action: { type: 'expire' },
});
