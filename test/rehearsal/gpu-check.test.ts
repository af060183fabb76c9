import {
  DeregisterTaskDefinitionCommand,
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  type ECSClient,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs';
import { GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { definePlatform, gpuService, Size } from '../../lib';
import { driverOf } from '../../rehearsal/aws/ssm/public-parameters';
import { rehearse } from '../../rehearsal/rehearse';
import type { ScenarioReport } from '../../rehearsal/scenarios';
import { build, type SampleResource, type Sources } from '../proofs/sample';
import {
  ACCOUNT,
  type Emulator,
  REGION,
  roleArn,
  startEmulator,
  stopEmulators,
  templateOf,
  TESTER,
} from './contract/emulator';
import { smallRepository } from './stage';

const GPU_IMAGE = 'ami-0ec5a0b1c2d3e4f50';
const REPOSITORY = 'kvs-infer-gpu-check';
const IMAGE = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/${REPOSITORY}:cuda12.1.1`;
const MINUTE = 60;

const ecsTasks = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ecs-tasks.amazonaws.com' } },
  ],
};

const pulls = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['ecr:*'], Resource: '*' }],
};

/** One instance of a type at most, and none while nobody asks. */
const capacity = (type: string, image: string) => ({
  [`Template${type}`]: {
    Type: 'AWS::EC2::LaunchTemplate',
    Properties: { LaunchTemplateData: { InstanceType: `g4dn.${type}`, ImageId: image } },
  },
  [`Group${type}`]: {
    Type: 'AWS::AutoScaling::AutoScalingGroup',
    Properties: {
      LaunchTemplate: { LaunchTemplateId: { Ref: `Template${type}` }, Version: '1' },
      MinSize: '0',
      MaxSize: '1',
    },
  },
  [`Provider${type}`]: {
    Type: 'AWS::ECS::CapacityProvider',
    Properties: {
      Name: `provider-${type}`,
      AutoScalingGroupProvider: {
        AutoScalingGroupArn: { Ref: `Group${type}` },
        ManagedScaling: { Status: 'ENABLED' },
      },
    },
  },
});

const resourcesWith = (image: string) => ({
  ...TESTER,
  Execution: {
    Type: 'AWS::IAM::Role',
    Properties: {
      RoleName: 'execution',
      AssumeRolePolicyDocument: ecsTasks,
      Policies: [{ PolicyName: 'Pull', PolicyDocument: pulls }],
    },
  },
  Images: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: REPOSITORY } },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/checks' } },
  Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: 'checks' } },
  ...capacity('xlarge', image),
  ...capacity('12xlarge', image),
  Associations: {
    Type: 'AWS::ECS::ClusterCapacityProviderAssociations',
    Properties: {
      Cluster: { Ref: 'Cluster' },
      CapacityProviders: [{ Ref: 'Providerxlarge' }, { Ref: 'Provider12xlarge' }],
      DefaultCapacityProviderStrategy: [],
    },
  },
  Definition: {
    Type: 'AWS::ECS::TaskDefinition',
    Properties: {
      Family: 'check',
      NetworkMode: 'none',
      ExecutionRoleArn: roleArn('execution'),
      ContainerDefinitions: [
        {
          Name: 'check',
          Image: IMAGE,
          Memory: 8192,
          ResourceRequirements: [{ Type: 'GPU', Value: '1' }],
          LogConfiguration: {
            LogDriver: 'awslogs',
            Options: { 'awslogs-group': '/checks', 'awslogs-region': REGION, 'awslogs-stream-prefix': 'gpu' },
          },
        },
      ],
    },
  },
});

afterEach(stopEmulators);

/** A cluster without any service, and an image for one combination. */
async function cluster(image = GPU_IMAGE): Promise<Emulator> {
  const emulator = await startEmulator([templateOf(resourcesWith(image))]);
  emulator.aws.world.ecr.push(IMAGE, 'check', { CUDA: '12.1.1', PYTORCH: '2.4.0' });
  return emulator;
}

const run = async (ecs: ECSClient, more: object = {}) => {
  const { tasks } = await ecs.send(
    new RunTaskCommand({
      cluster: 'checks',
      taskDefinition: 'check:1',
      capacityProviderStrategy: [{ capacityProvider: 'provider-xlarge', weight: 1 }],
      clientToken: 'one',
      ...more,
    }),
  );
  return tasks?.[0]?.taskArn ?? '';
};

const look = async (ecs: ECSClient, task: string) => {
  const { tasks } = await ecs.send(new DescribeTasksCommand({ cluster: 'checks', tasks: [task] }));
  return tasks?.[0];
};

const linesOf = async ({ clients }: Emulator, task: string) => {
  const logStreamName = `gpu/check/${task.slice(task.lastIndexOf('/') + 1)}`;
  const { events } = await clients().logs.send(
    new GetLogEventsCommand({ logGroupName: '/checks', logStreamName, startFromHead: true }),
  );
  return events?.map(({ message }) => message) ?? [];
};

describe('a task that belongs to no service', () => {
  test('A10 waits for an instance of the type that it wants, and runs the program of its image there', async () => {
    const emulator = await cluster();
    const { ecs } = emulator.clients();
    const task = await run(ecs);
    emulator.clock.pass(2 * MINUTE);
    expect(await look(ecs, task)).toMatchObject({ lastStatus: 'PROVISIONING' });
    emulator.clock.pass(2 * MINUTE);
    const running = await look(ecs, task);
    expect(running).toMatchObject({ lastStatus: 'RUNNING', capacityProviderName: 'provider-xlarge' });
    const { containerInstances } = await ecs.send(
      new DescribeContainerInstancesCommand({
        cluster: 'checks',
        containerInstances: [running?.containerInstanceArn ?? ''],
      }),
    );
    expect(containerInstances?.[0]?.attributes).toContainEqual({
      name: 'ecs.instance-type',
      value: 'g4dn.xlarge',
    });
    emulator.clock.pass(2 * MINUTE);
    expect(await look(ecs, task)).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 0 }] });
    const said = JSON.parse(
      (await linesOf(emulator, task)).at(-1)?.replace('GPU_CHECK ', '') ?? '',
    ) as object;
    expect(said).toMatchObject({ driver: driverOf(GPU_IMAGE), cuda: '12.1', pytorch: '2.4.0+cu121' });
    emulator.clock.pass(30 * MINUTE);
    expect(emulator.aws.world.ecs.state.instances).toEqual([]);
    expect(emulator.aws.leftovers()).toEqual([]);
  });

  test('A10 the second one waits where there may be one instance only', async () => {
    const emulator = await cluster();
    const { ecs } = emulator.clients();
    const [first, second] = [await run(ecs), await run(ecs, { clientToken: 'two' })];
    emulator.clock.pass(4 * MINUTE);
    expect([await look(ecs, first), await look(ecs, second)]).toMatchObject([
      { lastStatus: 'RUNNING' },
      { lastStatus: 'PROVISIONING' },
    ]);
    expect(emulator.aws.leftovers()).toHaveLength(2);
    await ecs.send(new StopTaskCommand({ cluster: 'checks', task: second, reason: 'not needed' }));
    emulator.clock.pass(2 * MINUTE);
    expect(await look(ecs, second)).toMatchObject({ lastStatus: 'STOPPED', stoppedReason: 'not needed' });
  });

  test('A10 a call that is repeated with its token runs no other task', async () => {
    const emulator = await cluster();
    const { ecs } = emulator.clients();
    const task = await run(ecs);
    await expect(run(ecs)).resolves.toBe(task);
    await expect(run(ecs, { startedBy: 'somebody' })).rejects.toMatchObject({
      name: 'ConflictException',
      resourceIds: [task],
    });
    expect(emulator.aws.world.ecs.state.tasks).toHaveLength(1);
  });

  test('A11 finds no driver on a machine image without one', async () => {
    const emulator = await cluster('ami-0ec5a0b1c2d3e4f51');
    const { ecs } = emulator.clients();
    const task = await run(ecs);
    emulator.clock.pass(6 * MINUTE);
    expect(await look(ecs, task)).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 3 }] });
    expect(await linesOf(emulator, task)).toEqual([expect.stringContaining('"error":"noDriver"')]);
  });

  test('A11 its lines may come late', async () => {
    const emulator = await cluster();
    const { ecs } = emulator.clients();
    emulator.aws.world.ecs.state.timing.logsWithin = 20;
    const task = await run(ecs);
    const { state } = emulator.aws.world.ecs;
    while (state.tasks.some(({ status }) => status !== 'STOPPED')) emulator.clock.pass(1);
    expect(await linesOf(emulator, task)).toEqual([]);
    emulator.clock.pass(20);
    expect(await linesOf(emulator, task)).toHaveLength(2);
  });

  test('A10 its revision can be deregistered while it runs, and one that nobody needs is left behind', async () => {
    const emulator = await cluster();
    const { ecs } = emulator.clients();
    const task = await run(ecs);
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'check:1' }));
    emulator.clock.pass(6 * MINUTE);
    expect(await look(ecs, task)).toMatchObject({ lastStatus: 'STOPPED', containers: [{ exitCode: 0 }] });
    await expect(run(ecs, { clientToken: 'two' })).rejects.toMatchObject({ name: 'ClientException' });
  });
});

const WORKFLOW = 'kvs-infer-gpu-compatibility';
const root = smallRepository();
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-test-')));
const TMPDIR = process.env.TMPDIR;

beforeAll(() => {
  process.env.TMPDIR = temporary;
});

afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  for (const folder of [root, temporary]) rmSync(folder, { recursive: true });
});

/** Two combinations: one with the driver of the host, and one with an older one. */
const platform = (): Sources =>
  build(
    definePlatform({
      name: 'ml-platform',
      region: 'us-east-1',
      repository: { owner: 'octo-org', name: 'ml-platform' },
      environments: [{ name: 'live', account: '333333333333' }],
      workloads: [
        gpuService({
          id: 'kvs-infer',
          source: 'services/kvs-infer',
          container: { port: 8080, cpu: 1024, memory: Size.gibibytes(4), health: { path: '/readyz' } },
          environments: [
            { name: 'live', instanceType: 'g4dn.xlarge', instances: { min: 1 }, tasks: { desired: 1 } },
          ],
          gpuCheck: {
            environment: 'live',
            instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge'],
            cuda: ['12.1.1'],
            driver: ['535.54.03', '580.159.03'],
            pytorch: ['2.4.0'],
          },
        }),
      ],
    }),
  );

const performed = (sources: Sources, names: readonly string[]): Promise<readonly ScenarioReport[]> =>
  rehearse({
    sources,
    root,
    choice: { workflow: WORKFLOW, names },
    searchPath: process.env.PATH ?? '',
    parallel: 2,
    seed: 1,
    signal: new AbortController().signal,
    replaced: { [MANIFEST_PATH]: encodeManifest(sources.manifest) },
  });

describe('the check of a GPU stack is rehearsed', () => {
  const SCENARIOS = [
    ['A10', 'weekly'],
    ['A10', 'by-hand'],
    ['A10', 'gpu:no-capacity'],
    ['A10', 'gpu:run-cancelled'],
    ['A11', 'gpu:no-driver'],
    ['A11', 'gpu:logs-late'],
    ['A11', 'gpu:build-fails'],
  ] as const;
  let reports: readonly ScenarioReport[];

  beforeAll(async () => {
    reports = await performed(
      platform(),
      SCENARIOS.map(([, name]) => name),
    );
  });

  test.each(SCENARIOS)('%s %s', (_, name) => {
    const report = reports.find((each) => each.name === name);
    expect(report?.surprises).toEqual([]);
    expect(report?.passed).toBe(true);
  });

  test('A10 each combination is tried once, also where the last one was branched off', () => {
    const ids = reports.map(({ jobs }) => jobs.map(({ id }) => id));
    const whole = ['check (12.1.1, 535.54.03, 2.4.0)', 'check (12.1.1, 580.159.03, 2.4.0)', 'report'];
    expect(ids).toEqual(SCENARIOS.map(() => whole));
  });
});

const resourcesIn = ({ templates }: Sources): readonly SampleResource[] =>
  templates
    .filter(({ stack }) => stack.endsWith('gpu-check'))
    .flatMap(({ body }) =>
      Object.values((body as { readonly Resources: Record<string, SampleResource> }).Resources),
    );

const inWorkflow = (sources: Sources, from: string, to: string): void => {
  const index = sources.workflows.findIndex(({ file }) => file.includes(WORKFLOW));
  const { file = '', text = '' } = sources.workflows[index] ?? {};
  expect(text).toContain(from);
  sources.workflows[index] = { file, text: text.replaceAll(from, to) };
};

const TESTED = 'kvs-infer-gpu-check: report of CUDA 12.1.1, driver 580.159.03, PyTorch 2.4.0';
const LAST = 'check (12.1.1, 580.159.03, 2.4.0)';

describe('a rehearsal of the check notices that', () => {
  test.each<[string, string, (sources: Sources) => void, string, string]>([
    [
      'the role may not take its revisions away',
      'weekly',
      (sources) => {
        const [role] = sources.manifest.roles.filter(({ purpose }) => purpose === 'check');
        for (const template of sources.templates) {
          const text = JSON.stringify(template.body);
          const change = {
            body: JSON.parse(text.replaceAll('ecs:DeregisterTaskDefinition', 'ecs:X')) as unknown,
          };
          if (role) Object.assign(template, change);
        }
      },
      'kvs-infer-gpu-check: active revisions',
      '3',
    ],
    [
      'the machine image has no driver',
      'weekly',
      (sources) => {
        for (const { Type, Properties } of resourcesIn(sources)) {
          if (Type !== 'AWS::EC2::LaunchTemplate') continue;
          Object.assign(Properties.LaunchTemplateData as object, { ImageId: 'ami-0ec5a0b1c2d3e4f51' });
        }
      },
      TESTED,
      'failed on g4dn.xlarge (noDriver)',
    ],
    [
      'instances never go',
      'weekly',
      (sources) => {
        for (const { Type, Properties } of resourcesIn(sources)) {
          if (Type === 'AWS::AutoScaling::AutoScalingGroup') Object.assign(Properties, { MinSize: '1' });
        }
      },
      'kvs-infer-gpu-check: instances',
      '2',
    ],
    [
      'another instance type is asked for than people chose',
      'by-hand',
      (sources) => inWorkflow(sources, "inputs.instance-type || 'g4dn.xlarge'", "'g4dn.xlarge'"),
      TESTED,
      'tested on g4dn.xlarge',
    ],
    [
      'results of combinations take the place of each other',
      'weekly',
      (sources) => inWorkflow(sources, '-${{ matrix.driver }}-', '-'),
      `job ${LAST}`,
      'failure',
    ],
    [
      'a combination that fails leaves no report',
      'gpu:build-fails',
      (sources) => inWorkflow(sources, "always() && needs.check.result != 'skipped'", 'success()'),
      'job report',
      'skipped',
    ],
  ])('A10 %s', async (_, name, apply, place, value) => {
    const sources = platform();
    apply(sources);
    const [report] = await performed(sources, [name]);
    expect(report?.surprises).toContainEqual(expect.objectContaining({ place, value }));
  });
});
