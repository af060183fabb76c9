import { sagemakerEndpointCalls } from '../../constructs/sagemaker-endpoint/calls';
import { createDeployer } from '../../constructs/sagemaker-endpoint/runtime';
import { type SagemakerEndpointSpec, settingsOf } from '../../constructs/sagemaker-endpoint/spec';
import {
  type Deployer,
  type Diagnosis,
  type DeployReceipt,
  ImageReference,
  LockstepError,
  ModelArtifact,
  NOTHING_RELEASED,
  type TargetEntry,
  ValueRef,
  type Version,
} from '../../contract';
import { outcomeAt, type StageFault } from '../../rehearsal/faults/fault';
import { sagemakerEndpoint } from '../../rehearsal/targets/sagemaker-endpoint';
import type { SageMakerEffect } from '../../rehearsal/targets/sagemaker-endpoint/effects';
import type { Label } from '../../rehearsal/targets';
import { recordedContext } from '../conformance/recorded-context';
import {
  ACCOUNT,
  REGION,
  roleArn,
  startEmulator,
  stopEmulators,
  templateOf,
  TESTER,
} from './contract/emulator';
import { Account, ALARM, artifactOf, BUCKET, ENDPOINT, imageOf, RESOURCES } from './sagemaker-account';

const parameters = {
  declaredSettings: '/bikes/declared-settings',
  releasedConfig: '/bikes/released-config',
  releasedImage: '/bikes/released-image',
  releasedModel: '/bikes/released-model',
};

const spec: SagemakerEndpointSpec = {
  endpoint: ENDPOINT.endpoint,
  namePrefix: 'bikes',
  variant: 'AllTraffic',
  executionRoleArn: roleArn('execution'),
  instanceType: 'ml.c5.large',
  instanceCount: 2,
  modelBucket: BUCKET,
  initialModel: artifactOf('earlier'),
  parameters,
  update: {
    strategy: 'Canary',
    canaryPercent: 50,
    waitSeconds: 120,
    terminationWaitSeconds: 60,
    maximumExecutionSeconds: 1_800,
  },
  alarms: [ALARM],
  keepConfigs: 3,
  deployTimeoutMinutes: 45,
  verification: {
    payload: 'test/rehearsal/sagemaker-payload.json',
    contentType: 'application/json',
    accept: 'application/json',
    schema: { type: 'object', required: ['predictions'], properties: { predictions: { type: 'array' } } },
    latencyBudgetMs: 500,
    calls: 2,
  },
};

const place = { account: ACCOUNT, region: REGION };
const target: TargetEntry = {
  id: 'bikes-production',
  workload: 'bikes',
  kind: 'sagemaker-endpoint',
  environment: 'production',
  ...place,
  deployRole: 'bikes-production-deploy',
  rollbackRole: 'bikes-production-rollback',
  images: ['bikes'],
  releasedImage: ValueRef.ssmParameter(parameters.releasedImage),
  deployTimeoutMinutes: 45,
  files: { deploy: [], rollback: [] },
  settleMinutes: 45,
  runnerLabels: ['ubuntu-24.04'],
  constructPath: 'bikes-production/Endpoint',
  calls: sagemakerEndpointCalls(spec, place),
  spec,
};

/** Instances are replaced in batches: what only happens to such a target happens to this one. */
const rolling: TargetEntry = {
  ...target,
  spec: {
    ...spec,
    update: {
      strategy: 'Rolling',
      batchPercent: 50,
      rollbackBatchPercent: 100,
      waitSeconds: 120,
      maximumExecutionSeconds: 1_800,
    },
  },
};

const parameterResources = Object.fromEntries(
  Object.entries(parameters).map(([key, Name]) => {
    const Value = key === 'declaredSettings' ? JSON.stringify(settingsOf(spec)) : NOTHING_RELEASED;
    return [key, { Type: 'AWS::SSM::Parameter', Properties: { Name, Type: 'String', Value } }];
  }),
);

/** What the jobs of a workflow do with an endpoint, without the workflow. */
class Pipeline {
  readonly said: string[] = [];

  private constructor(
    readonly account: Account,
    private readonly deployer: Deployer,
    private readonly images: ReadonlyMap<string, Label>,
    private readonly target: TargetEntry,
  ) {}

  /** An endpoint that serves the earlier version. */
  static async open(of = target): Promise<Pipeline> {
    const templates = [templateOf({ ...TESTER, ...RESOURCES, ...parameterResources })];
    const account = new Account(await startEmulator(templates));
    const { endpoint, settings } = account.emulator;
    const { ecr } = account.world;
    const { accessKeyId, secretAccessKey, sessionToken } = settings().credentials;
    process.env.AWS_ACCESS_KEY_ID = accessKeyId;
    process.env.AWS_SECRET_ACCESS_KEY = secretAccessKey;
    process.env.AWS_SESSION_TOKEN = sessionToken;
    const connection = { region: REGION, endpoint, retryDelayMs: 1, maxAttempts: 3 };
    for (const version of ['earlier', 'new']) account.publish(version);
    const uri = imageOf('').slice(0, -1);
    const images = (['earlier', 'new'] as const).map((label) => {
      return [`${uri}@${ecr.tags(uri).get(label) ?? ''}`, label] as const;
    });
    const pipeline = new Pipeline(account, createDeployer(of, connection), new Map(images), of);
    expect(await pipeline.deploy('earlier')).toBe('success');
    return pipeline;
  }

  get scene() {
    const { world, emulator } = this.account;
    return { world, clock: emulator.clock, target: this.target };
  }

  facts() {
    return sagemakerEndpoint.facts(this.scene, (image) => this.images.get(image) ?? 'foreign');
  }

  /** Puts a fault in place as a rehearsal does. */
  place(fault: StageFault<SageMakerEffect>): void {
    const { aws, clock } = this.account.emulator;
    for (const { when, effect } of fault.effects) {
      const act = () => sagemakerEndpoint.apply(effect as SageMakerEffect, this.scene);
      if (when === 'atStart') act();
      else if ('secondsIntoDeployment' in when) {
        let started = false;
        aws.onCall(({ action }) => {
          if (started || action !== sagemakerEndpoint.startedBy) return;
          started = true;
          clock.in(when.secondsIntoDeployment, act);
        });
      }
    }
  }

  /** The result of a deploy job: the deployment, then its test. */
  async deploy(label: 'earlier' | 'new'): Promise<'success' | 'failure'> {
    const context = recordedContext(this.account.emulator.clock);
    const [image = ''] = [...this.images].find(([, each]) => each === label) ?? [];
    const model = ModelArtifact.parse(artifactOf(label));
    this.receipt = await this.deployer.deploy({ images: [ImageReference.parse(image)], model }, context);
    const outcome = await this.deployer.wait(this.receipt, context);
    if (outcome.result === 'succeeded') return this.confirmed(outcome.version);
    const findings = await this.deployer.diagnose(context);
    this.said.push(outcome.message, ...findings.flatMap(wordsOf));
    return 'failure';
  }

  /** The result of a rollback job after a deploy job that failed. */
  async rollBack(): Promise<'success' | 'failure'> {
    const context = recordedContext(this.account.emulator.clock);
    const { deployment = '' } = this.receipt ?? {};
    try {
      const { result, to } = await this.deployer.rollback({ deployment, onlyNamed: true }, context);
      this.said.push(result);
      return to ? await this.confirmed(to) : 'success';
    } catch (error) {
      if (!LockstepError.is(error)) throw error;
      const findings = await this.deployer.diagnose(context);
      this.said.push(error.message, ...findings.flatMap(wordsOf));
      return 'failure';
    }
  }

  private receipt?: DeployReceipt;

  private async confirmed(version: Version): Promise<'success' | 'failure'> {
    const context = recordedContext(this.account.emulator.clock);
    const checks = await this.deployer.verify(version, context);
    if (checks.some(({ passed }) => !passed)) return 'failure';
    await this.deployer.confirm?.(version, context);
    return 'success';
  }
}

const wordsOf = ({ cause, evidence, remedy }: Diagnosis): readonly string[] => [cause, ...evidence, remedy];

afterAll(stopEmulators);

test('an endpoint at rest', async () => {
  const pipeline = await Pipeline.open();
  expect(pipeline.facts()).toEqual(sagemakerEndpoint.atRest(target, 'earlier'));
  expect(await pipeline.deploy('new')).toBe('success');
  expect(pipeline.facts()).toEqual(sagemakerEndpoint.atRest(target, 'new', 'other'));
  expect(sagemakerEndpoint.versions(pipeline.scene)).toHaveLength(2);
  expect(pipeline.account.emulator.aws.leftovers()).toEqual([]);
  expect(pipeline.account.emulator.aws.failures).toEqual([]);
});

test('an endpoint that was never made', async () => {
  const templates = [templateOf({ ...TESTER, ...RESOURCES, ...parameterResources })];
  const { aws, clock } = await startEmulator(templates);
  const scene = { world: aws.world, clock, target };
  expect(sagemakerEndpoint.facts(scene, () => 'foreign')).toEqual(
    sagemakerEndpoint.atRest(target, 'nothing'),
  );
  expect(sagemakerEndpoint.versions(scene)).toEqual([]);
});

/** Faults of calls need jobs: they are rehearsed with the workflows. */
const FAULTS = sagemakerEndpoint.faults.filter(({ effects }) =>
  effects.every(({ effect }) => effect.kind !== 'disturb'),
);

test.each(FAULTS)('$name: $title', async (fault) => {
  const pipeline = await Pipeline.open(fault.happensTo?.(target) === false ? rolling : target);
  pipeline.place(fault as StageFault<SageMakerEffect>);
  const outcome = outcomeAt(fault, pipeline.scene.target);
  expect(await pipeline.deploy('new')).toBe(outcome.deploy);
  const deploySaid = pipeline.said.join('\n');
  for (const text of outcome.deploySays ?? []) expect(deploySaid).toContain(text);
  expect(outcome.deploy === 'success' ? 'skipped' : await pipeline.rollBack()).toBe(outcome.rollback);
  const said = pipeline.said.join('\n');
  for (const text of outcome.rollbackSays ?? []) expect(said).toContain(text);
  expect(pipeline.facts()).toMatchObject(outcome.facts);
  expect(pipeline.account.emulator.aws.failures).toEqual([]);
});

test.each(['sagemaker:alarm-in-bake', 'sagemaker:silent-rollback'])(
  'B04 %s hits a canary while it has only a part of the traffic',
  async (name) => {
    const pipeline = await Pipeline.open();
    pipeline.place(FAULTS.find((fault) => fault.name === name) as StageFault<SageMakerEffect>);
    const { world, clock } = pipeline.scene;
    const shares = new Set<number>();
    clock.onStep(() => {
      const [endpoint] = world.sagemaker.state.endpoints;
      if (endpoint?.status === 'Updating') shares.add(endpoint.deployment?.traffic ?? 0);
    });
    expect(await pipeline.deploy('new')).toBe('failure');
    expect([...shares]).toEqual([0, 50]);
  },
);

test('an artifact can only go missing while a version is on its way', async () => {
  const pipeline = await Pipeline.open();
  expect(() => sagemakerEndpoint.apply({ kind: 'artifactDeleted' }, pipeline.scene)).toThrow('is on its way');
});
