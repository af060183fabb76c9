import { image, type StartWorld } from './world';

/** Two instances with one GPU each, both taken by the version that runs: no room for a third task. */
const FULL = {
  instances: [
    { id: 'i-a', gpus: 1 },
    { id: 'i-b', gpus: 1 },
  ],
};
const capacity = (maxInstances: number) => ({
  capacity: {
    instanceTypes: ['g4dn.xlarge'],
    purchase: 'onDemand' as const,
    gpusPerInstance: 1,
    maxInstances,
    gpusPerTask: 1,
    placementTimeoutMinutes: 10,
  },
});

export function describeFailing(start: StartWorld): void {
  describe('deployments that fail', () => {
    async function failingRelease(options: Parameters<StartWorld>[0] = {}) {
      const world = await start(options);
      await world.release(image('1'));
      const context = world.context();
      const receipt = await world.deployer().deploy({ images: [image('f')] }, context);
      return { world, context, receipt, begun: world.clock.now() };
    }

    test('A06 a rollback by the circuit breaker is a failure, though the service is stable', async () => {
      const world = await start();
      await world.release(image('1'));
      world.behaves(image('f'), {
        kind: 'exits',
        code: 1,
        lines: ['Traceback', 'RuntimeError: no kernel image'],
      });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      const context = world.context();
      const outcome = await world.deployer().wait(receipt, context);
      expect(outcome).toMatchObject({
        result: 'failed',
        reason: 'rolledBackByAws',
        message: expect.stringMatching(
          /circuit breaker counted 3 failed tasks, its threshold is 3/,
        ) as unknown,
        running: { name: 'kvs-infer-production:2', image: image('1').toString() },
      });
      expect(world.running).toEqual([image('1').toString()]);
      expect(world.released.image).toBe(image('1').toString());
      const [diagnosis] = await world.deployer().diagnose(world.context());
      expect(diagnosis?.cause).toMatch(/^\d tasks: a container ended with exit code 1$/);
      expect(diagnosis?.evidence).toEqual(expect.arrayContaining(['RuntimeError: no kernel image']));
    });

    test('A08 health checks that fail are named as the cause', async () => {
      const world = await start();
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'unhealthy' });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'rolledBackByAws',
      });
      const [diagnosis] = await world.deployer().diagnose(world.context());
      expect(diagnosis?.cause).toMatch(/the container health check failed/);
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('A08 an image that cannot be pulled is named as the cause', async () => {
      const world = await start();
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'cannotPull' });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'rolledBackByAws',
      });
      const [diagnosis] = await world.deployer().diagnose(world.context());
      expect(diagnosis).toMatchObject({
        cause: expect.stringMatching(/does not exist in the registry/) as unknown,
      });
    });

    test.each(['events', 'provisioning'] as const)(
      'A05 gives up at once when the group is at its maximum (%s)',
      async (placement) => {
        const { world, receipt, begun } = await failingRelease({ ...FULL, placement, spec: capacity(2) });
        const outcome = await world.deployer().wait(receipt, world.context());
        expect(outcome).toMatchObject({
          result: 'failed',
          reason: 'noCapacity',
          message: expect.stringContaining(
            '2 tasks × 1 GPU need 2 more GPUs; 2 × g4dn.xlarge have 0 free; the group may not grow beyond 2',
          ) as unknown,
          running: { image: image('1').toString() },
        });
        expect(world.clock.now() - begun).toBeLessThan(3 * 60_000);
        expect(world.running).toEqual([image('1').toString()]);
        expect(world.model.current?.status).toBe('ROLLBACK_SUCCESSFUL');
      },
    );

    test('A05 waits for a group that may still grow, and succeeds when it does', async () => {
      const { world, receipt } = await failingRelease({ ...FULL, spec: capacity(4) });
      world.clock.in(5 * 60, () => ['i-c', 'i-d'].forEach((id) => world.model.addInstance({ id, gpus: 1 })));
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ result: 'succeeded' });
    });

    test('A05 gives up on a group that may grow but does not, after the placement time', async () => {
      const { world, receipt, begun } = await failingRelease({
        ...FULL,
        placement: 'provisioning',
        spec: capacity(4),
      });
      const outcome = await world.deployer().wait(receipt, world.context());
      expect(outcome).toMatchObject({
        reason: 'noCapacity',
        message: expect.stringMatching(/no place for 10 minutes: .*the group may grow to 4/) as unknown,
      });
      const minutes = (world.clock.now() - begun) / 60_000;
      expect(minutes).toBeGreaterThan(10);
      expect(minutes).toBeLessThan(13);
      const [diagnosis] = await world.deployer().diagnose(world.context());
      expect(diagnosis?.source).toBe('deployment ' + (receipt.deployment ?? '').slice(-14));
    });

    test('A05 does not give up while old tasks still drain', async () => {
      const { world, receipt } = await failingRelease({
        ...FULL,
        stopsWithin: 120,
        spec: { ...capacity(2), minimumHealthyPercent: 50, maximumPercent: 150 },
      });
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ result: 'succeeded' });
    });

    test('A05 does not give up while the update can still stop old tasks to make room', async () => {
      const { world, receipt } = await failingRelease({
        ...FULL,
        spec: { ...capacity(2), minimumHealthyPercent: 50, maximumPercent: 150 },
      });
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ result: 'succeeded' });
      expect(world.running).toEqual([image('f').toString()]);
    });

    test('A05 a task that may not start before an old one has stopped does not lack a place', async () => {
      const world = await start({
        ...FULL,
        spec: {
          ...capacity(2),
          minimumHealthyPercent: 50,
          maximumPercent: 100,
          deployTimeoutMinutes: 60,
        },
      });
      await world.release(image('1'));
      // Longer than tasks may wait for a place.
      world.behaves(image('2'), { kind: 'healthy', startsAfter: 12 * 60 });
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ result: 'succeeded' });
    }, 20_000);

    test('A08 diagnose gives the arithmetic while tasks wait for a place', async () => {
      const { world } = await failingRelease({ ...FULL, spec: capacity(2) });
      world.clock.pass(20);
      const [diagnosis] = await world.deployer().diagnose(world.context());
      expect(diagnosis).toMatchObject({
        source: 'placement of tasks',
        cause: expect.stringContaining('2 tasks × 1 GPU need 2 more GPUs') as unknown,
        evidence: [expect.stringContaining('unable to place a task') as unknown],
      });
    });

    test('A05 rolls back when the deadline passes', async () => {
      const world = await start({ spec: { deployTimeoutMinutes: 5 } });
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'pullsForEver' });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      const begun = world.clock.now();
      const outcome = await world.deployer().wait(receipt, world.context());
      expect(outcome).toMatchObject({ reason: 'timedOut', running: { image: image('1').toString() } });
      expect((world.clock.now() - begun) / 60_000).toBeLessThan(11);
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('A05 a deployment that another one replaced is a failure', async () => {
      const { world, receipt } = await failingRelease();
      const foreign = world.model.register({
        ...world.model.definitions[1]?.content,
        family: 'kvs-infer-production',
        containerDefinitions: world.model.definitions[1]?.content.containerDefinitions,
      });
      world.clock.in(12, () => world.model.startDeployment(foreign));
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'superseded',
        message: expect.stringContaining('took the place') as unknown,
      });
      const back = await world.deployer().rollback({ deployment: receipt.deployment ?? '' }, world.context());
      expect(back.result).toBe('leftToOther');
    });

    test('A05 a deployment that was replaced as soon as it had ended is a failure', async () => {
      const { world, receipt } = await failingRelease();
      const [, stable] = world.model.definitions;
      world.clock.onStep(() => {
        const { current } = world.model;
        if (stable && world.model.deployments.length === 3 && current?.status === 'SUCCESSFUL') {
          world.model.startDeployment(stable);
        }
      });
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'superseded',
        message: 'it ended, but kvs-infer-production:2 has taken its place since',
      });
      expect(world.released.image).toBe(image('1').toString());
    });

    test('A05 a deployment that somebody stopped is a failure', async () => {
      const { world, receipt } = await failingRelease();
      world.clock.in(6, () => {
        const { current } = world.model;
        if (current) world.model.end(current, 'STOPPED', 'stopped by a person');
      });
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'stopped',
        message: 'stopped by a person',
      });
      expect(await world.deployer().rollback({}, world.context())).toMatchObject({
        result: 'rolledBack',
        to: { name: 'kvs-infer-production:2' },
      });
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('A08 tells every few seconds what it waits for', async () => {
      const { world, receipt } = await failingRelease();
      const context = world.context();
      await world.deployer().wait(receipt, context);
      const progress = context.events.filter(({ code }) => code === 'deployment.progress');
      expect(progress.length).toBeGreaterThan(3);
      expect(progress.map(({ message }) => message)).toContain('in progress: 0 of 2 tasks run, 2 pending');
      expect(context.codes()).toContain('service.event');
    });
  });
}
