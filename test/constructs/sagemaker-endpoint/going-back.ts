import { image, MODEL, BUCKET, type StartWorld } from './world';

/** Rollbacks. */
export function describeGoingBack(start: StartWorld): void {
  describe('going back', () => {
    test('B04 a named version that serves but failed its checks is undone, without the alarms that it raised', async () => {
      const world = await start();
      const { receipt: first } = await world.release(image('1'));
      const second = await world.deploy(image('2'));
      await world.deployer().wait(second, world.context());
      world.ringing.add('bikeshare-production-server-errors');
      const back = await world.deployer().rollback({ deployment: second.version.name }, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', from: second.version, to: first.version });
      expect(world.released('releasedConfig')).toBe(first.version.name);
      expect(world.released('releasedImage')).toBe(image('1').toString());
      expect(world.sagemaker.state.endpoints[0]?.lastDeploymentConfig).toBeUndefined();
    });

    test('what SageMaker undid itself is left as it is', async () => {
      const world = await start();
      world.sagemaker.behave({ image: image('f').toString(), behaviour: { kind: 'cannotStart' } });
      await world.release(image('1'));
      const receipt = await world.deploy(image('f'));
      const before = world.calls.length;
      const back = await world.deployer().rollback({ deployment: receipt.version.name }, world.context());
      expect(back.result).toBe('alreadyRolledBack');
      expect(world.changesSince(before)).toEqual([]);
    });

    test('an update that still runs is followed to its end, and then undone', async () => {
      const world = await start();
      const { receipt: first } = await world.release(image('1'));
      await world.deploy(image('2'));
      const back = await world.deployer().rollback({}, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', to: first.version });
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('a silent rollback is told as one', async () => {
      const world = await start();
      await world.release(image('1'));
      const receipt = await world.deploy(image('2'));
      world.sagemaker.rollBack(world.name);
      world.clock.pass(120);
      const back = await world.deployer().rollback({ deployment: receipt.version.name }, world.context());
      expect(back).toMatchObject({
        result: 'alreadyRolledBack',
        message: expect.stringContaining('gives no reason') as unknown,
      });
    });

    test('a version whose update was never asked for needs no way back', async () => {
      const world = await start();
      await world.release(image('1'));
      const version = 'bikeshare-production-0123456789ab';
      const back = await world.deployer().rollback({ version, onlyNamed: true }, world.context());
      expect(back).toMatchObject({
        result: 'nothingToDo',
        message: expect.stringContaining('was ever started') as unknown,
      });
      const nothing = await world.deployer().rollback({ onlyNamed: true }, world.context());
      expect(nothing.result).toBe('nothingToDo');
    });

    test('somebody else’s update is left alone, whether it runs or has ended', async () => {
      const world = await start();
      await world.release(image('1'));
      const { receipt } = await world.release(image('2'));
      const request = { deployment: receipt.version.name };
      world.sagemaker.deployForeign(world.name, { name: 'by-hand', image: image('9').toString() });
      expect((await world.deployer().rollback(request, world.context())).result).toBe('leftToOther');
      world.clock.pass(900);
      expect((await world.deployer().rollback(request, world.context())).result).toBe('leftToOther');
      expect(world.view).toMatchObject({ config: 'by-hand' });
    });

    test('a change that comes while the way back is chosen is left alone', async () => {
      const world = await start();
      await world.release(image('1'));
      const { receipt } = await world.release(image('2'));
      let done = false;
      world.server.twists.push({
        action: /GetParameterHistory/,
        before: () => {
          if (!done)
            world.sagemaker.deployForeign(world.name, { name: 'by-hand', image: image('9').toString() });
          done = true;
        },
      });
      const back = await world.deployer().rollback({ deployment: receipt.version.name }, world.context());
      expect(back.result).toBe('leftToOther');
    });

    test('goes to the version that was named, whole or by its last digits', async () => {
      const world = await start();
      const { receipt: first } = await world.release(image('1'));
      await world.release(image('2'));
      const { receipt: third } = await world.release(image('3'));
      const digits = first.version.name.slice(-12);
      const back = await world.deployer().rollback({ revision: digits }, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', from: third.version, to: first.version });
      const again = await world.deployer().rollback({ revision: first.version.name }, world.context());
      expect(again.result).toBe('nothingToDo');
      await expect(
        world.deployer().rollback({ revision: 'bikeshare-staging-0123456789ab' }, world.context()),
      ).rejects.toMatchObject({
        code: 'UnknownRevision',
        message: expect.stringContaining(first.version.name) as unknown,
      });
      await expect(
        world.deployer().rollback({ revision: '0123456789ab' }, world.context()),
      ).rejects.toMatchObject({ code: 'UnknownRevision' });
    });

    test('a release whose artifact was replaced or deleted is passed over: other bytes would serve', async () => {
      const world = await start({ keepConfigs: 5 });
      world.s3.set(BUCKET, 'models/0/model.tar.gz', 'deleted later');
      const { receipt: first } = await world.release(image('1'));
      await world.release(image('1'), MODEL.replace('/1/', '/2/'));
      await world.release(image('1'), MODEL.replace('/1/', '/0/'));
      const { receipt } = await world.release(image('3'));
      world.s3.set(BUCKET, 'models/2/model.tar.gz', 'other bytes');
      world.s3.state.buckets.get(BUCKET)?.objects.delete('models/0/model.tar.gz');
      const context = world.context();
      const back = await world.deployer().rollback({ deployment: receipt.version.name }, context);
      expect(back.to?.name).toBe(first.version.name);
      expect(context.codes().filter((code) => code === 'version.unusable')).toHaveLength(2);
    });

    test('says so where there is nothing to go back to', async () => {
      const world = await start();
      const { receipt } = await world.release(image('1'));
      await expect(
        world.deployer().rollback({ deployment: receipt.version.name }, world.context()),
      ).rejects.toMatchObject({ code: 'NoStableVersion' });
    });

    test('a way back that fails needs a person', async () => {
      const world = await start();
      await world.release(image('1'));
      const { receipt } = await world.release(image('2'));
      world.sagemaker.behave({ image: image('1').toString(), behaviour: { kind: 'cannotStart' } });
      await expect(
        world.deployer().rollback({ deployment: receipt.version.name }, world.context()),
      ).rejects.toMatchObject({ code: 'RollbackFailed' });
    });

    test('before the first deployment there is nothing to do', async () => {
      const world = await start();
      expect((await world.deployer().rollback({}, world.context())).result).toBe('nothingToDo');
      expect(await world.deployer().diagnose(world.context())).toMatchObject([
        { cause: 'the endpoint does not exist' },
      ]);
      const { running, facts } = await world.deployer().status(world.context());
      expect(running).toBeUndefined();
      expect(facts).toContainEqual(['endpoint', 'bikeshare-production (not made yet)']);
    });

    test('what an interrupted run left unconfirmed is named, and confirmed by whoever checks it', async () => {
      const world = await start();
      const receipt = await world.deploy(image('1'));
      world.clock.pass(900);
      const back = await world.deployer().rollback({}, world.context());
      expect(back).toMatchObject({ result: 'nothingToDo', to: receipt.version });
      expect(world.released('releasedConfig')).toBe('none');
      await world.deployer().confirm?.(receipt.version, world.context());
      expect(world.released('releasedConfig')).toBe(receipt.version.name);
    });

    test('B05 what was never confirmed is not stable, and nobody goes back to it', async () => {
      const world = await start();
      const { receipt: good } = await world.release(image('1'));
      const unchecked = await world.deploy(image('2'));
      await world.deployer().wait(unchecked, world.context());
      const { running, history } = await world.deployer().status(world.context());
      expect(running?.name).toBe(unchecked.version.name);
      expect(history.map(({ version }) => version.name)).toEqual([good.version.name]);
      const third = await world.deploy(image('3'));
      await world.deployer().wait(third, world.context());
      const back = await world.deployer().rollback({ deployment: third.version.name }, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', to: good.version });
      const revision = unchecked.version.name;
      await expect(world.deployer().rollback({ revision }, world.context())).rejects.toMatchObject({
        code: 'UnknownRevision',
        message: expect.stringContaining('it was never released here') as unknown,
      });
    });

    test('a version that serves no more is not confirmed', async () => {
      const world = await start();
      const { receipt: first } = await world.release(image('1'));
      await world.release(image('2'));
      await expect(world.deployer().confirm?.(first.version, world.context())).rejects.toMatchObject({
        code: 'DeploymentSuperseded',
      });
    });

    test('a config of somebody else is not recorded', async () => {
      const world = await start();
      const { receipt } = await world.release(image('1'));
      world.sagemaker.deployForeign(world.name, { name: 'by-hand', image: image('9').toString() });
      world.clock.pass(900);
      await world.deployer().confirm?.({ name: 'by-hand' }, world.context());
      expect(world.released('releasedConfig')).toBe(receipt.version.name);
    });
  });
}
