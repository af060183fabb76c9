import type { AwsConnection, GpuCheckEntry } from '../../../contract';
import {
  type CellRun,
  FIGURES_PREFIX,
  type GpuCheckCell,
  type GpuCheckRequest,
  type GpuFigures,
  openGpuCheck,
} from '../../../constructs/gpu-check/runtime';
import { gpuCheckCalls, type GpuCheckSpec } from '../../../constructs/gpu-check/spec';
import { EcsService, type ProgramRun } from '../../../rehearsal/aws/ecs';
import { register } from '../../../rehearsal/aws/ecs/task-definitions';
import { LogsService } from '../../../rehearsal/aws/logs';
import type { AwsService, Input, Made } from '../../../rehearsal/aws/service';
import { SsmService } from '../../../rehearsal/aws/ssm';
import { VirtualClock } from '../../../rehearsal/clock/virtual-clock';
import { AwsServer, type SeenCall } from '../../conformance/aws-server';
import { type RecordedContext, recordedContext } from '../../conformance/recorded-context';
import { GPU_CHECK } from '../../workflows/gpu-checked';

const { account: ACCOUNT, region: REGION, image: IMAGE } = GPU_CHECK;
const PLACE = { account: ACCOUNT, region: REGION };
const ROLE = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** Driver of the hosts in this world. */
export const HOST_DRIVER = '580.159.03';
export const TESTED: GpuCheckCell = { cuda: '12.1.1', driver: HOST_DRIVER, pytorch: '2.4.0' };
export const DECLARED: GpuCheckCell = { ...TESTED, driver: '525.85.12' };

export const SPEC: GpuCheckSpec = {
  cluster: 'kvs-infer-gpu-check',
  capacityProviders: [
    { instanceType: 'g4dn.xlarge', name: 'gpu-check-g4dn-xlarge' },
    { instanceType: 'g4dn.2xlarge', name: 'gpu-check-g4dn-2xlarge' },
  ],
  hostImage: 'Amazon Linux 2023 GPU',
  taskDefinitionFamily: 'kvs-infer-gpu-check',
  container: 'gpu-check',
  task: { cpu: 2048, memoryMib: 8192, gpus: 1 },
  taskRoleArn: ROLE('gpu-check-task'),
  executionRoleArn: ROLE('gpu-check-execution'),
  logGroup: '/ml-platform/kvs-infer/gpu-check',
  logStreamPrefix: 'task',
  parameters: { declaredTaskDefinition: '/ml-platform/kvs-infer/gpu-check/declared-task-definition' },
};

export const CALLS = gpuCheckCalls(SPEC, { ...PLACE, repository: IMAGE.repository.name });
export const ENTRY: GpuCheckEntry = {
  ...GPU_CHECK,
  matrix: {
    cuda: ['12.1.1', '12.2.0', '12.6.3'],
    driver: ['525.85.12', HOST_DRIVER],
    pytorch: ['2.3.1', '2.4.0', '2.9.0'],
    exclude: [
      { cuda: '12.2.0', because: 'PyTorch has no build for CUDA 12.2' },
      { cuda: '12.1.1', pytorch: '2.9.0', because: 'PyTorch 2.9.0 has no build for CUDA 12.1' },
      { cuda: '12.6.3', driver: '525.85.12', pytorch: '2.3.1', because: 'nobody has reviewed it' },
    ],
  },
  spec: SPEC,
  calls: CALLS,
};
export const IMAGE_URI = `${IMAGE.repository.uri}@sha256:${'1'.repeat(64)}`;

export const requestOf = (cell: GpuCheckCell, more: Partial<GpuCheckRequest> = {}): GpuCheckRequest => ({
  cell,
  instanceType: 'g4dn.xlarge',
  image: IMAGE_URI,
  timeoutMinutes: 30,
  ...more,
});

export const FIGURES: GpuFigures = {
  driver: HOST_DRIVER,
  gpu: 'Tesla T4',
  cuda: '12.1',
  pytorch: '2.4.0+cu121',
  capability: '7.5',
  matmul: { size: 4096, milliseconds: 31.2, teraflops: 4.405 },
  frames: { count: 200, perSecond: 121.5, p50Milliseconds: 8.1, p95Milliseconds: 9.9 },
};

/** What a program prints and how it ends. */
export const says = (document: object, code = 0): ProgramRun => ({
  seconds: 40,
  code,
  lines: ['loading', `${FIGURES_PREFIX}${JSON.stringify(document)}`],
});

export type StartWorld = () => Promise<World>;

/** An account with the stack of the check: a cluster without instances, and a definition with a placeholder. */
export class World {
  readonly clock = new VirtualClock();
  readonly logs = new LogsService({ clock: this.clock });
  readonly ssm = new SsmService({ clock: this.clock });
  /** What the program in the image does. */
  program: ProgramRun = says(FIGURES);
  readonly ecs = new EcsService({
    clock: this.clock,
    logs: this.logs,
    programs: { run: () => this.program },
  });
  readonly server = new AwsServer([this.ecs, this.ssm, this.logs], () => ({
    ...PLACE,
    now: this.clock.now(),
  }));
  private readonly open: { close(): void }[] = [];
  private endpoint = '';

  async start(): Promise<this> {
    process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'example';
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    this.ecs.state.timing.instanceStartsWithin = 60;
    make(this.logs, 'AWS::Logs::LogGroup', { LogGroupName: SPEC.logGroup });
    make(this.ecs, 'AWS::ECS::Cluster', { ClusterName: SPEC.cluster });
    make(this.ecs, 'AWS::ECS::ClusterCapacityProviderAssociations', {
      Cluster: SPEC.cluster,
      CapacityProviders: SPEC.capacityProviders.map((each) => this.capacity(each)),
      DefaultCapacityProviderStrategy: [],
    });
    const { arn } = register(this.ecs.now(), PLACE, {
      family: SPEC.taskDefinitionFamily,
      taskRoleArn: SPEC.taskRoleArn,
      executionRoleArn: SPEC.executionRoleArn,
      networkMode: 'none',
      requiresCompatibilities: ['EC2'],
      containerDefinitions: [
        {
          name: SPEC.container,
          image: 'public.ecr.aws/docker/library/busybox:stable',
          cpu: SPEC.task.cpu,
          memory: SPEC.task.memoryMib,
          essential: true,
          resourceRequirements: [{ type: 'GPU', value: '1' }],
          logConfiguration: {
            logDriver: 'awslogs',
            options: { 'awslogs-group': SPEC.logGroup, 'awslogs-stream-prefix': SPEC.logStreamPrefix },
          },
        },
      ],
    });
    this.ssm.set(ACCOUNT, REGION, SPEC.parameters.declaredTaskDefinition, arn);
    this.endpoint = await this.server.start();
    return this;
  }

  async stop(): Promise<void> {
    for (const check of this.open) check.close();
    await this.server.stop();
  }

  get connection(): AwsConnection {
    return { region: REGION, endpoint: this.endpoint, retryDelayMs: 1, maxAttempts: 4 };
  }

  context(): RecordedContext {
    return recordedContext(this.clock);
  }

  run(request: GpuCheckRequest, context = this.context()): Promise<CellRun> {
    const check = openGpuCheck(ENTRY, this.connection);
    this.open.push(check);
    return check.run(request, context);
  }

  /** EC2 has no more instances for the cluster. */
  soldOut(): void {
    this.ecs.setLaunches(ACCOUNT, SPEC.cluster, false);
  }

  forgetStack(): void {
    this.ssm.remove(ACCOUNT, REGION, SPEC.parameters.declaredTaskDefinition);
  }

  /** What a check has left: tasks that run, and active definitions besides the declared one. */
  get left(): { readonly tasks: number; readonly definitions: readonly string[] } {
    const { tasks, taskDefinitions } = this.ecs.state;
    return {
      tasks: tasks.filter(({ status }) => status !== 'STOPPED').length,
      definitions: taskDefinitions
        .filter(({ status, revision }) => status === 'ACTIVE' && revision > 1)
        .map(({ family, revision }) => `${family}:${revision}`),
    };
  }

  get calls(): readonly SeenCall[] {
    return this.server.calls;
  }

  /** @returns the name of a capacity provider with one instance of the type at most */
  private capacity({ instanceType, name }: GpuCheckSpec['capacityProviders'][number]): string {
    const template = make(this.ecs, 'AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { InstanceType: instanceType },
    });
    const group = make(this.ecs, 'AWS::AutoScaling::AutoScalingGroup', {
      AutoScalingGroupName: name,
      LaunchTemplate: { LaunchTemplateId: template.ref },
      MinSize: 0,
      MaxSize: 1,
    });
    const { ref } = make(this.ecs, 'AWS::ECS::CapacityProvider', {
      Name: name,
      AutoScalingGroupProvider: { AutoScalingGroupArn: group.ref, ManagedScaling: { Status: 'ENABLED' } },
    });
    return ref;
  }
}

/** Makes a resource of the stack. */
function make(service: AwsService, type: string, properties: Input): Made {
  const maker = service.makes[type];
  if (!maker) throw new Error(`nobody makes ${type}`);
  const logicalId = type.replaceAll(':', '');
  return maker({
    ...PLACE,
    stack: 'ml-platform-kvs-infer-gpu-check',
    logicalId,
    path: logicalId,
    type,
    properties,
  });
}
