import { image, type StartWorld } from './world';

export function describeWeather(start: StartWorld): void {
  describe('an AWS that does not always answer', () => {
    test.each(['throttle', 'reset', 'serverError'] as const)(
      'A05 gets through three times %s on every call',
      async (kind) => {
        const world = await start();
        for (const action of [
          'DescribeServices',
          'RegisterTaskDefinition',
          'UpdateService',
          'PutParameter',
          'GetParameters',
        ]) {
          world.server.faults.push({ action: new RegExp(`:${action}$`), times: 3, kind });
        }
        await world.release(image('1'));
        expect(world.running).toEqual([image('1').toString()]);
        expect(world.released.image).toBe(image('1').toString());
        expect(world.server.faults.every(({ times }) => times === 0)).toBe(true);
      },
    );

    test('A05 a wait outlasts an outage that is longer than the retries', async () => {
      const world = await start({ maxAttempts: 2 });
      const receipt = await world.deployer().deploy({ images: [image('1')] }, world.context());
      world.server.faults.push({ action: /DescribeServiceDeployments/, times: 8, kind: 'serverError' });
      const context = world.context();
      expect(await world.deployer().wait(receipt, context)).toMatchObject({ result: 'succeeded' });
      expect(context.codes().filter((code) => code === 'aws.unreachable')).toHaveLength(4);
    });

    test('names the call that AWS refuses, and the stack that grants it', async () => {
      const world = await start();
      world.server.faults.push({ action: /UpdateService/, times: 1, kind: 'denied' });
      await expect(world.deployer().deploy({ images: [image('1')] }, world.context())).rejects.toMatchObject({
        code: 'AwsCallFailed',
        message: expect.stringMatching(
          /ecs:UpdateService: got AccessDeniedException: .*not authorized.*\(request request-1\).*deploy the stack/,
        ) as unknown,
      });
    });

    test('a refusal in the middle of a wait ends it at once', async () => {
      const world = await start();
      const receipt = await world.deployer().deploy({ images: [image('1')] }, world.context());
      world.server.faults.push({ action: /DescribeServiceDeployments/, times: 1, kind: 'denied' });
      await expect(world.deployer().wait(receipt, world.context())).rejects.toMatchObject({
        code: 'AwsCallFailed',
      });
    });

    test('A05 an interrupted run stops nothing', async () => {
      const world = await start();
      const context = world.context();
      const receipt = await world.deployer().deploy({ images: [image('1')] }, context);
      context.interrupt();
      const before = world.calls.length;
      await expect(world.deployer().wait(receipt, context)).rejects.toMatchObject({
        code: 'Interrupted',
        exitCode: 130,
      });
      expect(world.changesSince(before)).toEqual([]);
      world.clock.pass(120);
      expect(world.running).toEqual([image('1').toString()]);
    });
  });
}
