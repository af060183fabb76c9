import { ecsServiceCalls } from '../../../../constructs/ecs-service/spec';
import {
  ACCOUNT,
  declaredDefinition,
  definitionArn,
  image,
  PARAMETERS,
  REGION,
  type StartWorld,
  type World,
} from './world';

export function describeDeploying(start: StartWorld): void {
  describe('deploying', () => {
    test('A05 the first run takes the service from zero tasks to the declared number', async () => {
      const world = await start();
      const receipt = await world.deployer().deploy({ images: [image('1')] }, world.context());
      expect(receipt).toMatchObject({ state: 'started', version: { name: 'kvs-infer-production:2' } });
      expect(receipt.previous).toBeUndefined();
      const outcome = await world.deployer().wait(receipt, world.context());
      expect(outcome).toEqual({ result: 'succeeded', version: receipt.version });
      expect(world.model.service.desired).toBe(2);
      expect(world.released).toEqual({ definition: definitionArn(2), image: image('1').toString() });
    });

    test('A05 registers what runs with only the image of the named container changed', async () => {
      const world = await start();
      await world.release(image('1'));
      await world.release(image('2'));
      const [, first, second] = world.model.definitions.map(({ content }) => content);
      const [app, metrics] = declaredDefinition().containerDefinitions ?? [];
      expect(second?.containerDefinitions).toEqual([{ ...app, image: image('2').toString() }, metrics]);
      expect({ ...second, containerDefinitions: [] }).toEqual({ ...first, containerDefinitions: [] });
    });

    test('A05 a later run keeps the number of tasks that autoscaling chose', async () => {
      const world = await start();
      await world.release(image('1'));
      world.model.service.desired = 1;
      await world.release(image('2'));
      expect(world.model.service.desired).toBe(1);
      expect(world.running).toEqual([image('2').toString()]);
    });

    test('A05 a run whose predecessor died between success and record records the release', async () => {
      const world = await start();
      await world.release(image('1'));
      world.parameters.set(PARAMETERS.releasedImage, 'none');
      const before = world.calls.length;
      await world.release(image('1'));
      expect(world.changesSince(before)).toEqual(['ssm:PutParameter']);
      expect(world.released.image).toBe(image('1').toString());
    });

    test('A05 follows a deployment of the same image that is under way', async () => {
      const world = await start();
      const first = await world.deployer().deploy({ images: [image('1')] }, world.context());
      const before = world.calls.length;
      const second = await world.deployer().deploy({ images: [image('1')] }, world.context());
      expect(second).toMatchObject({ state: 'resumed', deployment: first.deployment });
      expect(world.changesSince(before)).toEqual([]);
    });

    test('A05 another image replaces a deployment that is under way, and says so', async () => {
      const world = await start();
      const first = await world.deployer().deploy({ images: [image('1')] }, world.context());
      const context = world.context();
      const second = await world.deployer().deploy({ images: [image('2')] }, context);
      expect(context.codes()).toContain('deployment.supersedes');
      expect(await world.deployer().wait(first, world.context())).toMatchObject({ reason: 'superseded' });
      expect((await world.deployer().wait(second, world.context())).result).toBe('succeeded');
    });

    test('A05 takes up settings that the stack has declared since, and names the fields', async () => {
      const world = await start();
      await world.release(image('1'));
      const [app, metrics] = declaredDefinition().containerDefinitions ?? [];
      const changed = declaredDefinition({
        containerDefinitions: [
          { ...app, memory: 12_288, environment: [{ name: 'LOG_LEVEL', value: 'debug' }] },
          { ...metrics, name: 'metrics' },
        ],
      });
      world.parameters.set(PARAMETERS.declaredTaskDefinition, world.model.register(changed).arn);
      const context = world.context();
      const receipt = await world.deployer().deploy({ images: [image('1')] }, context);
      expect(receipt.state).toBe('started');
      expect(context.events.find(({ code }) => code === 'definition.changed')?.data?.fields).toEqual([
        'containerDefinitions.app.memory',
        'containerDefinitions.app.environment.LOG_LEVEL.value',
      ]);
      await world.deployer().wait(receipt, world.context());
      const runs = world.model.definition(world.model.target)?.content.containerDefinitions?.[0];
      expect(runs).toMatchObject({ image: image('1').toString(), memory: 12_288 });
    });

    test('A05 without a receipt the wait follows the newest deployment', async () => {
      const world = await start();
      const { deployment, version } = await world
        .deployer()
        .deploy({ images: [image('1')] }, world.context());
      const receipt = await world.deployer().current(world.context());
      expect(receipt).toMatchObject({ deployment, version });
      expect((await world.deployer().wait(receipt, world.context())).result).toBe('succeeded');
    });

    test('A05 a service that has no tasks yet counts as nothing released', async () => {
      const world = await start();
      const receipt = await world.deployer().current(world.context());
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ reason: 'stopped' });
      expect(world.released).toEqual({ definition: 'none', image: 'none' });
    });

    test('D02 on Fargate it asks for no instances', async () => {
      const world = await start({ spec: { capacity: undefined } });
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'rolledBackByAws',
      });
      expect(await world.deployer().diagnose(world.context())).not.toEqual([]);
      const location = { account: ACCOUNT, region: REGION };
      const declared = Object.values(ecsServiceCalls(world.spec, location)).flatMap((calls) => calls);
      expect(declared.map(({ action }) => action)).toEqual(
        expect.arrayContaining([...world.server.actions()]),
      );
      expect(world.server.actions().filter((action) => action.includes('ContainerInstances'))).toEqual([]);
    });

    test('names the stack when the service, its cluster or a parameter is missing', async () => {
      const world = await start();
      const deploy = () => world.deployer().deploy({ images: [image('1')] }, world.context());
      const stack = expect.stringContaining('npx cdk deploy kvs-infer-production`') as unknown;
      world.parameters.delete(PARAMETERS.releasedImage);
      await expect(deploy()).rejects.toMatchObject({ code: 'NotDeployed', message: stack });
      world.model.service.status = 'INACTIVE';
      await expect(deploy()).rejects.toMatchObject({ code: 'NotDeployed', message: stack });
      const elsewhere = await start({ service: { cluster: 'another' } });
      await expect(
        elsewhere.deployer().deploy({ images: [image('1')] }, world.context()),
      ).rejects.toMatchObject({
        code: 'NotDeployed',
        message: stack,
      });
    });

    test('refuses a task definition without the named container', async () => {
      const world = await start({ spec: { container: 'web' } });
      await expect(world.deployer().deploy({ images: [image('1')] }, world.context())).rejects.toMatchObject({
        code: 'InvalidSpec',
        message: expect.stringContaining('containers app, metrics') as unknown,
      });
    });

    test('verify fails when other bytes run than were deployed', async () => {
      const world: World = await start();
      const name = await world.release(image('1'));
      const foreign = world.model.register(declaredDefinition());
      world.model.behaveWell();
      world.model.startDeployment(foreign);
      world.clock.pass(60);
      const checks = await world.deployer().verify({ name }, world.context());
      expect(checks.filter(({ passed }) => !passed).map((check) => check.name)).toEqual([
        'deployed version',
        'version of each task',
        'image of each task',
        'release record',
      ]);
    });
  });
}
