import { image, PARAMETERS, type StartWorld, type World } from './world';

export function describeGoingBack(start: StartWorld): void {
  describe('going back', () => {
    test('A06 says so and does nothing when ECS rolled back itself', async () => {
      const world = await start();
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      await world.deployer().wait(receipt, world.context());
      const before = world.calls.length;
      const back = await world.deployer().rollback({ deployment: receipt.deployment ?? '' }, world.context());
      expect(back).toMatchObject({
        result: 'alreadyRolledBack',
        from: { name: 'kvs-infer-production:3' },
        to: { name: 'kvs-infer-production:2', image: image('1').toString() },
        message: expect.stringMatching(
          /ECS has rolled kvs-infer back itself.*circuit breaker.*nothing to do/,
        ) as unknown,
      });
      expect(world.changesSince(before)).toEqual([]);
    });

    test('A06 stops a deployment that is under way', async () => {
      const world = await start();
      await world.release(image('1'));
      const { deployment = '' } = await world.deployer().deploy({ images: [image('2')] }, world.context());
      world.clock.pass(6);
      world.parameters.set(PARAMETERS.releasedImage, 'what nobody can know');
      const back = await world.deployer().rollback({ deployment }, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', to: { name: 'kvs-infer-production:2' } });
      expect(world.running).toEqual([image('1').toString()]);
      expect(world.released.image).toBe(image('1').toString());
    });

    test('A06 without an automatic rollback it goes to the last stable version, not to revision minus one', async () => {
      const world = await start({ service: { breaker: { enable: true, rollback: false } } });
      await world.release(image('1'));
      for (const bad of ['e', 'f']) {
        world.behaves(image(bad), { kind: 'exits', code: 1 });
        const receipt = await world.deployer().deploy({ images: [image(bad)] }, world.context());
        expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ reason: 'stopped' });
      }
      const back = await world.deployer().rollback({}, world.context());
      expect(back).toMatchObject({
        result: 'rolledBack',
        from: { name: 'kvs-infer-production:4' },
        to: { name: 'kvs-infer-production:2' },
      });
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('A06 a deployment that succeeded but failed its checks is rolled back when it is named', async () => {
      const world = await start();
      await world.release(image('1'));
      await world.release(image('2'));
      const { deployment = '' } = await world.deployer().current(world.context());
      const back = await world.deployer().rollback({ deployment }, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', to: { image: image('1').toString() } });
      expect(world.released.image).toBe(image('1').toString());
    });

    test('A06 the first deployment ever goes back to zero tasks', async () => {
      const world = await start();
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      const outcome = await world.deployer().wait(receipt, world.context());
      expect(outcome).toMatchObject({
        reason: 'rolledBackByAws',
        message: expect.stringContaining('nothing ran before it') as unknown,
      });
      const back = await world.deployer().rollback({ deployment: receipt.deployment ?? '' }, world.context());
      expect(back).toMatchObject({
        result: 'rolledBack',
        message: expect.stringContaining('zero tasks again') as unknown,
      });
      expect(back.to).toBeUndefined();
      world.clock.pass(30);
      expect(world.model.alive()).toEqual([]);
      expect(world.released.definition).toBe('none');
    });

    test('A06 says that there is no stable version when only this one ever succeeded', async () => {
      const world = await start();
      await world.release(image('1'));
      const { deployment = '' } = await world.deployer().current(world.context());
      await expect(world.deployer().rollback({ deployment }, world.context())).rejects.toMatchObject({
        code: 'NoStableVersion',
      });
    });

    test('A06 never goes to zero tasks once something was released', async () => {
      const world = await start();
      await world.release(image('1'));
      const [, released] = world.model.definitions;
      if (released) world.model.end(world.model.startDeployment(released), 'STOPPED', 'stopped by a person');
      world.clock.pass(5);
      await expect(world.deployer().rollback({}, world.context())).rejects.toMatchObject({
        code: 'NoStableVersion',
      });
      expect(world.model.service.desired).toBe(2);
    });

    test('A06 deploys the stable version once more when ECS failed to go back to it', async () => {
      const world = await start();
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      world.behaves(image('1'), { kind: 'cannotPull' });
      world.model.tasks = [];
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'rolledBackByAws',
        message: expect.stringContaining('going back failed too') as unknown,
      });
      world.behaves(image('1'), { kind: 'healthy' });
      const back = await world.deployer().rollback({}, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', to: { name: 'kvs-infer-production:2' } });
      expect(world.running).toEqual([image('1').toString()]);
    });

    async function failedAfter(...releases: readonly string[]) {
      const world = await start({ service: { breaker: { enable: true, rollback: false } } });
      for (const digit of releases) await world.release(image(digit));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      await world.deployer().wait(receipt, world.context());
      return world;
    }

    const deregister = (world: World, revision: number) => {
      const definition = world.model.definition(`kvs-infer-production:${revision}`);
      if (definition) definition.status = 'INACTIVE';
    };

    test('A06 skips a stable revision that was deregistered, says so, and registers nothing', async () => {
      const world = await failedAfter('1', '2');
      deregister(world, 3);
      const context = world.context();
      const before = world.calls.length;
      const back = await world.deployer().rollback({}, context);
      expect(back).toMatchObject({ result: 'rolledBack', to: { name: 'kvs-infer-production:2' } });
      expect(context.events.find(({ code }) => code === 'definition.inactive')).toMatchObject({
        level: 'warning',
        message: expect.stringContaining('kvs-infer-production:3') as unknown,
      });
      expect(world.running).toEqual([image('1').toString()]);
      expect(world.changesSince(before)).not.toContain('ecs:RegisterTaskDefinition');
    });

    test('A06 names the workflow that deploys when every stable revision was deregistered', async () => {
      const world = await failedAfter('1');
      deregister(world, 2);
      const before = world.calls.length;
      await expect(world.deployer().rollback({}, world.context())).rejects.toMatchObject({
        code: 'NoStableVersion',
        message: expect.stringContaining(
          'run the workflow that deploys here, for the commit that is wanted',
        ) as unknown,
      });
      expect(world.changesSince(before)).toEqual([]);
      expect(world.model.service.desired).toBe(2);
    });

    test('A07 refuses a revision that was deregistered', async () => {
      const world = await failedAfter('1', '2');
      deregister(world, 2);
      const before = world.calls.length;
      await expect(world.deployer().rollback({ revision: '2' }, world.context())).rejects.toMatchObject({
        code: 'InactiveRevision',
        message: expect.stringContaining(
          'run the workflow that deploys here, for the commit that is wanted',
        ) as unknown,
      });
      expect(world.changesSince(before)).toEqual([]);
    });

    test('A06 when the history is older than 90 days, the recorded release stands in for it', async () => {
      const world = await start({ service: { breaker: { enable: true, rollback: false } } });
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      await world.deployer().wait(receipt, world.context());
      world.model.deployments.splice(1);
      expect((await world.deployer().rollback({}, world.context())).to?.name).toBe('kvs-infer-production:2');
    });

    test.each(['2', 'kvs-infer-production:2'])(
      'A07 goes to the revision %s that a person names',
      async (revision) => {
        const world = await start();
        for (const digit of ['1', '2', '3']) await world.release(image(digit));
        const back = await world.deployer().rollback({ revision }, world.context());
        expect(back).toMatchObject({ result: 'rolledBack', to: { name: 'kvs-infer-production:2' } });
        expect(world.running).toEqual([image('1').toString()]);
        expect(world.released.image).toBe(image('1').toString());
        const again = await world.deployer().rollback({ revision }, world.context());
        expect(again.result).toBe('nothingToDo');
      },
    );

    test.each([
      '99',
      'another-service:1',
      'kvs-infer-production',
      'arn:aws:ecs:us-east-1:222222222222:task-definition/x:1',
    ])('A07 refuses revision %s and lists the stable ones', async (revision) => {
      const world = await start();
      world.model.register({ family: 'another-service', containerDefinitions: [] });
      await world.release(image('1'));
      await world.release(image('2'));
      const before = world.calls.length;
      await expect(world.deployer().rollback({ revision }, world.context())).rejects.toMatchObject({
        code: 'UnknownRevision',
        message: expect.stringContaining(
          'stable ones: kvs-infer-production:3, kvs-infer-production:2',
        ) as unknown,
      });
      expect(world.changesSince(before)).toEqual([]);
    });

    test('A07 a rollback without room fails with the arithmetic', async () => {
      const world = await start();
      await world.release(image('1'));
      await world.release(image('2'));
      world.model.instances.splice(0, 2);
      await expect(world.deployer().rollback({ revision: '2' }, world.context())).rejects.toMatchObject({
        code: 'RollbackFailed',
        message: expect.stringContaining('2 tasks × 1 GPU need 2 more GPUs') as unknown,
      });
      expect(world.running).toEqual([image('2').toString()]);
    });

    test('A06 a rollback that fails too asks for a person', async () => {
      const world = await start({ service: { breaker: { enable: true, rollback: false } } });
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      await world.deployer().wait(receipt, world.context());
      for (const task of world.model.alive())
        world.model.tasks = world.model.tasks.filter((each) => each !== task);
      world.behaves(image('1'), { kind: 'cannotPull' });
      await expect(world.deployer().rollback({}, world.context())).rejects.toMatchObject({
        code: 'RollbackFailed',
      });
    });
  });
}
