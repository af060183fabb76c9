import { image, PARAMETERS, type StartWorld } from './world';

export function describeToldToStop(start: StartWorld): void {
  describe('a run that is told to stop', () => {
    test('A05 changes nothing any more', async () => {
      const world = await start();
      await world.release(image('1'));
      const context = world.context();
      context.interrupt();
      const before = world.calls.length;
      await expect(world.deployer().deploy({ images: [image('2')] }, context)).rejects.toMatchObject({
        code: 'Interrupted',
      });
      expect(world.changesSince(before)).toEqual([]);
    });

    test.each([
      ['while it reads what runs', /DescribeTaskDefinition/, 2, []],
      ['once the definition is registered', /RegisterTaskDefinition/, 1, ['ecs:RegisterTaskDefinition']],
    ] as const)('A05 updates no service after a signal that comes %s', async (_, action, time, changes) => {
      const world = await start();
      await world.release(image('1'));
      const context = world.context();
      let calls = 0;
      world.server.twists.push({
        action,
        before: () => {
          calls += 1;
          if (calls === time) context.interrupt();
        },
      });
      const before = world.calls.length;
      await expect(world.deployer().deploy({ images: [image('2')] }, context)).rejects.toMatchObject({
        code: 'Interrupted',
      });
      expect(world.changesSince(before)).toEqual(changes);
    });

    test('A05 mends no record any more', async () => {
      const world = await start();
      await world.release(image('1'));
      world.parameters.set(PARAMETERS.releasedImage, 'none');
      const context = world.context();
      context.interrupt();
      const before = world.calls.length;
      await expect(world.deployer().rollback({}, context)).rejects.toMatchObject({ code: 'Interrupted' });
      expect(world.changesSince(before)).toEqual([]);
    });

    test('A06 a first deployment that failed stays as it is', async () => {
      const world = await start();
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      await world.deployer().wait(receipt, world.context());
      const context = world.context();
      context.interrupt();
      await expect(world.deployer().rollback({}, context)).rejects.toMatchObject({ code: 'Interrupted' });
      expect(world.model.service.desired).toBe(2);
    });

    test('A06 a rollback changes nothing any more either', async () => {
      const world = await start();
      await world.release(image('1'));
      await world.release(image('2'));
      const { deployment = '' } = await world.deployer().current(world.context());
      const attempts = [{ deployment }, { revision: '2' }];
      await world.deployer().deploy({ images: [image('3')] }, world.context());
      for (const request of [...attempts, {}]) {
        const context = world.context();
        context.interrupt();
        const before = world.calls.length;
        await world
          .deployer()
          .rollback(request, context)
          .catch(() => undefined);
        expect(world.changesSince(before)).toEqual([]);
      }
    });

    test('A05 the deadline does not stop a deployment any more', async () => {
      const world = await start({ spec: { deployTimeoutMinutes: 1 } });
      await world.release(image('1'));
      world.behaves(image('2'), { kind: 'pullsForEver' });
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      const context = world.context();
      const deadline = world.clock.now() + 60_000;
      let looks = 0;
      world.server.twists.push({
        action: /DescribeServices$/,
        before: () => {
          if (world.clock.now() >= deadline) looks += 1;
          // The second one is the last look before ECS would be asked.
          if (looks === 2) context.interrupt();
        },
      });
      const before = world.calls.length;
      await expect(world.deployer().wait(receipt, context)).rejects.toMatchObject({ code: 'Interrupted' });
      expect(world.changesSince(before)).toEqual([]);
    });
  });
}
