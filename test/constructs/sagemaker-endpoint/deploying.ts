import { image, MODEL, OTHER_MODEL, REGION, ACCOUNT, type StartWorld, type World } from './world';

const configOf = (world: World, name: string) =>
  world.sagemaker.state.configs.find((each) => each.name === name)?.content;
const modelOf = (world: World, name: string) =>
  world.sagemaker.state.models.find((each) => each.name === name)?.content.PrimaryContainer;

/** Deployments and waits. */
export function describeDeploying(start: StartWorld): void {
  describe('deploying', () => {
    test('B04 the first deployment makes the endpoint; image and model stand in the release, by digest and version', async () => {
      const world = await start();
      const { receipt, outcome } = await world.release(image('1'));
      expect(outcome.result).toBe('succeeded');
      expect(receipt.version.name).toMatch(/^bikeshare-production-[0-9a-f]{12}$/);
      expect(receipt.version.model).toMatch(
        /^s3:\/\/ml-bikeshare-models\/models\/1\/model\.tar\.gz\?versionId=.+/,
      );
      expect(world.released('releasedConfig')).toBe(receipt.version.name);
      expect(world.released('releasedModel')).toBe(receipt.version.model);
      expect(modelOf(world, receipt.version.name)).toMatchObject({
        Image: image('1').toString(),
        ModelDataUrl: MODEL,
      });
    });

    test('B04 an update goes by the declared guardrails and keeps what autoscaling chose', async () => {
      const world = await start();
      await world.release(image('1'));
      world.sagemaker.setInstances(world.name, 4);
      const { receipt } = await world.release(image('2'));
      expect(world.view).toMatchObject({ config: receipt.version.name, instances: 4 });
      expect(world.sagemaker.state.endpoints[0]?.lastDeploymentConfig).toEqual({
        BlueGreenUpdatePolicy: {
          TrafficRoutingConfiguration: {
            Type: 'CANARY',
            CanarySize: { Type: 'CAPACITY_PERCENT', Value: 50 },
            WaitIntervalInSeconds: 30,
          },
          TerminationWaitInSeconds: 10,
          MaximumExecutionTimeoutInSeconds: 1800,
        },
        AutoRollbackConfiguration: {
          Alarms: [
            { AlarmName: 'bikeshare-production-server-errors' },
            { AlarmName: 'bikeshare-production-model-latency' },
          ],
        },
      });
    });

    test('B04 rolling and linear updates reach their end too', async () => {
      for (const update of [
        {
          strategy: 'Linear',
          stepPercent: 50,
          waitSeconds: 60,
          terminationWaitSeconds: 0,
          maximumExecutionSeconds: 1800,
        },
        {
          strategy: 'Rolling',
          batchPercent: 50,
          rollbackBatchPercent: 100,
          waitSeconds: 60,
          maximumExecutionSeconds: 1800,
        },
      ] as const) {
        const world = await start({ update });
        await world.release(image('1'));
        expect((await world.release(image('2'))).outcome.result).toBe('succeeded');
      }
    });

    test('B05 without a model, the released one is deployed again', async () => {
      const world = await start();
      const { receipt } = await world.release(image('1'));
      const context = world.context();
      const again = await world.deployer().deploy({ images: [image('2')] }, context);
      expect(again.version.model).toBe(receipt.version.model);
      await world.deployer().wait(again, context);
    });

    test('B08 the first deployment needs a model, and says how to name one', async () => {
      const world = await start();
      await expect(world.deployer().deploy({ images: [image('1')] }, world.context())).rejects.toMatchObject({
        code: 'InvalidModelArtifact',
        message: expect.stringMatching(/s3:\/\/ml-bikeshare-models\/<key>.*initial model/) as unknown,
      });
      expect(world.changesSince(0)).toEqual([]);
    });

    test('B04 the initial model is for the first release only: then what was released last counts', async () => {
      const world = await start({ initialModel: MODEL });
      const without = async (digit: string) => {
        const context = world.context();
        const receipt = await world.deployer().deploy({ images: [image(digit)] }, context);
        await world.deployer().wait(receipt, context);
        return receipt.version.model;
      };
      expect(await without('1')).toContain(`${MODEL}?versionId=`);
      const other = MODEL.replace('/1/', '/2/');
      const { receipt } = await world.release(image('1'), other);
      expect(receipt.version.model).toContain(`${other}?versionId=`);
      expect(await without('2')).toBe(receipt.version.model);
    });

    test('B08 an initial model that does not exist is refused before SageMaker hears of it', async () => {
      const world = await start({ initialModel: MODEL.replace('/1/', '/9/') });
      await expect(world.deployer().deploy({ images: [image('1')] }, world.context())).rejects.toMatchObject({
        code: 'ModelNotFound',
      });
      expect(world.changesSince(0)).toEqual([]);
    });

    test.each([
      ['s3://somewhere-else/model.tar.gz', 'ForeignModel'],
      ['s3://ml-bikeshare-models/models/9/model.tar.gz', 'ModelNotFound'],
      ['s3://ml-bikeshare-models/models/1/model.tar.gz?versionId=older', 'ModelOverwritten'],
    ])('B08 %s is refused before SageMaker hears of it: %s', async (model, code) => {
      const world = await start();
      await expect(world.deploy(image('1'), model)).rejects.toMatchObject({ code });
      expect(world.changesSince(0)).toEqual([]);
    });

    test('a new model with the same image is another version', async () => {
      const world = await start();
      const { receipt } = await world.release(image('1'));
      const { receipt: second } = await world.release(image('1'), MODEL.replace('/1/', '/2/'));
      expect(second.state).toBe('started');
      expect(second.version.name).not.toBe(receipt.version.name);
      expect(second.previous).toEqual(receipt.version);
    });

    test('settings that the stack does not declare yet are not used', async () => {
      const world = await start({ instanceType: 'ml.c5.large' });
      const { declaredSettings } = world.spec.parameters;
      const declared = JSON.parse(world.ssm.get(ACCOUNT, REGION, declaredSettings) ?? '') as object;
      world.put(declaredSettings, JSON.stringify({ ...declared, instanceType: 'ml.m5.large' }));
      const context = world.context();
      const receipt = await world.deploy(image('1'), MODEL, context);
      expect(context.codes()).toContain('settings.notDeployed');
      expect(configOf(world, receipt.version.name)?.ProductionVariants?.[0]?.InstanceType).toBe(
        'ml.m5.large',
      );
      await world.deployer().wait(receipt, context);
    });

    test('an instance count that was declared anew counts; data capture is what the stack declares', async () => {
      const world = await start();
      await world.release(image('1'));
      const { declaredSettings } = world.spec.parameters;
      const declared = JSON.parse(world.ssm.get(ACCOUNT, REGION, declaredSettings) ?? '') as object;
      const dataCapture = { bucketUri: 's3://ml-bikeshare-capture/production', percentage: 20 };
      world.put(declaredSettings, JSON.stringify({ ...declared, instanceCount: 3, dataCapture }));
      const { receipt } = await world.release(image('1'));
      expect(world.view).toMatchObject({ instances: 3 });
      expect(configOf(world, receipt.version.name)?.DataCaptureConfig).toMatchObject({
        EnableCapture: true,
        InitialSamplingPercentage: 20,
        DestinationS3Uri: 's3://ml-bikeshare-capture/production',
      });
    });

    test('what a parameter holds that is no settings names the stack', async () => {
      const world = await start();
      world.put(world.spec.parameters.declaredSettings, 'not json');
      await expect(world.deploy(image('1'))).rejects.toMatchObject({
        code: 'NotDeployed',
        message: expect.stringContaining('npx cdk deploy ml-bikeshare-production') as unknown,
      });
    });

    test('keeps the last releases, deletes older ones, and never one that somebody else made', async () => {
      const world = await start({ keepConfigs: 2 });
      const names: string[] = [];
      for (const digit of ['1', '2', '3'])
        names.push((await world.release(image(digit))).receipt.version.name);
      expect(world.configs).toEqual(names.slice(1));
      expect(world.sagemaker.state.models.map(({ name }) => name)).toEqual(names.slice(1));
      world.sagemaker.deployForeign(world.name, { name: 'by-hand', image: image('9').toString() });
      world.clock.pass(600);
      await world.release(image('4'));
      expect(world.configs).toContain('by-hand');
    });

    test.each(['InService', 'Updating'] as const)(
      'an old version that is in use again, or may be soon, is not deleted: the endpoint is %s',
      async (status) => {
        const world = await start({ keepConfigs: 2 });
        const { receipt } = await world.release(image('1'));
        await world.release(image('2'));
        const old = receipt.version.name;
        // While the endpoint moves, it does not say everything that it may come back to.
        const config = status === 'InService' ? old : 'by-hand';
        world.server.twists.push({
          action: /ListEndpointConfigs/,
          before: () => Object.assign(world.sagemaker.state.endpoints[0] ?? {}, { config, status }),
        });
        await world.release(image('3'));
        expect(world.configs).toContain(old);
      },
    );

    test('a deletion that fails does not fail the deployment', async () => {
      const world = await start();
      const context = world.context();
      const receipt = await world.deploy(image('1'), MODEL, context);
      expect(await world.deployer().wait(receipt, context)).toMatchObject({ result: 'succeeded' });
      world.server.faults.push({ action: /ListEndpointConfigs/, times: 1, kind: 'denied' });
      await world.deployer().confirm?.(receipt.version, context);
      expect(context.codes()).toContain('version.kept');
      expect(world.released('releasedConfig')).toBe(receipt.version.name);
    });

    test('another update is waited for, because SageMaker takes none meanwhile', async () => {
      const world = await start();
      await world.release(image('1'));
      const first = await world.deploy(image('2'));
      const context = world.context();
      const second = await world.deploy(image('3'), MODEL, context);
      expect(context.codes()).toContain('endpoint.moving');
      expect(second.previous?.name).toBe(first.version.name);
      expect(await world.deployer().wait(second, context)).toMatchObject({ result: 'succeeded' });
    });

    test('the model is the one that serves once somebody else’s change has ended', async () => {
      const world = await start();
      const { receipt: first } = await world.release(image('1'), MODEL);
      await world.release(image('1'), OTHER_MODEL);
      const context = world.context();
      world.clock.in(7, context.interrupt);
      const back = world.deployer().rollback({ revision: first.version.name }, context);
      await expect(back).rejects.toMatchObject({ code: 'Interrupted' });
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      expect(receipt.version.model).toContain('models/1/model.tar.gz');
    });

    test('a model that never passed its checks is not taken over, whenever one looks', async () => {
      for (const seconds of [5, 900]) {
        const world = await start();
        await world.release(image('1'), MODEL);
        await world.deploy(image('1'), OTHER_MODEL);
        world.clock.pass(seconds);
        const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
        expect(receipt.version.model).toContain('models/1/model.tar.gz');
      }
    });

    test('what an interrupted run released is recorded by the next one', async () => {
      const world = await start();
      const receipt = await world.deploy(image('1'));
      world.clock.pass(900);
      expect(world.released('releasedConfig')).toBe('none');
      expect((await world.release(image('1'))).receipt.state).toBe('unchanged');
      expect(world.released('releasedConfig')).toBe(receipt.version.name);
      expect(world.released('releasedModel')).toBe(receipt.version.model);
    });
  });

  describe('updates that fail', () => {
    const failing = async (world: World, digit = 'f') => {
      await world.release(image('1'));
      return world.release(image(digit));
    };

    test('an update that SageMaker rolls back is a failure though the endpoint is InService', async () => {
      const world = await start();
      world.sagemaker.behave({ image: image('f').toString(), behaviour: { kind: 'cannotStart' } });
      const { receipt, outcome } = await failing(world);
      expect(world.view).toMatchObject({ status: 'InService', config: receipt.previous?.name });
      expect(outcome).toMatchObject({
        result: 'failed',
        reason: 'rolledBackByAws',
        message: expect.stringContaining('CannotStartContainerError') as unknown,
        running: receipt.previous,
      });
      expect(world.released('releasedConfig')).toBe(receipt.previous?.name);
    });

    test('a rollback that nobody tells of is noticed by the config', async () => {
      const world = await start();
      await world.release(image('1'));
      const receipt = await world.deploy(image('2'));
      world.clock.in(20, () => world.sagemaker.rollBack(world.name));
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        result: 'failed',
        reason: 'rolledBackByAws',
        message: expect.stringContaining('gives no reason') as unknown,
      });
    });

    test('an alarm in the bake time ends the update', async () => {
      const world = await start();
      await world.release(image('1'));
      const receipt = await world.deploy(image('2'));
      world.clock.in(50, () => world.ringing.add('bikeshare-production-server-errors'));
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'rolledBackByAws',
        message: expect.stringContaining('bikeshare-production-server-errors') as unknown,
      });
    });

    test('missing instances are told apart', async () => {
      const world = await start({
        update: {
          strategy: 'AllAtOnce',
          waitSeconds: 60,
          terminationWaitSeconds: 0,
          maximumExecutionSeconds: 2400,
        },
      });
      await world.release(image('1'));
      const receipt = await world.deploy(image('2'));
      world.sagemaker.setCapacity(ACCOUNT, 'ml.m5.large', false);
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ reason: 'noCapacity' });
    });

    test('the first deployment that fails leaves a Failed endpoint, which the rollback deletes', async () => {
      const world = await start();
      world.sagemaker.behave({ image: image('f').toString(), behaviour: { kind: 'cannotStart' } });
      const { receipt, outcome } = await world.release(image('f'));
      expect(outcome).toMatchObject({ result: 'failed', reason: 'stopped' });
      expect(await world.deployer().diagnose(world.context())).toMatchObject([
        { cause: expect.stringContaining('ended right after its start') as unknown },
        { remedy: expect.stringContaining('delete the endpoint') as unknown },
      ]);
      await expect(world.deploy(image('1'))).rejects.toMatchObject({ code: 'EndpointFailed' });
      const back = await world.deployer().rollback({ deployment: receipt.version.name }, world.context());
      expect(back.result).toBe('rolledBack');
      expect((await world.release(image('1'))).outcome.result).toBe('succeeded');
    });

    test('an endpoint with both versions is left to a person, in other words than a failed one', async () => {
      const world = await start({
        update: {
          strategy: 'Rolling',
          batchPercent: 50,
          rollbackBatchPercent: 100,
          waitSeconds: 300,
          maximumExecutionSeconds: 2400,
        },
      });
      await world.release(image('1'));
      const receipt = await world.deploy(image('2'));
      world.clock.in(450, () => {
        world.sagemaker.setCapacity(ACCOUNT, 'ml.m5.large', false);
        world.ringing.add('bikeshare-production-server-errors');
      });
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'stopped',
        message: expect.stringContaining('both versions serve') as unknown,
      });
      await expect(world.deploy(image('3'))).rejects.toMatchObject({
        code: 'EndpointRollbackFailed',
        message: expect.stringContaining('do not delete it') as unknown,
      });
      await expect(
        world.deployer().rollback({ deployment: receipt.version.name }, world.context()),
      ).rejects.toMatchObject({ code: 'EndpointRollbackFailed' });
      const remedies = (await world.deployer().diagnose(world.context())).map(({ remedy }) => remedy);
      expect(remedies.join()).toContain('do not delete the endpoint');
    });

    test('gives up at its own deadline, and says who ends the update', async () => {
      const world = await start();
      await world.release(image('1'));
      const receipt = await world.deploy(image('2'));
      world.sagemaker.state.timing.provisionsWithin = 100_000;
      const limit = world.sagemaker.state.endpoints[0]?.deployment;
      if (limit) Object.assign(limit, { plan: { ...limit.plan, limit: 100_000 } });
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'timedOut',
        message: expect.stringMatching(/45 minutes.*no way to stop it/) as unknown,
      });
      await expect(world.deploy(image('3'))).rejects.toMatchObject({ code: 'EndpointBusy' });
    });

    test('a deployment that somebody else replaced is superseded', async () => {
      const world = await start();
      await world.release(image('1'));
      const receipt = await world.deploy(image('2'));
      world.clock.pass(900);
      world.sagemaker.deployForeign(world.name, { name: 'by-hand', image: image('9').toString() });
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ reason: 'superseded' });
      world.clock.pass(900);
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ reason: 'superseded' });
    });

    test('an endpoint that was deleted meanwhile is a failure', async () => {
      const world = await start();
      const receipt = await world.deploy(image('1'));
      world.sagemaker.state.endpoints = [];
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'stopped',
        message: expect.stringContaining('deleted') as unknown,
      });
    });

    test('throttling and broken connections do not fail a wait; a session that ended does, by name', async () => {
      const world = await start();
      const receipt = await world.deploy(image('1'));
      world.server.faults.push({ action: /DescribeEndpoint$/, times: 6, kind: 'throttle' });
      world.server.faults.push({ action: /DescribeEndpoint$/, times: 1, kind: 'reset' });
      const context = world.context();
      expect(await world.deployer().wait(receipt, context)).toMatchObject({ result: 'succeeded' });
      expect(context.codes()).toContain('aws.unreachable');
      world.server.faults.push({ action: /DescribeEndpoint$/, times: 1, kind: 'expired' });
      await expect(world.deployer().wait(receipt, world.context())).rejects.toMatchObject({
        code: 'SessionExpired',
      });
    });

    test('a wait without receipt follows what is under way, and says where there is nothing', async () => {
      const world = await start();
      await expect(world.deployer().current(world.context())).rejects.toMatchObject({ code: 'NotDeployed' });
      const first = await world.release(image('1'));
      const receipt = await world.deploy(image('2'));
      const current = await world.deployer().current(world.context());
      expect(current).toMatchObject({
        deployment: receipt.deployment,
        version: receipt.version,
        previous: first.receipt.version,
      });
    });
  });
}
