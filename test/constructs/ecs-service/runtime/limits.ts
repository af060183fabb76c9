import { ECSClient, ListClustersCommand } from '@aws-sdk/client-ecs';
import { clientOptions, isTransient } from '../../../../constructs/aws-client';
import { image, type StartWorld, type World } from './world';

const LAST_RELEASED = image('1');

/** Deployments that failed and went back, without the time that they would take. */
function failTimes(world: World, times: number): void {
  const [, stable] = world.model.definitions;
  const goodRevision = world.model.current?.revision ?? '';
  for (let count = 0; count < times; count += 1) {
    if (!stable) throw new Error('nothing was released');
    const deployment = world.model.startDeployment(world.model.register(stable.content));
    deployment.rollback = { reason: 'it failed', startedAt: world.clock.now(), revision: goodRevision };
    world.model.end(deployment, 'ROLLBACK_SUCCESSFUL');
    world.clock.pass(5);
  }
}

/** What AWS gives only in parts, takes only in parts, or gives beside what was meant. */
export function describeLimits(start: StartWorld): void {
  describe('lists and limits of AWS', () => {
    test('A05 verify looks at the tasks of every page', async () => {
      const world = await start();
      const name = await world.release(image('1'));
      const [, second] = world.model.alive();
      if (!second) throw new Error('two tasks run');
      second.health = 'UNHEALTHY';
      const checks = await world.deployer().verify({ name }, world.context());
      expect(checks.filter(({ passed }) => !passed)).toEqual([
        { name: 'health of each task', passed: false, detail: `${second.id} are not healthy` },
      ]);
    });

    test('A05 the arithmetic counts the instances of every page', async () => {
      const world = await start({
        instances: ['a', 'b', 'c'].map((id) => ({ id: `i-${id}`, gpus: 1 })),
        spec: { ...CAPACITY_OF_THREE, desiredCount: 3 },
      });
      await world.release(image('1'));
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'noCapacity',
        message: expect.stringContaining('3 × g4dn.xlarge have 0 free') as unknown,
      });
    });

    test('A07 the history goes on where a page of ECS ends', async () => {
      const world = await start();
      for (const digit of ['1', '2', '3', '4', '5']) await world.release(image(digit));
      const { history } = await world.deployer().status(world.context());
      expect(history.filter(({ stable }) => stable).map(({ version }) => version.name)).toEqual(
        ['6', '5', '4', '3', '2'].map((revision) => `kvs-infer-production:${revision}`),
      );
    });

    test('A07 asks for no more deployments, revisions and tasks at once than ECS describes', async () => {
      const world = await start();
      await world.release(LAST_RELEASED);
      failTimes(world, 25);
      const { history } = await world.deployer().status(world.context());
      expect(history).toHaveLength(10);
      const [task] = world.model.tasks;
      if (!task) throw new Error('a task ran');
      for (let count = 0; count < 101; count += 1) {
        const stopped = { desired: 'STOPPED', status: 'STOPPED', stoppedAt: world.clock.now() } as const;
        world.model.tasks.push({ ...task, ...stopped, id: `stopped${count}` });
      }
      expect(await world.deployer().diagnose(world.context())).toBeInstanceOf(Array);
      const described = world.calls.filter(({ action }) => action === 'ecs:DescribeTasks');
      expect(described.flatMap(({ resources }) => resources).length).toBeGreaterThan(100);
    });

    test('A08 shows the last lines that a container logged, not the first', async () => {
      const world = await start();
      await world.release(image('1'));
      const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);
      world.behaves(image('f'), { kind: 'exits', code: 1, lines });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      await world.deployer().wait(receipt, world.context());
      const [diagnosis] = await world.deployer().diagnose(world.context());
      expect(diagnosis?.evidence.filter((line) => line.startsWith('line'))).toEqual(lines.slice(-20));
    });

    test('A08 what ECS said about earlier deployments is no news and no evidence', async () => {
      const world = await start();
      world.model.say('was unable to place a task because of what was wrong then.');
      world.clock.pass(60);
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const context = world.context();
      const receipt = await world.deployer().deploy({ images: [image('f')] }, context);
      await world.deployer().wait(receipt, context);
      const news = context.events.filter(({ code }) => code === 'service.event');
      expect(news).not.toEqual([]);
      expect(news.map(({ message }) => message).join()).not.toContain('unable to place');
      const diagnoses = await world.deployer().diagnose(world.context());
      expect(diagnoses.map(({ cause }) => cause)).toEqual([
        expect.stringContaining('a container ended with exit code 1'),
      ]);
    });

    test('A05 a service that somebody scaled to nothing does not count as running the image', async () => {
      const world = await start();
      await world.release(image('1'));
      world.model.service.desired = 0;
      world.clock.pass(30);
      const receipt = await world.deployer().deploy({ images: [image('1')] }, world.context());
      expect(receipt.state).not.toBe('unchanged');
    });

    test('A05 an update for which ECS lists no deployment within a minute has its own code', async () => {
      const world = await start({ listedAfter: 90 });
      await expect(world.deployer().deploy({ images: [image('1')] }, world.context())).rejects.toMatchObject({
        code: 'DeploymentNotListed',
        exitCode: 1,
      });
    });

    test('A05 a request that AWS never answers ends, and counts as one to repeat', async () => {
      const world = await start();
      world.server.faults.push({ action: /ListClusters/, times: 2, kind: 'hang' });
      const { requestHandler, ...options } = clientOptions({ ...world.connection, maxAttempts: 2 });
      // A thousandth of the time: what is asked is that there is a limit, and that it ends the request.
      const requestTimeout = requestHandler.requestTimeout / 1_000;
      const ecs = new ECSClient({ ...options, requestHandler: { ...requestHandler, requestTimeout } });
      const failure: unknown = await ecs.send(new ListClustersCommand({})).catch((error: unknown) => error);
      ecs.destroy();
      expect(failure).toMatchObject({ name: 'TimeoutError' });
      expect(isTransient(failure)).toBe(true);
      expect(world.server.faults.every(({ times }) => times === 0)).toBe(true);
    }, 5_000);
  });
}

const CAPACITY_OF_THREE = {
  capacity: {
    instanceTypes: ['g4dn.xlarge'],
    purchase: 'onDemand' as const,
    gpusPerInstance: 1,
    maxInstances: 3,
    gpusPerTask: 1,
    placementTimeoutMinutes: 10,
  },
};
