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
import { logsHandlers, ssmHandlers } from '../../../standins/account-api';
import { AwsServer, type SeenCall } from '../../../standins/aws-server';
import { ecsHandlers } from '../../../standins/ecs-api';
import { EcsModel, type EcsModelOptions } from '../../../standins/ecs-model';
import { ACCOUNT, arn, type Behaviour, type InstanceState, REGION } from '../../../standins/ecs-state';
import { RegistryModel } from '../../../standins/registry-model';
import { VirtualClock } from '../../../standins/virtual-clock';
import { type RecordedContext, recordedContext } from '../../../conformance/recorded-context';

export const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/kvs-infer`;
export const PLACEHOLDER = 'public.ecr.aws/docker/library/busybox:stable';
const FAMILY = 'kvs-infer-production';
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
  readonly service?: Partial<EcsModelOptions['service']>;
  readonly instances?: readonly InstanceState[];
  readonly placement?: EcsModelOptions['placement'];
  readonly stopsWithin?: number;
  readonly listedAfter?: number;
  readonly maxAttempts?: number;
}

export const specOf = (changes: Partial<EcsServiceSpec> = {}): EcsServiceSpec => ({
  cluster: 'production',
  service: 'kvs-infer',
  container: 'app',
  taskDefinitionFamily: FAMILY,
  taskRoleArn: ROLE('kvs-infer-task'),
  executionRoleArn: ROLE('kvs-infer-execution'),
  logGroup: '/lockstep/production/kvs-infer',
  logStreamPrefix: 'app',
  parameters: PARAMETERS,
  desiredCount: 2,
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  deployTimeoutMinutes: 30,
  capacity: {
    instanceType: 'g4dn.xlarge',
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
  image: 'kvs-infer',
  releasedImage: ValueRef.ssmParameter(spec.parameters.releasedImage),
  deployTimeoutMinutes: spec.deployTimeoutMinutes,
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
      healthCheck: { command: ['CMD-SHELL', 'curl -f http://localhost/health'] },
    },
    { name: 'metrics', image: 'public.ecr.aws/metrics:1', memory: 64, essential: false },
  ],
  ...changes,
});

export type StartWorld = (options?: WorldOptions) => Promise<World>;

/** An account with the stack deployed and nothing released: service with zero tasks, empty parameters. */
export class World {
  readonly clock = new VirtualClock();
  readonly model: EcsModel;
  readonly server: AwsServer;
  readonly parameters = new Map<string, string>();
  readonly registry = new RegistryModel('kvs-infer', /^(latest|\d+\.\d+)$/);
  readonly spec: EcsServiceSpec;
  private readonly open: Deployer[] = [];
  private endpoint = '';

  constructor(private readonly options: WorldOptions = {}) {
    this.spec = specOf(options.spec);
    const { cluster, service: name, minimumHealthyPercent, maximumPercent } = this.spec;
    this.model = new EcsModel(this.clock, {
      service: {
        cluster,
        name,
        minimumHealthyPercent,
        maximumPercent,
        strategy: 'ROLLING',
        breaker: { enable: true, rollback: true },
        loadBalancers: [],
        ...options.service,
      },
      instances: options.instances ?? ['a', 'b', 'c', 'd'].map((id) => ({ id: `i-${id}`, gpus: 1 })),
      ...(options.placement === undefined ? {} : { placement: options.placement }),
      ...(options.stopsWithin === undefined ? {} : { stopsWithin: options.stopsWithin }),
      ...(options.listedAfter === undefined ? {} : { listedAfter: options.listedAfter }),
    });
    this.server = new AwsServer({
      ecs: ecsHandlers(this.model),
      ssm: ssmHandlers(this.parameters),
      ecr: this.registry.handlers(),
      logs: logsHandlers(this.spec.logGroup, this.model.logs),
    });
    this.model.behaviours.set(PLACEHOLDER, { kind: 'cannotPull' });
    const declared = this.model.register(declaredDefinition());
    this.parameters.set(PARAMETERS.declaredTaskDefinition, declared.arn);
    this.parameters.set(PARAMETERS.releasedTaskDefinition, NOTHING_RELEASED);
    this.parameters.set(PARAMETERS.releasedImage, NOTHING_RELEASED);
    this.model.startDeployment(declared);
    this.clock.pass(5);
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
    const receipt = await deployer.deploy({ image: reference }, context);
    const outcome = await deployer.wait(receipt, context);
    if (outcome.result !== 'succeeded') throw new Error(outcome.message);
    return outcome.version.name;
  }

  /** Somebody else deploys an image, past the pipeline. */
  deployForeign(reference: ImageReference) {
    const content = this.model.definitions.at(-1)?.content ?? declaredDefinition();
    const containerDefinitions = content.containerDefinitions?.map((each) =>
      each.name === this.spec.container ? { ...each, image: reference.toString() } : each,
    );
    return this.model.startDeployment(this.model.register({ ...content, containerDefinitions }));
  }

  behaves(reference: ImageReference, behaviour: Behaviour): void {
    this.model.behaviours.set(reference.toString(), behaviour);
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

export const definitionArn = (revision: number): string => arn(`task-definition/${FAMILY}:${revision}`);
