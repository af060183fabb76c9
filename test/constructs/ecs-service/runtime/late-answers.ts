import { paged } from '../../../../constructs/aws-client';
import { image, type StartWorld, type World } from './world';

export function describeLateAnswers(start: StartWorld): void {
  describe('answers that are old, new to us, or too late', () => {
    /** From the next deployment on, the service is shown as it was before, until some seconds after the end. */
    function showOldService(world: World, seconds: number) {
      const known = world.model.deployments.length;
      let old: Readonly<Record<string, unknown>> | undefined;
      world.server.twists.push({
        action: /DescribeServices$/,
        answer: (fresh) => {
          old ??= fresh;
          const { finishedAt = Infinity } = world.model.current ?? {};
          const settled = world.clock.now() - finishedAt >= seconds * 1_000;
          return world.model.deployments.length === known || settled ? fresh : old;
        },
      });
    }

    test.each([
      ['a later', true],
      ['the first', false],
    ])('A05 %s deployment is a success, though the service is shown late', async (_, later) => {
      const world = await start();
      if (later) await world.release(image('1'));
      showOldService(world, 20);
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      const context = world.context();
      expect(await world.deployer().wait(receipt, context)).toMatchObject({ result: 'succeeded' });
      expect(context.codes()).toContain('deployment.settling');
      expect(world.released.image).toBe(image('2').toString());
    });

    test('A05 half a minute later, what the service shows counts', async () => {
      const world = await start();
      await world.release(image('1'));
      showOldService(world, 300);
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ reason: 'superseded' });
      const ended = world.model.current?.finishedAt ?? 0;
      expect(world.clock.now() - ended).toBeGreaterThanOrEqual(30_000);
      expect(world.clock.now() - ended).toBeLessThan(60_000);
    });

    test('A05 a status that is new is followed as under way, with one warning', async () => {
      const world = await start();
      await world.release(image('1'));
      world.server.twists.push({
        action: /DescribeServiceDeployments/,
        answer: ({ serviceDeployments, ...rest }) => ({
          ...rest,
          serviceDeployments: (serviceDeployments as { readonly status: string }[]).map((each) =>
            each.status === 'IN_PROGRESS' ? { ...each, status: 'BAKING' } : each,
          ),
        }),
      });
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      const context = world.context();
      expect(await world.deployer().wait(receipt, context)).toMatchObject({ result: 'succeeded' });
      const warnings = context.events.filter(({ code }) => code === 'deployment.unknownStatus');
      expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('BAKING')]);
      world.behaves(image('3'), { kind: 'pullsForEver' });
      await world.deployer().deploy({ images: [image('3')] }, world.context());
      const before = world.calls.length;
      expect((await world.deployer().rollback({}, world.context())).result).toBe('rolledBack');
      expect(world.changesSince(before)).toContain('ecs:StopServiceDeployment');
    });

    /** The tasks come up when the deadline has passed. */
    async function endsAtDeadline(later: boolean, action: RegExp) {
      const world = await start({ spec: { deployTimeoutMinutes: 1 } });
      if (later) await world.release(image('1'));
      world.behaves(image('2'), { kind: 'healthy', startsAfter: 3_600 });
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      const deadline = world.clock.now() + 60_000;
      world.server.twists.push({
        action,
        before: () => {
          const { current } = world.model;
          if (world.clock.now() < deadline || current?.status !== 'IN_PROGRESS') return;
          for (const task of world.model.alive()) {
            Object.assign(task, { status: 'RUNNING', health: 'HEALTHY', startedAt: world.clock.now() });
          }
          world.model.end(current, 'SUCCESSFUL');
        },
      });
      return { world, receipt };
    }

    test.each([true, false])(
      'A05 success that comes while ECS is asked to stop is a success (later: %s)',
      async (later) => {
        const { world, receipt } = await endsAtDeadline(later, /StopServiceDeployment/);
        expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ result: 'succeeded' });
        expect(world.server.actions()).toContain('ecs:StopServiceDeployment');
        expect(world.released.image).toBe(image('2').toString());
      },
    );

    test('A05 success that is seen at the deadline asks ECS for nothing', async () => {
      const { world, receipt } = await endsAtDeadline(true, /DescribeServices$/);
      const before = world.calls.length;
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ result: 'succeeded' });
      expect(world.changesSince(before)).not.toContain('ecs:StopServiceDeployment');
    });
  });

  describe('a session that ends', () => {
    test.each([/DescribeServiceDeployments/, /PutParameter/])(
      'A05 says so in the middle of %s',
      async (action) => {
        const world = await start();
        const receipt = await world.deployer().deploy({ images: [image('1')] }, world.context());
        world.server.faults.push({ action, times: 99, kind: 'expired' });
        await expect(world.deployer().wait(receipt, world.context())).rejects.toMatchObject({
          code: 'SessionExpired',
          exitCode: 1,
          message: expect.stringMatching(/ExpiredTokenException.*goes on at AWS.*takes it up/) as unknown,
        });
        world.server.faults.splice(0);
        world.clock.pass(60);
        expect((await world.deployer().wait(receipt, world.context())).result).toBe('succeeded');
        expect(world.released.image).toBe(image('1').toString());
      },
    );

    test('A06 a rollback says so too', async () => {
      const world = await start();
      await world.release(image('1'));
      world.server.faults.push({ action: /ListServiceDeployments/, times: 1, kind: 'expired' });
      await expect(world.deployer().rollback({}, world.context())).rejects.toMatchObject({
        code: 'SessionExpired',
      });
    });
  });

  describe('a list that never ends', () => {
    test('A05 ends with the call that gives it', async () => {
      const world = await start();
      await world.release(image('1'));
      world.server.twists.push({
        action: /ListServiceDeployments/,
        answer: (page) => ({ ...page, nextToken: '0' }),
      });
      const before = world.calls.length;
      await expect(world.deployer().status(world.context())).rejects.toMatchObject({
        code: 'AwsCallFailed',
        message: expect.stringMatching(/ecs:ListServiceDeployments: got the same page token/) as unknown,
      });
      expect(world.calls.length - before).toBeLessThan(10);
    });

    test('A05 also when its tokens take turns', async () => {
      const tokens = ['a', 'b'];
      let asked = 0;
      const ask = () => Promise.resolve({ nextToken: tokens[asked++ % 2] ?? '' });
      await expect(paged('x:List', ask, () => [])).rejects.toMatchObject({ code: 'AwsCallFailed' });
      expect(asked).toBe(3);
    });
  });
}
