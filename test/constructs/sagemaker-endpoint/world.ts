import {
  type AwsConnection,
  type Deployer,
  type DeployReceipt,
  type DeployOutcome,
  ImageReference,
  ModelArtifact,
  NOTHING_RELEASED,
  type TargetEntry,
  ValueRef,
} from '../../../contract';
import { sagemakerEndpointCalls } from '../../../constructs/sagemaker-endpoint/calls';
import { createDeployer } from '../../../constructs/sagemaker-endpoint/runtime';
import {
  logGroupOf,
  type SagemakerEndpointSpec,
  settingsOf,
} from '../../../constructs/sagemaker-endpoint/spec';
import { LogsService } from '../../../rehearsal/aws/logs';
import { S3Service } from '../../../rehearsal/aws/s3';
import { SageMakerService } from '../../../rehearsal/aws/sagemaker';
import type { AwsService } from '../../../rehearsal/aws/service';
import { SsmService } from '../../../rehearsal/aws/ssm';
import { VirtualClock } from '../../../rehearsal/clock/virtual-clock';
import { AwsServer, type SeenCall } from '../../conformance/aws-server';
import { type RecordedContext, recordedContext } from '../../conformance/recorded-context';

export const ACCOUNT = '222222222222';
export const REGION = 'us-east-1';
const PLACE = { account: ACCOUNT, region: REGION };
const FOLDER = 'test/constructs/sagemaker-endpoint';

export const BUCKET = 'ml-bikeshare-models';
export const MODEL = `s3://${BUCKET}/models/1/model.tar.gz`;
export const OTHER_MODEL = `s3://${BUCKET}/models/2/model.tar.gz`;
export const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/bikeshare`;

/** An image whose digest repeats one hex digit. */
export const image = (digit: string): ImageReference =>
  ImageReference.parse(`${REPOSITORY}@sha256:${digit.repeat(64)}`);

export const specOf = (changes: Partial<SagemakerEndpointSpec> = {}): SagemakerEndpointSpec => ({
  endpoint: 'bikeshare-production',
  namePrefix: 'bikeshare-production',
  variant: 'AllTraffic',
  executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/bikeshare-production-execution`,
  instanceType: 'ml.m5.large',
  instanceCount: 2,
  modelBucket: BUCKET,
  parameters: {
    declaredSettings: '/ml/production/bikeshare/declared-settings',
    releasedConfig: '/ml/production/bikeshare/released-config',
    releasedImage: '/ml/production/bikeshare/released-image',
    releasedModel: '/ml/production/bikeshare/released-model',
  },
  update: {
    strategy: 'Canary',
    canaryPercent: 50,
    waitSeconds: 30,
    terminationWaitSeconds: 10,
    maximumExecutionSeconds: 1800,
  },
  alarms: ['bikeshare-production-server-errors', 'bikeshare-production-model-latency'],
  keepConfigs: 3,
  deployTimeoutMinutes: 45,
  verification: {
    payload: `${FOLDER}/payload.json`,
    contentType: 'application/json',
    accept: 'application/json',
    schema: `${FOLDER}/answer.schema.json`,
    latencyBudgetMs: 500,
    calls: 3,
  },
  ...changes,
});

export const targetOf = (spec: SagemakerEndpointSpec): TargetEntry => ({
  id: 'bikeshare-production',
  workload: 'bikeshare',
  kind: 'sagemaker-endpoint',
  environment: 'production',
  ...PLACE,
  deployRole: 'bikeshare-production-deploy',
  rollbackRole: 'bikeshare-production-rollback',
  images: ['bikeshare'],
  releasedImage: ValueRef.ssmParameter(spec.parameters.releasedImage),
  deployTimeoutMinutes: spec.deployTimeoutMinutes,
  files: { deploy: [], rollback: [] },
  settleMinutes: spec.deployTimeoutMinutes,
  runnerLabels: ['ubuntu-24.04'],
  constructPath: 'ml-bikeshare-production/Endpoint',
  calls: sagemakerEndpointCalls(spec, PLACE),
  spec,
});

/** Seconds. Short, because each poll is a call over HTTP. */
const QUICK = {
  provisionsWithin: 30,
  startsWithin: 10,
  cannotStartWithin: 40,
  healthyWithin: 60,
  rollsBackWithin: 10,
};

export type StartWorld = (spec?: Partial<SagemakerEndpointSpec>) => Promise<World>;

/** An account with the stack deployed and nothing released: a model in the bucket, no endpoint. */
export class World {
  readonly clock = new VirtualClock();
  readonly logs = new LogsService({ clock: this.clock });
  readonly s3 = new S3Service({ clock: this.clock });
  readonly ssm = new SsmService({ clock: this.clock });
  /** Alarms that ring. */
  readonly ringing = new Set<string>();
  readonly sagemaker = new SageMakerService({
    clock: this.clock,
    alarms: { inAlarm: (_account, _region, name) => this.ringing.has(name), lookback: () => 60 },
    logs: { write: (where, lines) => this.write(where.group, where.stream, lines) },
  });
  readonly server: AwsServer;
  readonly spec: SagemakerEndpointSpec;
  readonly name = { account: ACCOUNT, endpoint: 'bikeshare-production' };
  private readonly open: Deployer[] = [];
  private endpoint = '';

  /** @param more services besides those that a deployer calls */
  constructor(changes: Partial<SagemakerEndpointSpec> = {}, more: readonly AwsService[] = []) {
    this.spec = specOf(changes);
    Object.assign(this.sagemaker.state.timing, QUICK);
    make(this.s3, 'AWS::S3::Bucket', { BucketName: BUCKET, VersioningConfiguration: { Status: 'Enabled' } });
    this.s3.set(BUCKET, 'models/1/model.tar.gz', 'first');
    this.s3.set(BUCKET, 'models/2/model.tar.gz', 'second');
    const { declaredSettings, releasedConfig, releasedImage, releasedModel } = this.spec.parameters;
    this.put(declaredSettings, JSON.stringify(settingsOf(this.spec)));
    for (const name of [releasedConfig, releasedImage, releasedModel]) this.put(name, NOTHING_RELEASED);
    this.server = new AwsServer([this.sagemaker, this.ssm, this.s3, this.logs, ...more], () => ({
      ...PLACE,
      now: this.clock.now(),
    }));
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
    return { region: REGION, endpoint: this.endpoint, retryDelayMs: 1, maxAttempts: 4 };
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
      confirm: (version, context) =>
        during('confirm', () => deployer.confirm?.(version, context) ?? nobody()),
      status: (context) => during('status', () => deployer.status(context)),
      logs: (request, context) => during('logs', () => deployer.logs?.(request, context) ?? nobody()),
      invoke: (request, context) => during('invoke', () => deployer.invoke?.(request, context) ?? nobody()),
      close: () => deployer.close?.(),
    };
  }

  context(): RecordedContext {
    return recordedContext(this.clock);
  }

  /** Starts a deployment of an image with a model. */
  deploy(reference: ImageReference, model = MODEL, context = this.context()): Promise<DeployReceipt> {
    return this.deployer().deploy({ images: [reference], model: ModelArtifact.parse(model) }, context);
  }

  /** Deploys, waits for the end, and confirms what has reached it. */
  async release(
    reference: ImageReference,
    model = MODEL,
  ): Promise<{ readonly receipt: DeployReceipt; readonly outcome: DeployOutcome }> {
    const context = this.context();
    const receipt = await this.deploy(reference, model, context);
    const outcome = await this.deployer().wait(receipt, context);
    if (outcome.result === 'succeeded') await this.deployer().confirm?.(outcome.version, context);
    return { receipt, outcome };
  }

  get view() {
    return this.sagemaker.endpoint(this.name);
  }

  /** Images that serve. */
  get running(): readonly string[] {
    const { image: serving } = this.view ?? {};
    return serving === undefined ? [] : [serving];
  }

  released(what: 'releasedConfig' | 'releasedImage' | 'releasedModel'): string | undefined {
    return this.ssm.get(ACCOUNT, REGION, this.spec.parameters[what]);
  }

  put(name: string, value: string): void {
    this.ssm.set(ACCOUNT, REGION, name, value);
  }

  /** Names of the endpoint configs that there are. */
  get configs(): readonly string[] {
    return this.sagemaker.state.configs.map(({ name }) => name);
  }

  get calls(): readonly SeenCall[] {
    return this.server.calls;
  }

  /** Calls that change something, since a point in the list of calls. */
  changesSince(start: number): readonly string[] {
    return this.calls
      .slice(start)
      .map(({ action }) => action)
      .filter((action) => CHANGES.test(action));
  }

  private write(group: string, stream: string, lines: readonly string[]): void {
    const arn = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}`;
    if (!this.logs.state.groups.has(arn)) make(this.logs, 'AWS::Logs::LogGroup', { LogGroupName: group });
    this.logs.write({ ...PLACE, group, stream }, lines);
  }
}

export const CHANGES = /:(Put|Create|Update|Delete)/;
export const LOG_GROUP = logGroupOf('bikeshare-production');

const nobody = (): never => {
  throw new Error('the deployer has no such method');
};

function make(service: AwsService, type: string, properties: Readonly<Record<string, unknown>>): void {
  const logicalId = type.replaceAll(':', '');
  const maker = service.makes[type];
  if (!maker) throw new Error(`nobody makes ${type}`);
  maker({ ...PLACE, stack: 'ml-bikeshare-production', logicalId, path: logicalId, type, properties });
}
