import { definitionArn, image, PARAMETERS, type StartWorld, type World } from './world';

export function describeRecording(start: StartWorld): void {
  describe('the record of what runs', () => {
    /** A run is told to stop while it waits, and ECS finishes without it. */
    async function interruptedRelease(world: World, digit: string) {
      const receipt = await world.deployer().deploy({ images: [image(digit)] }, world.context());
      const context = world.context();
      world.clock.in(6, context.interrupt);
      await expect(world.deployer().wait(receipt, context)).rejects.toMatchObject({ code: 'Interrupted' });
      world.clock.pass(200);
      expect(world.model.current?.status).toBe('SUCCESSFUL');
      return receipt;
    }

    const recorded = (world: World) => world.released;
    const record = (revision: number, digit: string) => ({
      definition: definitionArn(revision),
      image: image(digit).toString(),
    });

    test('A06 a rollback that has nothing to do records what runs', async () => {
      const world = await start();
      await world.release(image('1'));
      await interruptedRelease(world, '2');
      expect(recorded(world)).toEqual(record(2, '1'));
      const context = world.context();
      const before = world.calls.length;
      expect((await world.deployer().rollback({}, context)).result).toBe('nothingToDo');
      expect(recorded(world)).toEqual(record(3, '2'));
      expect(context.codes()).toContain('release.recorded');
      expect(world.changesSince(before)).toEqual(['ssm:PutParameter', 'ssm:PutParameter']);
    });

    test('A06 a first release that was interrupted is recorded by the next run', async () => {
      const world = await start();
      await interruptedRelease(world, '1');
      expect(recorded(world)).toEqual({ definition: 'none', image: 'none' });
      await world.deployer().rollback({ onlyNamed: true }, world.context());
      expect(recorded(world)).toEqual(record(2, '1'));
    });

    test('A05 a deployment records what ran before it starts, and goes back to that', async () => {
      const world = await start();
      await world.release(image('1'));
      await interruptedRelease(world, '2');
      world.behaves(image('3'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('3')] }, world.context());
      expect(recorded(world)).toEqual(record(3, '2'));
      expect(receipt.previous?.name).toBe('kvs-infer-production:3');
      await world.deployer().wait(receipt, world.context());
      world.parameters.set(PARAMETERS.releasedTaskDefinition, definitionArn(2));
      const { deployment = '' } = receipt;
      expect((await world.deployer().rollback({ deployment }, world.context())).result).toBe(
        'alreadyRolledBack',
      );
      expect(recorded(world)).toEqual(record(3, '2'));
    });

    test('A06 what is not stable is not recorded', async () => {
      const world = await start();
      await world.release(image('1'));
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      world.clock.pass(6);
      await world.deployer().rollback({ onlyNamed: true }, world.context());
      expect(recorded(world)).toEqual(record(2, '1'));
      await world.deployer().wait(receipt, world.context());
      world.model.service.desired = 0;
      world.clock.pass(30);
      world.parameters.set(PARAMETERS.releasedTaskDefinition, definitionArn(2));
      await world.deployer().rollback({}, world.context());
      expect(recorded(world).definition).toBe(definitionArn(2));
    });

    test('A06 a definition that never served is not recorded, though ECS went back to it', async () => {
      const world = await start();
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      world.model.behaves(world.model.definitions[0]?.content.containerDefinitions?.[0]?.image ?? '', {
        kind: 'healthy',
      });
      await world.deployer().wait(receipt, world.context());
      world.clock.pass(120);
      expect(world.model.current?.status).toBe('ROLLBACK_SUCCESSFUL');
      const { deployment = '' } = receipt;
      expect((await world.deployer().rollback({ deployment }, world.context())).result).toBe(
        'alreadyRolledBack',
      );
      expect(recorded(world)).toEqual({ definition: 'none', image: 'none' });
    });

    test('A08 verify compares the record with what runs, and says how to mend it', async () => {
      const world = await start();
      await world.release(image('1'));
      const check = async () => {
        const checks = await world.deployer().verify(undefined, world.context());
        return checks.find(({ name }) => name === 'release record');
      };
      expect(await check()).toEqual({
        name: 'release record',
        passed: true,
        detail: 'kvs-infer-production:2 is recorded',
      });
      await interruptedRelease(world, '2');
      expect(await check()).toEqual({
        name: 'release record',
        passed: false,
        detail:
          'kvs-infer-production:2 is recorded, kvs-infer-production:3 is deployed; run deploy or rollback again to record it',
      });
      await world.deployer().rollback({}, world.context());
      expect(await check()).toMatchObject({ passed: true });
      world.parameters.set(PARAMETERS.releasedImage, image('1').toString());
      expect(await check()).toMatchObject({
        passed: false,
        detail: expect.stringContaining('kvs-infer-production:3 with another image is recorded') as unknown,
      });
      for (const name of [PARAMETERS.releasedImage, PARAMETERS.releasedTaskDefinition]) {
        world.parameters.set(name, 'none');
      }
      expect(await check()).toMatchObject({
        passed: false,
        detail: expect.stringContaining('nothing is recorded') as unknown,
      });
    });

    test('A08 nothing recorded is right where nothing runs', async () => {
      const world = await start();
      const checks = await world.deployer().verify(undefined, world.context());
      expect(checks.find(({ name }) => name === 'release record')).toEqual({
        name: 'release record',
        passed: true,
        detail: 'nothing is recorded',
      });
    });
  });
}
