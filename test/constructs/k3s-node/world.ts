import { k3sNodeCalls } from '../../../constructs/k3s-node/calls';
import { documentContent } from '../../../constructs/k3s-node/node-document';
import { createDeployer } from '../../../constructs/k3s-node/runtime';
import { type K3sNodeSpec, NODE_TAG } from '../../../constructs/k3s-node/spec';
import {
  type AwsConnection,
  type Deployer,
  type DeployOutcome,
  type DeployReceipt,
  ImageReference,
  NOTHING_RELEASED,
  type TargetEntry,
} from '../../../contract';
import { Ec2Service } from '../../../rehearsal/aws/ec2';
import { LogsService } from '../../../rehearsal/aws/logs';
import { S3Service } from '../../../rehearsal/aws/s3';
import { SsmService } from '../../../rehearsal/aws/ssm';
import { VirtualClock } from '../../../rehearsal/clock/virtual-clock';
import { type Instance, type MachineRun, Machines } from '../../../rehearsal/machine';
import { AwsServer, type SeenCall } from '../../conformance/aws-server';
import { type RecordedContext, recordedContext } from '../../conformance/recorded-context';
import { FakeNode } from './fake-node';

export const ACCOUNT = '222222222222';
export const REGION = 'us-east-1';
const PLACE = { account: ACCOUNT, region: REGION };
export const BUCKET = `shop-production-runs-${ACCOUNT}`;
const DOCUMENT = 'shop-production';
export const PARAMETER = '/shop/production/shop/released-release';
export const NODE = 'i-00000000000000001';
const REPOSITORY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/shop`;

/** An image whose digest repeats one hex digit. */
export const image = (digit: string): ImageReference =>
  ImageReference.parse(`${REPOSITORY}@sha256:${digit.repeat(64)}`);

export const RULE = { minimumRequests: 50, errorRateMargin: 2, latencyRatio: 1.5, latencyQuantile: 0.95 };

export const specOf = (changes: Partial<K3sNodeSpec> = {}): K3sNodeSpec => ({
  namespace: 'shop',
  nodeTag: 'shop-production',
  document: DOCUMENT,
  bucket: BUCKET,
  manifests: 'test/constructs/k3s-node/manifests',
  files: [
    '10-base/namespace.yaml',
    '30-deployments/worker.yaml',
    '40-routed/api/shared.yaml',
    '40-routed/api/blue.yaml',
    '40-routed/api/green.yaml',
    '40-routed/api/route.yaml',
  ],
  repositories: [REPOSITORY],
  statefulSets: [],
  deployments: ['worker'],
  routed: ['api'],
  strategy: { kind: 'blueGreen', bakeSeconds: 40 },
  logGroup: '/shop/production/shop',
  parameters: { released: PARAMETER },
  deadlineSeconds: 600,
  ...changes,
});

export const targetOf = (spec: K3sNodeSpec): TargetEntry => ({
  id: 'shop-production',
  workload: 'shop',
  kind: 'k3s-node',
  environment: 'production',
  ...PLACE,
  deployRole: 'shop-production-deploy',
  rollbackRole: 'shop-production-rollback',
  images: ['shop'],
  deployTimeoutMinutes: 10,
  files: { deploy: [], rollback: [] },
  settleMinutes: 0,
  runnerLabels: ['ubuntu-24.04'],
  constructPath: 'shop-shop-production/Node',
  calls: k3sNodeCalls(spec, PLACE),
  spec,
});

/** Machines whose scripts are told in TypeScript. */
class FakeMachines extends Machines {
  node: FakeNode | undefined;

  override run(...[, , variables, ended]: Parameters<Machines['run']>): Promise<MachineRun> {
    if (!this.node) throw new Error('there is no node');
    return Promise.resolve(this.node.run(variables, ended));
  }
}

export type StartWorld = (spec?: Partial<K3sNodeSpec>) => Promise<World>;

/** An account with the stacks deployed and nothing released. */
export class World {
  readonly clock = new VirtualClock();
  readonly s3 = new S3Service({ clock: this.clock });
  readonly logs = new LogsService({ clock: this.clock });
  readonly ec2 = new Ec2Service();
  readonly node = new FakeNode(this.clock, this.s3, BUCKET);
  readonly ssm: SsmService;
  readonly server: AwsServer;
  readonly spec: K3sNodeSpec;
  private readonly open: Deployer[] = [];
  private endpoint = '';

  constructor(changes: Partial<K3sNodeSpec> = {}) {
    this.spec = specOf(changes);
    const find = (id: string): Instance => ({ id, instanceType: 't3.small', region: REGION });
    const machines = new FakeMachines({
      clock: this.clock,
      find,
      s3: () => () => {
        throw new Error('the node of this world reaches S3 by itself');
      },
      pull: () => {
        throw new Error('the node of this world pulls nothing');
      },
    });
    machines.node = this.node;
    this.ssm = new SsmService({
      clock: this.clock,
      nodes: {
        machines,
        find,
        at: (place) =>
          this.ec2.instances(place).map(({ status, ...view }) => ({
            ...view,
            isRunning: status === 'running',
            isRegistered: true,
          })),
      },
    });
    this.launch(NODE);
    const make = { ...PLACE, stack: 'shop-shop-production', logicalId: 'Bucket', path: 'Bucket' };
    this.s3.makes['AWS::S3::Bucket']?.({
      ...make,
      type: 'AWS::S3::Bucket',
      properties: { BucketName: BUCKET },
    });
    this.logs.makes['AWS::Logs::LogGroup']?.({
      ...make,
      type: 'AWS::Logs::LogGroup',
      properties: { LogGroupName: this.spec.logGroup },
    });
    this.ssm.makes['AWS::SSM::Document']({
      ...make,
      type: 'AWS::SSM::Document',
      properties: { Name: DOCUMENT, DocumentType: 'Command', Content: documentContent('script', 600) },
    });
    this.ssm.set(ACCOUNT, REGION, PARAMETER, NOTHING_RELEASED);
    this.server = new AwsServer([this.ec2, this.ssm, this.s3, this.logs], () => ({
      ...PLACE,
      now: this.clock.now(),
    }));
  }

  /** One more instance with the tag of the target. */
  launch(id: string): void {
    this.ec2.state.resources.set(id, {
      ...PLACE,
      kind: 'Instances',
      id,
      description: {
        InstanceId: id,
        InstanceType: 't3.small',
        State: { Code: 16, Name: 'running' },
        Tags: [{ Key: NODE_TAG, Value: this.spec.nodeTag }],
      },
    });
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
  deployer(): Required<Omit<Deployer, 'invoke' | 'recall'>> {
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
      backup: (context) => during('backup', () => deployer.backup?.(context) ?? nobody()),
      close: () => deployer.close?.(),
    };
  }

  context(): RecordedContext {
    return recordedContext(this.clock);
  }

  deploy(reference: ImageReference, context = this.context()): Promise<DeployReceipt> {
    return this.deployer().deploy({ images: [reference] }, context);
  }

  /** Deploys, waits for the end, and confirms what has reached it. */
  async release(
    reference: ImageReference,
    context = this.context(),
  ): Promise<{ readonly receipt: DeployReceipt; readonly outcome: DeployOutcome }> {
    const deployer = this.deployer();
    const receipt = await deployer.deploy({ images: [reference] }, context);
    const outcome = await deployer.wait(receipt, context);
    if (outcome.result === 'succeeded') await deployer.confirm(outcome.version, context);
    return { receipt, outcome };
  }

  /** What the parameter of the stack holds. */
  get released(): string {
    return this.ssm.get(ACCOUNT, REGION, PARAMETER) ?? '';
  }

  /** Objects of runs that are still there. */
  get objects(): readonly string[] {
    return this.s3.keys(BUCKET).filter((key) => key.startsWith('runs/'));
  }

  get calls(): readonly SeenCall[] {
    return this.server.calls;
  }
}

const nobody = (): never => {
  throw new Error('the deployer has no such method');
};
