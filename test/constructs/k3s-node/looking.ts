import { ACCOUNT, BUCKET, image, NODE, REGION, specOf, type StartWorld } from './world';

/** What only looks at a node, or copies from it. */
export const describeLooking = (start: StartWorld): void =>
  describe('looking', () => {
    test('E07 verify fails for another release, and for an API that does not answer', async () => {
      const world = await start();
      await world.release(image('1'));
      const failed = async (name?: string) =>
        (await world.deployer().verify(name === undefined ? undefined : { name }, world.context()))
          .filter(({ passed }) => !passed)
          .map(({ name: check }) => check);
      expect(await failed()).toEqual([]);
      expect(await failed('r-000000000000')).toEqual(['release']);
      world.node.failing.set('health', { phase: 'api', message: 'TLS handshake timeout' });
      expect(await failed()).toEqual(['Kubernetes API']);
      const [diagnosis] = await world.deployer().diagnose(world.context());
      expect(diagnosis).toMatchObject({
        cause: 'the Kubernetes API does not answer',
        evidence: ['api: TLS handshake timeout'],
      });
    });

    test('E07 warnings of Kubernetes are told by verify, each once, and fail no check', async () => {
      const world = await start();
      await world.release(image('1'));
      const warning = { kind: 'Event', type: 'Warning', reason: 'BackOff', message: 'back-off' };
      const involvedObject = { kind: 'Pod', name: 'worker-1-x' };
      const lastTimestamp = new Date(world.clock.now()).toISOString();
      world.node.events.push({ ...warning, involvedObject, lastTimestamp });
      const context = world.context();
      const deployer = world.deployer();
      const checks = [
        ...(await deployer.verify(undefined, context)),
        ...(await deployer.verify(undefined, context)),
      ];
      expect(checks.filter(({ passed }) => !passed)).toEqual([]);
      const told = context.events.filter(({ code }) => code === 'cluster.warnings');
      expect(told.map(({ message }) => message)).toEqual([
        'Kubernetes has warned within the last ten minutes: worker-1-x BackOff: back-off',
      ]);
    });

    test('status sends no command', async () => {
      const world = await start();
      await world.release(image('1'));
      const before = world.node.actions.length;
      const { facts } = await world.deployer().status(world.context());
      expect(Object.fromEntries(facts)).toMatchObject({ node: `${NODE} (running)` });
      expect(world.node.actions.length).toBe(before);
    });

    test('a backup says where it lies, or why there is none', async () => {
      const world = await start();
      const { location } = await world.deployer().backup(world.context());
      expect(location).toMatch(new RegExp(`^s3://${BUCKET}/backups/none-[0-9a-z]+-backup\\.tar\\.gz$`));
      world.node.failing.set('backup', { phase: 'backup', message: 'the backup could not be made' });
      await expect(world.deployer().backup(world.context())).rejects.toMatchObject({ code: 'NodeRunFailed' });
      expect(world.objects).toEqual([]);
    });

    test('logs are those of the group', async () => {
      const world = await start();
      const group = specOf().logGroup;
      world.logs.write({ account: ACCOUNT, region: REGION, group, stream: 'api' }, ['hello']);
      const lines = await world.deployer().logs({ sinceMs: 60_000, limit: 10 }, world.context());
      expect(lines.map(({ text }) => text)).toEqual(['hello']);
    });
  });
