import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import {
  type AwsConnection,
  type Deployer,
  ImageReference,
  NOTHING_RELEASED,
  type TargetEntry,
  ValueRef,
} from '../../../../contract';
import { createDeployer } from '../../../../constructs/ecs-service/runtime';
import { ecsServiceCalls, type EcsServiceSpec } from '../../../../constructs/ecs-service/spec';
import { EcrService } from '../../../../rehearsal/aws/ecr';
import {
  type Behaviour,
  type BreakerState,
  EcsService,
  type FunctionAnswer,
} from '../../../../rehearsal/aws/ecs';
import { ecsArn } from '../../../../rehearsal/aws/ecs/names';
import { register } from '../../../../rehearsal/aws/ecs/task-definitions';
import { LambdaService } from '../../../../rehearsal/aws/lambda';
import { LogsService } from '../../../../rehearsal/aws/logs';
import type { AwsService, Input, Made } from '../../../../rehearsal/aws/service';
import { SsmService } from '../../../../rehearsal/aws/ssm';
import { VirtualClock } from '../../../../rehearsal/clock/virtual-clock';
import { AwsServer, type SeenCall } from '../../../conformance/aws-server';
import { type RecordedContext, recordedContext } from '../../../conformance/recorded-context';
import { OneRepository } from './one-repository';
import { type InstanceOptions, OneService } from './one-service';

export const ACCOUNT = '222222222222';
export const REGION = 'us-east-1';
const PLACE = { account: ACCOUNT, region: REGION };

export const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/kvs-infer`;
export const PLACEHOLDER = 'public.ecr.aws/docker/library/busybox:stable';
const FAMILY = 'kvs-infer-production';
const LOG_GROUP = '/lockstep/production/kvs-infer';
const ROLE = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** An image whose digest repeats one hex digit. */
export const image = (digit: string): ImageReference =>
  ImageReference.parse(`${REPOSITORY}@sha256:${digit.repeat(64)}`);

export const PARAMETERS: EcsServiceSpec['parameters'] = {
  declaredTaskDefinition: '/lockstep/production/kvs-infer/declared-task-definition',
  releasedTaskDefinition: '/lockstep/production/kvs-infer/released-task-definition',
  releasedImage: '/lockstep/production/kvs-infer/released-image',
};

export interface WorldOptions {
  readonly spec?: Partial<EcsServiceSpec>;
  readonly service?: { readonly cluster?: string; readonly breaker?: BreakerState };
  readonly instances?: readonly InstanceOptions[];
  /**
   * What happens to a task that finds no GPU: ECS complains, or lets it wait in PROVISIONING for a capacity
   * provider whose group does not grow.
   *
   * @default 'events'
   */
  readonly placement?: 'events' | 'provisioning';
  /** Seconds that a task needs to stop; it keeps its GPU until then. @default 6 */
  readonly stopsWithin?: number;
  /** Seconds after which a new deployment is listed. @default 3 */
  readonly listedAfter?: number;
  readonly maxAttempts?: number;
  /** Whether the stack was deployed since strategy and verification were declared. @default true */
  readonly stackIsCurrent?: boolean;
  /** Expression that the verification function answers. @default - an answer that is good */
  readonly verificationAnswer?: string;
}

const balancing = (resource: string): string =>
  `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${resource}`;

const TWO_GROUPS = {
  ContainerName: 'app',
  ContainerPort: 8080,
  TargetGroupArn: balancing('targetgroup/kvs-infer/1'),
  AdvancedConfiguration: {
    AlternateTargetGroupArn: balancing('targetgroup/kvs-infer-alternate/2'),
    ProductionListenerRule: balancing('listener-rule/app/kvs-infer/1/2/3'),
    TestListenerRule: balancing('listener-rule/app/kvs-infer/1/4/5'),
    RoleArn: ROLE('kvs-infer-balancing'),
  },
};

export const specOf = (changes: Partial<EcsServiceSpec> = {}): EcsServiceSpec => ({
  cluster: 'production',
  service: 'kvs-infer',
  container: 'app',
  taskDefinitionFamily: FAMILY,
  taskRoleArn: ROLE('kvs-infer-task'),
  executionRoleArn: ROLE('kvs-infer-execution'),
  logGroup: LOG_GROUP,
  logStreamPrefix: 'app',
  parameters: PARAMETERS,
  desiredCount: 2,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  update: { strategy: 'rolling' },
  alarms: [],
  deployTimeoutMinutes: 30,
  capacity: {
    instanceTypes: ['g4dn.xlarge'],
    purchase: 'onDemand' as const,
    gpusPerInstance: 1,
    maxInstances: 4,
    gpusPerTask: 1,
    placementTimeoutMinutes: 10,
  },
  ...changes,
});

export const targetOf = (spec: EcsServiceSpec): TargetEntry => ({
  id: 'kvs-infer-production',
  workload: 'kvs-infer',
  kind: 'ecs-service',
  environment: 'production',
  account: ACCOUNT,
  region: REGION,
  deployRole: 'kvs-infer-production-deploy',
  rollbackRole: 'kvs-infer-production-rollback',
  images: ['kvs-infer'],
  releasedImage: ValueRef.ssmParameter(spec.parameters.releasedImage),
  deployTimeoutMinutes: spec.deployTimeoutMinutes,
  files: { deploy: [], rollback: [] },
  settleMinutes: 0,
  runnerLabels: ['ubuntu-24.04'],
  constructPath: 'kvs-infer-production/Service',
  calls: ecsServiceCalls(spec, { account: ACCOUNT, region: REGION }),
  spec,
});

export const declaredDefinition = (
  changes: Partial<RegisterTaskDefinitionRequest> = {},
): RegisterTaskDefinitionRequest => ({
  family: FAMILY,
  taskRoleArn: ROLE('kvs-infer-task'),
  executionRoleArn: ROLE('kvs-infer-execution'),
  networkMode: 'bridge',
  requiresCompatibilities: ['EC2'],
  containerDefinitions: [
    {
      name: 'app',
      image: PLACEHOLDER,
      memory: 8192,
      essential: true,
      environment: [{ name: 'LOG_LEVEL', value: 'info' }],
      resourceRequirements: [{ type: 'GPU', value: '1' }],
      healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost/health'], interval: 10, retries: 1 },
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': LOG_GROUP, 'awslogs-stream-prefix': 'app' },
      },
    },
    { name: 'metrics', image: 'public.ecr.aws/metrics:1', memory: 64, essential: false },
  ],
  ...changes,
});

export type StartWorld = (options?: WorldOptions) => Promise<World>;

/** An account with the stack deployed and nothing released: service with zero tasks, empty parameters. */
export class World {
  readonly clock = new VirtualClock();
  readonly model: OneService;
  readonly server: AwsServer;
  readonly parameters = {
    get: (name: string): string | undefined => this.ssm.get(ACCOUNT, REGION, name),
    set: (name: string, value: string): void => this.ssm.set(ACCOUNT, REGION, name, value),
    delete: (name: string): void => this.ssm.remove(ACCOUNT, REGION, name),
  };
  readonly registry: OneRepository;
  readonly spec: EcsServiceSpec;
  private readonly ssm = new SsmService({ clock: this.clock });
  private readonly logs = new LogsService({ clock: this.clock });
  private readonly ecr = new EcrService({ clock: this.clock });
  /** Names of the alarms that ring. */
  readonly ringing = new Set<string>();
  /** What the hook answers. */
  hookAnswer: FunctionAnswer = { ok: true, output: { hookStatus: 'SUCCEEDED' }, seconds: 2 };
  private readonly lambda = new LambdaService({
    clock: this.clock,
    logs: this.logs,
    request: () => ({ kind: 'refused', reason: 'nothing listens', seconds: 0 }),
  });
  private readonly ecs = new EcsService({
    clock: this.clock,
    logs: this.logs,
    functions: { invoke: () => this.hookAnswer },
    alarms: { inAlarm: (_account, _region, name) => this.ringing.has(name), lookback: () => 60 },
  });
  private readonly open: Deployer[] = [];
  private endpoint = '';

  constructor(private readonly options: WorldOptions = {}) {
    this.spec = specOf(options.spec);
    const { timing } = this.ecs.state;
    this.ecs.state.saysWaiting = false;
    timing.stopsWithin = options.stopsWithin ?? timing.stopsWithin;
    timing.listedAfter = options.listedAfter ?? timing.listedAfter;
    this.registry = new OneRepository(this.ecr, () => this.clock.now());
    make(this.ecr, 'AWS::ECR::Repository', {
      RepositoryName: 'kvs-infer',
      ImageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      ImageTagMutabilityExclusionFilters: ['latest', '1.2'].map((value) => ({
        ImageTagMutabilityExclusionFilterType: 'WILDCARD',
        ImageTagMutabilityExclusionFilterValue: value,
      })),
    });
    make(this.logs, 'AWS::Logs::LogGroup', { LogGroupName: LOG_GROUP });
    const declared = register(this.ecs.now(), PLACE, declaredDefinition());
    this.model = this.deployService(declared.arn);
    if (this.spec.verification && options.stackIsCurrent !== false)
      this.deployFunction(this.spec.verification.functionName);
    for (const instance of options.instances ??
      ['a', 'b', 'c', 'd'].map((id) => ({ id: `i-${id}`, gpus: 1 })))
      this.model.addInstance(instance);
    this.model.behaves(PLACEHOLDER, { kind: 'cannotPull' });
    this.parameters.set(PARAMETERS.declaredTaskDefinition, declared.arn);
    this.parameters.set(PARAMETERS.releasedTaskDefinition, NOTHING_RELEASED);
    this.parameters.set(PARAMETERS.releasedImage, NOTHING_RELEASED);
    this.server = new AwsServer([this.ecs, this.ssm, this.ecr, this.logs, this.lambda], () => ({
      ...PLACE,
      now: this.clock.now(),
    }));
  }

  /** Cluster and service as the stack makes them. */
  private deployService(definition: string): OneService {
    const { placement = 'events', service = {} } = this.options;
    const shifts = this.spec.update.strategy !== 'rolling' && this.options.stackIsCurrent !== false;
    const { cluster = this.spec.cluster, breaker = { enable: true, rollback: true } } = service;
    make(this.ecs, 'AWS::ECS::Cluster', { ClusterName: cluster });
    const provider = placement === 'provisioning' ? this.deployProvider(cluster) : undefined;
    const { ref } = make(this.ecs, 'AWS::ECS::Service', {
      ServiceName: this.spec.service,
      Cluster: cluster,
      TaskDefinition: definition,
      DesiredCount: 0,
      ...(provider === undefined
        ? { LaunchType: 'EC2' }
        : { CapacityProviderStrategy: [{ CapacityProvider: provider }] }),
      DeploymentConfiguration: {
        MinimumHealthyPercent: this.spec.minimumHealthyPercent,
        MaximumPercent: this.spec.maximumPercent,
        ...(shifts
          ? { Strategy: 'BLUE_GREEN', BakeTimeInMinutes: 5 }
          : { DeploymentCircuitBreaker: { Enable: breaker.enable, Rollback: breaker.rollback } }),
      },
      ...(shifts && { LoadBalancers: [TWO_GROUPS] }),
    });
    return new OneService(this.ecs, ref, provider && ecsArn(PLACE, `capacity-provider/${provider}`));
  }

  private deployFunction(name: string): void {
    const { verificationAnswer = "{ passed: true, status: 200, detail: '200 after 12 ms' }" } = this.options;
    make(this.lambda, 'AWS::Lambda::Function', {
      FunctionName: name,
      Runtime: 'nodejs22.x',
      Code: { ZipFile: `exports.handler = async (event) => (${verificationAnswer});` },
    });
  }

  /** @returns the name of a capacity provider whose group does not grow */
  private deployProvider(cluster: string): string {
    const template = make(this.ecs, 'AWS::EC2::LaunchTemplate', {
      LaunchTemplateData: { InstanceType: 'g4dn.xlarge' },
    });
    const group = make(this.ecs, 'AWS::AutoScaling::AutoScalingGroup', {
      LaunchTemplate: { LaunchTemplateId: template.ref },
      MinSize: 0,
      MaxSize: 4,
    });
    const { ref } = make(this.ecs, 'AWS::ECS::CapacityProvider', {
      AutoScalingGroupProvider: { AutoScalingGroupArn: group.ref, ManagedScaling: { Status: 'DISABLED' } },
    });
    make(this.ecs, 'AWS::ECS::ClusterCapacityProviderAssociations', {
      Cluster: cluster,
      CapacityProviders: [ref],
      DefaultCapacityProviderStrategy: [],
    });
    return ref;
  }

  async start(): Promise<this> {
    process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
    process.env.AWS_SECRET_ACCESS_KEY = 'example';
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
    this.endpoint = await this.server.start();
    return this;
  }

  async stop(): Promise<void> {
    for (const deployer of this.open) deployer.close?.();
    await this.server.stop();
  }

  get connection(): AwsConnection {
    const { maxAttempts = 4 } = this.options;
    return { region: REGION, endpoint: this.endpoint, retryDelayMs: 1, maxAttempts };
  }

  /** A new deployer, as each run of the command makes one; its calls are noted under the verb. */
  deployer(): Deployer {
    const deployer = createDeployer(targetOf(this.spec), this.connection);
    this.open.push(deployer);
    const during = <T>(verb: string, result: () => Promise<T>): Promise<T> => {
      this.server.during = verb;
      return result();
    };
    return {
      deploy: (request, context) => during('deploy', () => deployer.deploy(request, context)),
      wait: (receipt, context) => during('wait', () => deployer.wait(receipt, context)),
      current: (context) => during('wait', () => deployer.current(context)),
      rollback: (request, context) => during('rollback', () => deployer.rollback(request, context)),
      recall: (image, context) =>
        during('recall', () => deployer.recall?.(image, context) ?? Promise.reject(new Error('no recall'))),
      diagnose: (context) => during('diagnose', () => deployer.diagnose(context)),
      verify: (version, context) => during('verify', () => deployer.verify(version, context)),
      status: (context) => during('status', () => deployer.status(context)),
      close: () => deployer.close?.(),
    };
  }

  context(): RecordedContext {
    return recordedContext(this.clock);
  }

  /** Deploys an image and waits for its end. */
  async release(reference: ImageReference): Promise<string> {
    const deployer = this.deployer();
    const context = this.context();
    const receipt = await deployer.deploy({ images: [reference] }, context);
    const outcome = await deployer.wait(receipt, context);
    if (outcome.result !== 'succeeded') throw new Error(outcome.message);
    return outcome.version.name;
  }

  /** Somebody else deploys an image, past the pipeline. */
  deployForeign(reference: ImageReference) {
    return this.model.startDeployment(this.registerOnly(reference));
  }

  /** Somebody registers an image and deploys nothing. */
  registerOnly(reference: ImageReference) {
    const content = this.model.definitions.at(-1)?.content ?? declaredDefinition();
    const containerDefinitions = content.containerDefinitions?.map((each) =>
      each.name === this.spec.container ? { ...each, image: reference.toString() } : each,
    );
    return this.model.register({ ...content, containerDefinitions });
  }

  behaves(reference: ImageReference, behaviour: Behaviour): void {
    this.model.behaves(reference.toString(), behaviour);
  }

  /** Images of the tasks that run, each once. */
  get running(): readonly string[] {
    const tasks = this.model.alive().filter(({ status }) => status === 'RUNNING');
    return [...new Set(tasks.map((task) => task.image))];
  }

  get released(): { readonly definition: string | undefined; readonly image: string | undefined } {
    return {
      definition: this.parameters.get(PARAMETERS.releasedTaskDefinition),
      image: this.parameters.get(PARAMETERS.releasedImage),
    };
  }

  get calls(): readonly SeenCall[] {
    return this.server.calls;
  }

  /** Calls that change something, since a point in the list of calls. */
  changesSince(start: number): readonly string[] {
    return this.calls
      .slice(start)
      .map(({ action }) => action)
      .filter((action) => /:(Put|Register|Update|Stop)/.test(action));
  }
}

export const definitionArn = (revision: number): string =>
  ecsArn(PLACE, `task-definition/${FAMILY}:${revision}`);

/** Makes a resource of the stack. */
function make(service: AwsService, type: string, properties: Input): Made {
  const maker = service.makes[type];
  if (!maker) throw new Error(`nobody makes ${type}`);
  const logicalId = type.replaceAll(':', '');
  return maker({ ...PLACE, stack: 'kvs-infer-production', logicalId, path: logicalId, type, properties });
}
