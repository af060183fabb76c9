import { image, type StartWorld } from './world';

const NO_BREAKER = { service: { breaker: { enable: false, rollback: false } } };

/** Hears the versions that are about to be deployed. */
function listener() {
  const versions: string[] = [];
  const starting = ({ name }: { readonly name: string }) => Promise.resolve(void versions.push(name));
  return { versions, starting };
}

export function describeOwnership(start: StartWorld): void {
  describe('whose deployment a rollback undoes', () => {
    async function withForeign() {
      const world = await start();
      await world.release(image('1'));
      await world.release(image('2'));
      world.behaves(image('3'), { kind: 'healthy', startsAfter: 60 });
      const foreign = world.deployForeign(image('3'));
      world.clock.pass(10);
      return { world, foreign };
    }

    test('A06 names the version before it changes the service', async () => {
      const world = await start();
      const told = listener();
      let atUpdate: readonly string[] = [];
      world.server.twists.push({ action: /UpdateService/, before: () => (atUpdate = [...told.versions]) });
      const request = { images: [image('1')], starting: told.starting };
      const { version } = await world.deployer().deploy(request, world.context());
      expect(atUpdate).toEqual([version.name]);
      const resumed = await world.deployer().deploy(request, world.context());
      expect(resumed.state).toBe('resumed');
      expect(told.versions).toEqual([version.name, version.name]);
    });

    test('A06 a run that started nothing undoes nothing', async () => {
      const { world, foreign } = await withForeign();
      const before = world.calls.length;
      const back = await world.deployer().rollback({ onlyNamed: true }, world.context());
      expect(back).toMatchObject({
        result: 'nothingToDo',
        message: expect.stringContaining('started no deployment') as unknown,
      });
      expect(world.changesSince(before)).toEqual([]);
      world.clock.pass(120);
      expect(foreign.status).toBe('SUCCESSFUL');
    });

    test('A06 a version that was registered but never deployed undoes nothing', async () => {
      const world = await start();
      await world.release(image('1'));
      world.server.faults.push({ action: /UpdateService/, times: 1, kind: 'denied' });
      const told = listener();
      await expect(
        world.deployer().deploy({ images: [image('2')], starting: told.starting }, world.context()),
      ).rejects.toMatchObject({
        code: 'AwsCallFailed',
      });
      world.behaves(image('3'), { kind: 'healthy', startsAfter: 300 });
      const foreign = world.deployForeign(image('3'));
      world.clock.pass(10);
      const [version = ''] = told.versions;
      const before = world.calls.length;
      const back = await world.deployer().rollback({ version, onlyNamed: true }, world.context());
      expect(back).toMatchObject({
        result: 'nothingToDo',
        message: expect.stringContaining(`no deployment of ${version} was ever started`) as unknown,
      });
      expect(world.changesSince(before)).toEqual([]);
      expect(foreign.status).toBe('IN_PROGRESS');
    });

    test('A06 finds the deployment of a version, though ECS lists it late', async () => {
      const world = await start({ ...NO_BREAKER, listedAfter: 110 });
      world.behaves(image('f'), { kind: 'unhealthy' });
      await world.release(image('1')).catch(() => undefined);
      world.clock.pass(120);
      await world.release(image('1'));
      const told = listener();
      await expect(
        world.deployer().deploy({ images: [image('f')], starting: told.starting }, world.context()),
      ).rejects.toMatchObject({
        code: 'DeploymentNotListed',
      });
      const [version = ''] = told.versions;
      const back = await world.deployer().rollback({ version, onlyNamed: true }, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', from: { name: version } });
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('A06 waits for a service that is shown late before it says that nothing was started', async () => {
      const world = await start({ ...NO_BREAKER, listedAfter: 40 });
      await world.release(image('1'));
      world.clock.pass(60);
      world.behaves(image('f'), { kind: 'unhealthy' });
      const old = world.model.target;
      const version = world.deployForeign(image('f'));
      const until = world.clock.now() + 20_000;
      world.server.twists.push({
        action: /DescribeServices$/,
        answer: ({ services, ...rest }) => {
          const shown = world.clock.now() < until ? { taskDefinition: old } : {};
          return { ...rest, services: (services as object[]).map((each) => ({ ...each, ...shown })) };
        },
      });
      const name = world.model.service.revisions[version.revision]?.split('/').at(-1) ?? '';
      const back = await world.deployer().rollback({ version: name, onlyNamed: true }, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', from: { name } });
    });

    test('A06 a version that succeeded after its run had failed is undone, for it was named', async () => {
      const world = await start();
      await world.release(image('1'));
      const { version } = await world.deployer().deploy({ images: [image('2')] }, world.context());
      world.clock.pass(120);
      expect(world.model.current?.status).toBe('SUCCESSFUL');
      const back = await world.deployer().rollback({ version: version.name }, world.context());
      expect(back).toMatchObject({ result: 'rolledBack', to: { image: image('1').toString() } });
    });

    test('A06 a version that another deployment has replaced is left to that one', async () => {
      const world = await start();
      await world.release(image('1'));
      const { version } = await world.deployer().deploy({ images: [image('2')] }, world.context());
      world.clock.pass(5);
      const foreign = world.deployForeign(image('3'));
      world.clock.pass(5);
      const back = await world.deployer().rollback({ version: version.name }, world.context());
      expect(back.result).toBe('leftToOther');
      world.clock.pass(120);
      expect(foreign.status).toBe('SUCCESSFUL');
    });

    test('A06 a version of another workload is refused', async () => {
      const world = await start();
      await expect(world.deployer().rollback({ version: 'other:1' }, world.context())).rejects.toMatchObject({
        code: 'UnknownRevision',
        message: expect.stringContaining('--version: got "other:1"') as unknown,
      });
    });

    test('A06 a deployment that starts while the failed one goes back is left alone', async () => {
      const world = await start();
      await world.release(image('1'));
      world.behaves(image('2'), { kind: 'pullsForEver' });
      const { deployment = '' } = await world.deployer().deploy({ images: [image('2')] }, world.context());
      world.clock.pass(30);
      // Going back takes long, for the earlier version does not come up either.
      world.behaves(image('1'), { kind: 'pullsForEver' });
      world.model.tasks = [];
      const known = world.model.deployments.length;
      world.clock.in(60, () => world.deployForeign(image('3')));
      const back = await world.deployer().rollback({ deployment }, world.context());
      expect(back.result).toBe('leftToOther');
      world.clock.pass(120);
      expect(world.model.deployments).toHaveLength(known + 1);
      expect(world.model.current?.status).toBe('SUCCESSFUL');
      expect(world.running).toEqual([image('3').toString()]);
    });

    test('A06 a deployment that starts as soon as ECS has gone back is left alone', async () => {
      const world = await start({ listedAfter: 0 });
      await world.release(image('1'));
      world.behaves(image('2'), { kind: 'pullsForEver' });
      const { deployment = '' } = await world.deployer().deploy({ images: [image('2')] }, world.context());
      const known = world.model.deployments.length;
      world.clock.onStep(() => {
        const { current, deployments } = world.model;
        if (deployments.length === known && current?.status === 'ROLLBACK_SUCCESSFUL') {
          world.deployForeign(image('3'));
        }
      });
      expect((await world.deployer().rollback({ deployment }, world.context())).result).toBe('leftToOther');
      world.clock.pass(120);
      expect(world.running).toEqual([image('3').toString()]);
    });

    test('A06 a deployment that starts right before the service is updated is left alone', async () => {
      const world = await start({ service: { breaker: { enable: true, rollback: false } } });
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      await world.deployer().wait(receipt, world.context());
      let looks = 0;
      world.server.twists.push({
        action: /DescribeTaskDefinition/,
        before: () => {
          looks += 1;
          if (looks > 1) return;
          world.deployForeign(image('3'));
          world.clock.pass(5);
        },
      });
      const back = await world.deployer().rollback({ deployment: receipt.deployment ?? '' }, world.context());
      expect(back.result).toBe('leftToOther');
      world.clock.pass(120);
      expect(world.running).toEqual([image('3').toString()]);
    });

    test('A06 the first deployment is not taken to zero tasks when another one follows it', async () => {
      const world = await start();
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await world.deployer().deploy({ images: [image('f')] }, world.context());
      await world.deployer().wait(receipt, world.context());
      let reads = 0;
      world.server.twists.push({
        action: /GetParameters/,
        before: () => {
          reads += 1;
          if (reads > 1) return;
          world.deployForeign(image('3'));
          world.clock.pass(5);
        },
      });
      const back = await world.deployer().rollback({ deployment: receipt.deployment ?? '' }, world.context());
      expect(back.result).toBe('leftToOther');
      expect(world.model.service.desired).toBe(2);
    });

    test('A06 a service that somebody scaled to zero stays at zero', async () => {
      const world = await start();
      await world.release(image('1'));
      world.behaves(image('2'), { kind: 'healthy', startsAfter: 60 });
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      world.clock.in(20, () => (world.model.service.desired = 0));
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'stopped',
        message: expect.stringContaining('zero tasks') as unknown,
      });
      const { deployment = '' } = receipt;
      const back = await world.deployer().rollback({ deployment }, world.context());
      expect(back).toMatchObject({
        result: 'rolledBack',
        message: expect.stringMatching(/zero tasks.*kvs-infer-production:2 again/) as unknown,
      });
      expect(back.to).toBeUndefined();
      expect(world.model.service.desired).toBe(0);
      expect(world.model.target).toContain('kvs-infer-production:2');
      expect(world.released.image).toBe(image('1').toString());
      const again = await world.deployer().deploy({ images: [image('2')] }, world.context());
      expect(again.previous?.name).toBe('kvs-infer-production:2');
      expect(world.model.service.desired).toBe(0);
    });
  });
}
