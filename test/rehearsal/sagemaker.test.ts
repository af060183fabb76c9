import {
  CreateEndpointCommand,
  CreateModelCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  type DeploymentConfig,
  DescribeEndpointConfigCommand,
  ListEndpointConfigsCommand,
} from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { planOf } from '../../rehearsal/aws/sagemaker/deployment-plan';
import {
  ACCOUNT,
  deployed,
  REGION,
  roleArn,
  startEmulator,
  stopEmulators,
  templateOf,
  TESTER,
} from './contract/emulator';
import { Account, ALARM, artifactOf, BUCKET, ENDPOINT, imageOf, RESOURCES } from './sagemaker-account';

const EndpointName = ENDPOINT.endpoint;
const open = async (): Promise<Account> =>
  new Account(await startEmulator([templateOf({ ...TESTER, ...RESOURCES })]));

afterAll(stopEmulators);

test.each(['Model', 'EndpointConfig', 'Endpoint'])(
  'a template with AWS::SageMaker::%s is refused',
  (kind) => {
    const resources = { Made: { Type: `AWS::SageMaker::${kind}`, Properties: {} } };
    expect(() => deployed(templateOf(resources))).toThrow(`AWS::SageMaker::${kind}`);
  },
);

const watched = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: ALARM }] } };
const blueGreen = (more: object, routing: object): DeploymentConfig => ({
  BlueGreenUpdatePolicy: {
    TrafficRoutingConfiguration: {
      Type: 'ALL_AT_ONCE',
      WaitIntervalInSeconds: 300,
      ...routing,
    },
    ...more,
  },
  ...watched,
});
const percent = (Value: number) => ({ Type: 'CAPACITY_PERCENT' as const, Value });
const AT_ONCE = blueGreen({}, {});
const CANARY = blueGreen({ TerminationWaitInSeconds: 120 }, { Type: 'CANARY', CanarySize: percent(25) });
const ROLLING: DeploymentConfig = {
  RollingUpdatePolicy: { MaximumBatchSize: percent(50), WaitIntervalInSeconds: 300 },
  ...watched,
};
/** Instances come after 150 seconds, containers answer 60 seconds later. */
const STARTED = 215;

describe('a model', () => {
  test.each([
    ['execution', 'none', `Requested image ${imageOf('none')} not found.`],
    ['no-images', 'v1', `Role "${roleArn('no-images')}" cannot pull ${imageOf('v1')}.`],
    ['no-trust', 'v1', `Role "${roleArn('no-trust')}" cannot pull`],
    ['no-artifacts', 'v1', `Could not access model data at ${artifactOf('v1')}.`],
    ['execution', 'image-only', `Could not find model data at ${artifactOf('image-only')}.`],
    ['no-listing', 'image-only', `Could not access model data at ${artifactOf('image-only')}.`],
  ])('is refused with role %s and version %s', async (role, version, message) => {
    const account = await open();
    account.publish('v1');
    account.world.ecr.push(imageOf('image-only'), 'image only');
    await expect(account.createModel(version, role)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(message) as unknown,
    });
  });

  test.each([
    ['an artifact of another form', { ModelDataUrl: `s3://${BUCKET}/model.pkl` }, '.tar.gz'],
    ['a bucket of another region', { ModelDataUrl: 's3://elsewhere/model.tar.gz' }, 'Could not access'],
  ])('is refused with %s', async (_, container, message) => {
    const account = await open();
    account.publish('v1');
    const PrimaryContainer = { Image: imageOf('v1'), ...container };
    const wanted = { ModelName: 'v1', ExecutionRoleArn: roleArn('execution'), PrimaryContainer };
    await expect(account.sagemaker.send(new CreateModelCommand(wanted))).rejects.toThrow(message);
  });

  test('of a form that is not modelled is a fault of the emulator', async () => {
    const account = await open();
    const wanted = { ModelName: 'v1', ExecutionRoleArn: roleArn('execution'), Containers: [] };
    await expect(account.sagemaker.send(new CreateModelCommand(wanted))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
    expect(account.emulator.aws.failures).toEqual([expect.stringContaining('does not model Containers')]);
  });

  test('has a name of its own, in the form that SageMaker wants', async () => {
    const account = await open();
    account.publish('v1');
    await account.createModel('v1');
    await expect(account.createModel('v1')).rejects.toThrow('Cannot create already existing model');
    await expect(account.createModel('a_b')).rejects.toThrow('regular expression pattern');
  });
});

describe('a new endpoint', () => {
  test('is created, serves, and is deleted', async () => {
    const account = await open();
    await account.prepare('v1');
    await account.create('v1');
    const { EndpointStatus, PendingDeploymentSummary, ProductionVariants } = await account.describe();
    expect(EndpointStatus).toBe('Creating');
    expect(PendingDeploymentSummary).toMatchObject({ EndpointConfigName: 'v1' });
    expect(ProductionVariants).toBeUndefined();
    expect(account.emulator.aws.leftovers()).toEqual(['sagemaker: 111111111111 bikes is Creating']);
    await expect(account.sagemaker.send(new DeleteEndpointCommand({ EndpointName }))).rejects.toThrow(
      'Cannot update in-progress endpoint',
    );
    account.pass(STARTED);
    expect(await account.describe()).toMatchObject({
      EndpointStatus: 'InService',
      EndpointConfigName: 'v1',
      ProductionVariants: [
        {
          CurrentInstanceCount: 4,
          DeployedImages: [
            { SpecifiedImage: imageOf('v1'), ResolvedImage: expect.stringContaining('@sha256:') },
          ],
        },
      ],
    });
    expect(account.emulator.aws.leftovers()).toEqual([]);
    await account.sagemaker.send(new DeleteEndpointCommand({ EndpointName }));
    expect(await account.story()).toEqual(['Deleting', 'v1']);
    account.pass(30);
    await expect(account.describe()).rejects.toThrow('Could not find endpoint "arn:aws:sagemaker:');
  });

  test('whose artifact went away has failed, and can only be deleted', async () => {
    const account = await open();
    await account.prepare('v1');
    await account.create('v1');
    await account.emulator
      .clients()
      .s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: 'v1/model.tar.gz' }));
    account.pass(STARTED);
    const [status, , reason] = await account.story();
    expect(status).toBe('Failed');
    expect(reason).toContain(
      `Failed to download model data for container "container_1" from URL: "${artifactOf('v1')}"`,
    );
    await expect(account.update('v1')).rejects.toThrow('Cannot update failed endpoint');
    expect(account.emulator.aws.leftovers()).toEqual(['sagemaker: 111111111111 bikes is Failed']);
    await account.sagemaker.send(new DeleteEndpointCommand({ EndpointName }));
  });

  test.each([
    [
      'cannotStart',
      220,
      'CannotStartContainerError. Please ensure the model container for variant AllTraffic',
    ],
    ['unhealthy', 640, 'The primary container for production variant AllTraffic did not pass the ping'],
  ] as const)('whose container is %s has failed after %i seconds', async (kind, seconds, reason) => {
    const account = await open();
    account.world.sagemaker.behave({ behaviour: { kind } });
    await account.prepare('v1');
    await account.create('v1');
    account.pass(seconds - 20);
    expect(await account.story()).toEqual(['Creating', 'v1']);
    account.pass(20);
    expect(await account.story()).toEqual(['Failed', 'v1', expect.stringContaining(reason)]);
  });

  test('waits for instances, and fails without them', async () => {
    const account = await open();
    const { sagemaker } = account.world;
    sagemaker.setCapacity(ACCOUNT, 'ml.c5.large', false);
    await account.prepare('v1');
    await account.create('v1');
    account.pass(1_790);
    expect(await account.story()).toEqual(['Creating', 'v1']);
    account.pass(20);
    expect(await account.story()).toEqual([
      'Failed',
      'v1',
      expect.stringContaining('InsufficientInstanceCapacity'),
    ]);
  });

  test('comes late where instances come late', async () => {
    const account = await open();
    const { sagemaker } = account.world;
    sagemaker.setCapacity(ACCOUNT, 'ml.c5.large', false);
    await account.prepare('v1');
    await account.create('v1');
    account.pass(900);
    sagemaker.setCapacity(ACCOUNT, 'ml.c5.large', true);
    account.pass(10);
    expect(await account.story()).toEqual(['InService', 'v1']);
  });

  test('needs a configuration and a model', async () => {
    const account = await open();
    await expect(account.create('v1')).rejects.toThrow(
      'Could not find endpoint configuration "arn:aws:sagemaker:',
    );
    await expect(account.createConfig('v1')).rejects.toThrow('Could not find model "arn:aws:sagemaker:');
  });
});

describe('the plan of an update', () => {
  const canary = (CanarySize?: object) => blueGreen({}, { Type: 'CANARY', CanarySize });
  const linear = (step: number) => blueGreen({}, { Type: 'LINEAR', LinearStepSize: percent(step) });
  const instances = (Value: number) => ({ Type: 'INSTANCE_COUNT', Value });
  const batches = (size: number, more: object = {}) => ({
    RollingUpdatePolicy: { MaximumBatchSize: percent(size), WaitIntervalInSeconds: 300, ...more },
  });

  test.each([
    ['all at once', AT_ONCE, [100]],
    ['a canary', CANARY, [25, 100]],
    ['a canary of one instance', canary(instances(1)), [25, 100]],
    ['linear steps', linear(40), [40, 80, 100]],
    ['a rolling update', ROLLING, [50, 100]],
    ['a rolling update one by one', batches(5), [25, 50, 75, 100]],
  ])('with %s', (_, config, shifts) => {
    expect(planOf(config as DeploymentConfig, 4)).toMatchObject({ shifts, bake: 300 });
    expect(planOf(undefined, 4)).toMatchObject({ shifts: [100], bake: 0 });
  });

  test.each([
    ['a canary over 50 %', canary(percent(51)), 'CanarySize'],
    ['a canary that is all there is', canary(instances(4)), '1 to 50, got 100'],
    ['a canary without size', canary(), 'CanarySize is missing'],
    ['linear steps under 10 %', linear(9), 'LinearStepSize'],
    ['a wait over an hour', blueGreen({}, { WaitIntervalInSeconds: 3_601 }), 'WaitIntervalInSeconds'],
    ['a long end', blueGreen({ TerminationWaitInSeconds: 3_601 }, {}), 'TerminationWaitInSeconds'],
    ['a short limit', blueGreen({ MaximumExecutionTimeoutInSeconds: 599 }, {}), '600 to 28800, got 599'],
    ['a batch over 50 %', batches(51), 'MaximumBatchSize'],
    ['a small batch back', batches(5, { RollbackMaximumBatchSize: percent(4) }), 'RollbackMaximumBatchSize'],
    ['two policies', { ...AT_ONCE, ...ROLLING }, 'Only one update policy'],
    ['no alarm in the list', { AutoRollbackConfiguration: { Alarms: [] } }, 'Alarms: 1 to 10, got 0'],
  ])('is refused with %s', (_, config, message) => {
    expect(() => planOf(config as DeploymentConfig, 4)).toThrow(message);
  });
});

describe('an update', () => {
  test('by canary goes through its steps', async () => {
    const account = await (await open()).inService();
    await account.update('v2', CANARY);
    const { sagemaker } = account.world;
    sagemaker.answer({ config: 'v2', answer: { kind: 'answers', body: '"new"' } });
    const invoked = async (): Promise<string> => {
      const { Body } = await account.runtime.send(new InvokeEndpointCommand({ EndpointName, Body: '{}' }));
      return Body?.transformToString() ?? '';
    };
    expect(await invoked()).not.toBe('"new"');
    account.pass(STARTED);
    const { PendingDeploymentSummary: pending } = await account.describe();
    expect(pending).toMatchObject({
      EndpointConfigName: 'v2',
      ProductionVariants: [
        { CurrentWeight: 0.25, CurrentInstanceCount: 4, VariantStatus: [{ Status: 'Baking' }] },
      ],
    });
    const answers = [];
    for (let index = 0; index < 20; index += 1) answers.push(await invoked());
    expect(answers.filter((body) => body === '"new"')).toHaveLength(5);
    account.pass(300);
    expect(await invoked()).toBe('"new"');
    expect(await account.story()).toEqual(['Updating', 'v1']);
    account.pass(300 + 100);
    expect(await account.story()).toEqual(['Updating', 'v1']);
    account.pass(40);
    expect(await account.story()).toEqual(['InService', 'v2']);
    expect((await account.describe()).LastDeploymentConfig).toEqual(CANARY);
  });

  test.each([
    ['all at once', AT_ONCE],
    ['by canary', CANARY],
    ['in batches', ROLLING],
  ])('%s goes back when an alarm rings while it bakes', async (_, config) => {
    const account = await (await open()).inService();
    const { cloudwatch } = account.world;
    await account.update('v2', config);
    account.pass(STARTED + 50);
    cloudwatch.setAlarm(ACCOUNT, REGION, ALARM, 'ALARM');
    account.pass(2);
    expect(await account.story()).toEqual(['RollingBack', 'v1']);
    account.pass(70);
    expect(await account.story()).toEqual(['InService', 'v1', expect.stringContaining(ALARM)]);
    expect(account.emulator.aws.leftovers()).toEqual([]);
    cloudwatch.setAlarm(ACCOUNT, REGION, ALARM, 'OK');
    await account.update('v2', config);
    expect(await account.story()).toEqual(['Updating', 'v1']);
    account.pass(1_200);
    expect(await account.story()).toEqual(['InService', 'v2']);
  });

  test('watches no alarm before and after its bake', async () => {
    const account = await (await open()).inService();
    const { cloudwatch } = account.world;
    cloudwatch.setAlarm(ACCOUNT, REGION, ALARM, 'ALARM');
    await account.update('v2', blueGreen({}, { WaitIntervalInSeconds: 0 }));
    account.pass(STARTED);
    expect(await account.story()).toEqual(['InService', 'v2']);
  });

  test('needs a role that may read its alarms', async () => {
    const account = await (await open()).inService('no-alarms');
    await account.update('v2', AT_ONCE);
    account.pass(STARTED + 70);
    expect(await account.story()).toEqual([
      'InService',
      'v1',
      expect.stringContaining('cloudwatch:DescribeAlarms'),
    ]);
  });

  test.each([
    ['cannotStart', 290, 'CannotStartContainerError'],
    ['unhealthy', 710, 'did not pass the ping health check'],
  ] as const)('goes back where the container is %s', async (kind, seconds, reason) => {
    const account = await (await open()).inService();
    account.world.sagemaker.behave({
      image: { except: [imageOf('v1')] },
      behaviour: { kind, lines: ['no module named mlflow'] } as never,
    });
    await account.update('v2', AT_ONCE);
    account.pass(seconds);
    expect(await account.story()).toEqual(['InService', 'v1', expect.stringContaining(reason)]);
    const logged = [...account.world.logs.state.groups.values()].flatMap(({ name, streams }) => [
      name,
      ...[...streams.values()].flatMap(({ events }) => events.map(({ message }) => message)),
    ]);
    expect(logged).toEqual(
      kind === 'unhealthy' ? ['/aws/sagemaker/Endpoints/bikes', 'no module named mlflow'] : [],
    );
  });

  test('goes back where it takes too long', async () => {
    const account = await (await open()).inService();
    await account.update(
      'v2',
      blueGreen({ MaximumExecutionTimeoutInSeconds: 600 }, { WaitIntervalInSeconds: 3_600 }),
    );
    account.pass(590);
    expect(await account.story()).toEqual(['Updating', 'v1']);
    account.pass(80);
    expect(await account.story()).toEqual(['InService', 'v1', expect.stringContaining('600 seconds')]);
  });

  test('goes back without a word where SageMaker does', async () => {
    const account = await (await open()).inService();
    await account.update('v2', AT_ONCE);
    account.pass(100);
    account.world.sagemaker.rollBack(ENDPOINT);
    account.pass(70);
    expect(await account.story()).toEqual(['InService', 'v1']);
    expect(() => account.world.sagemaker.rollBack(ENDPOINT)).toThrow('is not updated');
  });

  test('in batches is stuck between two fleets where instances do not come back', async () => {
    const account = await (await open()).inService();
    const { cloudwatch, sagemaker } = account.world;
    await account.update('v2', ROLLING);
    account.pass(STARTED + 305);
    expect(await account.describe()).toMatchObject({
      ProductionVariants: [{ CurrentInstanceCount: 2, DesiredInstanceCount: 4 }],
      PendingDeploymentSummary: { ProductionVariants: [{ CurrentInstanceCount: 2 }] },
    });
    account.pass(STARTED);
    cloudwatch.setAlarm(ACCOUNT, REGION, ALARM, 'ALARM');
    sagemaker.setCapacity(ACCOUNT, 'ml.c5.large', false);
    account.pass(300);
    expect(await account.story()).toEqual(['UpdateRollbackFailed', 'v1', expect.stringContaining(ALARM)]);
    expect(account.emulator.aws.leftovers()).toEqual([
      'sagemaker: 111111111111 bikes is UpdateRollbackFailed',
    ]);
    sagemaker.setCapacity(ACCOUNT, 'ml.c5.large', true);
    await account.update('v1');
    account.pass(STARTED);
    expect(await account.story()).toEqual(['InService', 'v1']);
  });

  test('waits for the one that is under way', async () => {
    const account = await (await open()).inService();
    await account.update('v2', AT_ONCE);
    await expect(account.update('v1')).rejects.toThrow('Cannot update in-progress endpoint "arn:');
    account.pass(STARTED);
    account.world.cloudwatch.setAlarm(ACCOUNT, REGION, ALARM, 'ALARM');
    account.pass(2);
    await expect(account.update('v1')).rejects.toThrow('Cannot update in-progress endpoint "arn:');
  });

  test.each([
    [false, [], 4],
    [true, [], 7],
    [true, [{ VariantPropertyType: 'DesiredInstanceCount' }], 4],
  ])('keeps instance counts only where it is told to: %s %j', async (retain, excluded, instances) => {
    const account = await (await open()).inService();
    const { sagemaker } = account.world;
    sagemaker.setInstances(ENDPOINT, 7);
    await account.update('v2', undefined, {
      RetainAllVariantProperties: retain,
      ...(excluded.length > 0 && { ExcludeRetainedVariantProperties: excluded }),
    });
    account.pass(STARTED);
    expect(sagemaker.endpoint(ENDPOINT)).toMatchObject({ status: 'InService', config: 'v2', instances });
  });

  test.each([
    [[], undefined],
    [[{ VariantPropertyType: 'DataCaptureConfig' }], { EnableCapture: true, CurrentSamplingPercentage: 20 }],
  ])(
    'takes data capture from the new configuration only where it is told to: %j',
    async (excluded, capture) => {
      const account = await (await open()).inService();
      const DataCaptureConfig = {
        InitialSamplingPercentage: 20,
        DestinationS3Uri: 's3://captured/bikes',
        CaptureOptions: [{ CaptureMode: 'Input' as const }],
        EnableCapture: true,
      };
      await account.createConfig('captured', { ModelName: 'v2' }, { DataCaptureConfig });
      await account.update('captured', undefined, {
        RetainAllVariantProperties: true,
        ExcludeRetainedVariantProperties: excluded,
      });
      account.pass(STARTED);
      const described = await account.describe();
      expect(described.EndpointConfigName).toBe('captured');
      if (capture) expect(described.DataCaptureConfig).toMatchObject(capture);
      else expect(described.DataCaptureConfig).toBeUndefined();
    },
  );

  test('takes up the last deployment configuration where it is told to', async () => {
    const account = await (await open()).inService();
    await account.update('v2', AT_ONCE);
    account.pass(STARTED + 310);
    await account.update('v1', undefined, { RetainDeploymentConfig: true });
    account.pass(STARTED);
    expect(await account.story()).toEqual(['Updating', 'v2']);
    account.pass(310);
    expect(await account.story()).toEqual(['InService', 'v1']);
  });

  test('is refused with an alarm that is not there, and with variants of other names', async () => {
    const account = await (await open()).inService();
    const unknown = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: 'none' }] } };
    await expect(account.update('v2', unknown)).rejects.toThrow('Alarm none does not exist.');
    await account.createConfig('other', { ModelName: 'v2', VariantName: 'Other' });
    await expect(account.update('other', AT_ONCE)).rejects.toThrow('AllTraffic, got Other');
    await account.update('other');
  });

  test('goes on where a situation is taken up again', async () => {
    const account = await (await open()).inService();
    const { aws } = account.emulator;
    await account.update('v2', AT_ONCE);
    account.pass(100);
    const situation = aws.snapshot();
    account.pass(STARTED + 310);
    expect(await account.story()).toEqual(['InService', 'v2']);
    aws.restore(situation);
    expect(await account.story()).toEqual(['Updating', 'v1']);
    account.pass(400);
    expect(await account.story()).toEqual(['InService', 'v2']);
  });

  test('of somebody else is as any other', async () => {
    const account = await (await open()).inService();
    account.publish('foreign');
    const version = { name: 'foreign', image: imageOf('foreign') };
    account.world.sagemaker.deployForeign(ENDPOINT, version);
    account.pass(STARTED);
    expect(account.world.sagemaker.endpoint(ENDPOINT)).toMatchObject({
      ...{ status: 'InService', config: 'foreign', image: imageOf('foreign'), artifact: artifactOf('v1') },
    });
  });
});

describe('endpoint configurations', () => {
  test('can be deleted while they serve, after which the endpoint cannot be updated', async () => {
    const account = await (await open()).inService();
    const gone = { EndpointConfigName: 'v1' };
    await account.sagemaker.send(new DeleteEndpointConfigCommand(gone));
    expect(await account.story()).toEqual(['InService', 'v1']);
    expect(account.emulator.aws.leftovers()).toEqual([expect.stringContaining('runs v1, which was deleted')]);
    await expect(account.update('v2')).rejects.toThrow('Could not find endpoint configuration "arn:');
    await expect(account.sagemaker.send(new DescribeEndpointConfigCommand(gone))).rejects.toThrow(
      'Could not find',
    );
  });

  test('are listed newest first, page by page', async () => {
    const account = await (await open()).inService();
    await account.prepare('other');
    const pages: (string | undefined)[][] = [];
    let NextToken: string | undefined;
    do {
      const asked = { NameContains: 'v', MaxResults: 10, ...(NextToken !== undefined && { NextToken }) };
      const answer = await account.sagemaker.send(new ListEndpointConfigsCommand(asked));
      pages.push((answer.EndpointConfigs ?? []).map(({ EndpointConfigName }) => EndpointConfigName));
      ({ NextToken } = answer);
    } while (NextToken !== undefined);
    expect(pages).toEqual([['v2'], ['v1']]);
    const byName = new ListEndpointConfigsCommand({ SortBy: 'Name', SortOrder: 'Ascending' });
    const { EndpointConfigs } = await account.sagemaker.send(byName);
    expect(EndpointConfigs?.[0]?.EndpointConfigName).toBe('other');
  });
});

describe('an invocation', () => {
  const payload = JSON.stringify({ dataframe_split: { columns: ['hour'], data: [[8], [17]] } });
  const invoke = (account: Account) =>
    account.runtime.send(
      new InvokeEndpointCommand({ EndpointName, Body: payload, ContentType: 'application/json' }),
    );

  test('answers one prediction for each row', async () => {
    const account = await (await open()).inService();
    const { Body, ContentType, InvokedProductionVariant } = await invoke(account);
    expect(JSON.parse(Body?.transformToString() ?? '')).toEqual({ predictions: [1, 1] });
    expect([ContentType, InvokedProductionVariant]).toEqual(['application/json', 'AllTraffic']);
  });

  test('answers as a rule says, in its time', async () => {
    const account = await (await open()).inService();
    const { clock } = account.emulator;
    account.world.sagemaker.answer({
      answer: { kind: 'answers', body: '<p>', contentType: 'text/html', takes: 12 },
    });
    const before = clock.now();
    const { Body, ContentType } = await invoke(account);
    expect([Body?.transformToString(), ContentType]).toEqual(['<p>', 'text/html']);
    expect(clock.now() - before).toBeGreaterThanOrEqual(12_000);
  });

  test.each([
    [
      { kind: 'refuses', status: 400, message: 'schema mismatch' },
      400,
      'Received client error (400) from primary with message "schema mismatch". See https://us-east-1.console',
    ],
    [
      { kind: 'refuses', status: 500, message: 'boom' },
      500,
      'Received server error (500) from primary with message "boom".',
    ],
    [{ kind: 'hangs' }, 0, 'Your invocation timed out while waiting for a response from container primary.'],
    [{ kind: 'answers', takes: 90 }, 0, 'Your invocation timed out'],
  ] as const)('fails with %j', async (answer, OriginalStatusCode, message) => {
    const account = await (await open()).inService();
    account.world.sagemaker.answer({ answer });
    await expect(invoke(account)).rejects.toMatchObject({
      ...{ name: 'ModelError', OriginalStatusCode, $metadata: { httpStatusCode: 424 } },
      message: expect.stringContaining(message) as unknown,
      LogStreamArn: expect.stringContaining('log-group:/aws/sagemaker/Endpoints/bikes') as unknown,
    });
    expect(account.emulator.aws.failures).toEqual([]);
  });

  test('needs an endpoint that serves', async () => {
    const account = await open();
    await account.prepare('v1');
    await expect(invoke(account)).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Endpoint bikes of account ${ACCOUNT} not found.`,
    });
    await account.create('v1');
    await expect(invoke(account)).rejects.toThrow('not found');
  });

  test('and every other call is decided by IAM', async () => {
    const account = await (await open()).inService();
    const reader = new Account(account.emulator, 'reader');
    await expect(reader.story()).resolves.toEqual(['InService', 'v1']);
    await expect(invoke(reader)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(reader.update('v2')).rejects.toThrow(
      'is not authorized to perform: sagemaker:UpdateEndpoint',
    );
    const Tags = [{ Key: 'team', Value: 'bikes' }];
    const names = { EndpointName: 'tagged', EndpointConfigName: 'v1', Tags };
    await account.sagemaker.send(new CreateEndpointCommand(names));
    expect(
      account.emulator.aws.calls.slice(-3).map(({ action, context }) => [action, context['aws:TagKeys']]),
    ).toEqual([
      ['sagemaker:CreateEndpoint', ['team']],
      ['sagemaker:CreateEndpoint', ['team']],
      ['sagemaker:AddTags', ['team']],
    ]);
  });
});
