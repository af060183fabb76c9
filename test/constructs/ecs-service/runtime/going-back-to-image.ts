import { image, PARAMETERS, type StartWorld, type World } from './world';

export function describeGoingBackToImage(start: StartWorld): void {
  describe('going back to an image', () => {
    const back = (world: World, digit: string) => world.deployer().recall?.(image(digit), world.context());

    test('D03 finds the newest stable version with the image, past failures with it', async () => {
      const world = await start();
      await world.release(image('1'));
      await world.release(image('2'));
      await world.release(image('1'));
      await world.release(image('3'));
      world.behaves(image('1'), { kind: 'exits', code: 1 });
      await expect(world.release(image('1'))).rejects.toThrow('circuit breaker');
      world.behaves(image('1'), { kind: 'healthy' });
      expect(await back(world, '1')).toMatchObject({
        result: 'rolledBack',
        to: { name: 'kvs-infer-production:4', image: image('1').toString() },
      });
      expect(world.running).toEqual([image('1').toString()]);
      expect(world.released.image).toBe(image('1').toString());
    });

    test('D03 does nothing when the image runs', async () => {
      const world = await start();
      await world.release(image('1'));
      const before = world.calls.length;
      expect(await back(world, '1')).toMatchObject({ result: 'nothingToDo' });
      expect(world.changesSince(before)).toEqual([]);
    });

    test('D03 takes another version of the image when one was deregistered', async () => {
      const world = await start();
      for (const digit of ['1', '2', '1', '3']) await world.release(image(digit));
      const newest = world.model.definition('kvs-infer-production:4');
      if (newest) newest.status = 'INACTIVE';
      expect(await back(world, '1')).toMatchObject({ to: { name: 'kvs-infer-production:2' } });
    });

    test('D03 refuses an image that was only registered, that failed, or that nobody knows', async () => {
      const world = await start();
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      await expect(world.release(image('f'))).rejects.toThrow('circuit breaker');
      world.registerOnly(image('7'));
      const before = world.calls.length;
      const refused = (value: string) => ({
        code: 'NoVersionOfImage',
        message: expect.stringContaining(value) as unknown,
      });
      await expect(back(world, 'f')).rejects.toMatchObject(
        refused('kvs-infer-production:3 ended as ROLLBACK_SUCCESSFUL'),
      );
      await expect(back(world, '7')).rejects.toMatchObject(
        refused('kvs-infer-production:4 was never deployed'),
      );
      await expect(back(world, '9')).rejects.toMatchObject(refused('it was never deployed here'));
      expect(world.changesSince(before)).toEqual([]);
    });

    test('D03 finds a version that is older than the history of ECS, and says that it cannot know more', async () => {
      const world = await start();
      for (const digit of ['1', '2', '3']) await world.release(image(digit));
      world.model.outliveHistory(91);
      const context = world.context();
      const outcome = await world.deployer().recall?.(image('1'), context);
      expect(outcome).toMatchObject({ result: 'rolledBack', to: { name: 'kvs-infer-production:2' } });
      expect(context.codes()).toContain('rollback.beyondHistory');
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('D03 takes what was only registered for no older version as long as ECS would still know it', async () => {
      const world = await start();
      await world.release(image('1'));
      world.registerOnly(image('7'));
      world.model.outliveHistory(89);
      await expect(back(world, '7')).rejects.toMatchObject({ code: 'NoVersionOfImage' });
    });

    test('D03 says when the tasks of the version find no place, and asks ECS to stop', async () => {
      const world = await start();
      await world.release(image('1'));
      await world.release(image('2'));
      world.model.instances.splice(0, 2);
      await expect(back(world, '1')).rejects.toMatchObject({ code: 'RollbackFailed' });
    });

    test('D03 what the stack has declared is no version to go back to, however old', async () => {
      const world = await start();
      await world.release(image('1'));
      world.parameters.set(PARAMETERS.declaredTaskDefinition, world.registerOnly(image('5')).arn);
      world.model.outliveHistory(91);
      await expect(back(world, '5')).rejects.toMatchObject({ code: 'NoVersionOfImage' });
    });
  });
}
