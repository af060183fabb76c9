import type { InvokeAnswer } from '../../../contract';
import { awsErrorName } from '../../../constructs/aws-client';
import { ACCOUNT, image, LOG_GROUP, REGION, type StartWorld, type World } from './world';

const WHERE = { account: ACCOUNT, region: REGION, group: LOG_GROUP };

/** What people do by hand: `logs`, `invoke`, and what `status` tells for a promotion. */
export function describeOperating(start: StartWorld): void {
  const serving = async () => {
    const world = await start();
    await world.release(image('1'));
    return world;
  };

  describe('logs', () => {
    const ask = (world: World, sinceMs: number, limit = 200) =>
      world.deployer().logs?.({ sinceMs, limit }, world.context());

    test('B09 nothing has written yet: no lines', async () => {
      expect(await ask(await serving(), 60_000)).toEqual([]);
    });

    test('B09 lines of every container, oldest first, of the time that was asked for', async () => {
      const world = await start();
      world.sagemaker.behave({
        image: image('f').toString(),
        behaviour: { kind: 'unhealthy', lines: ['old'] },
      });
      await world.release(image('f'));
      world.clock.pass(600);
      world.logs.write({ ...WHERE, stream: 'AllTraffic/i-1' }, ['one\n']);
      world.clock.pass(1);
      world.logs.write({ ...WHERE, stream: 'AllTraffic/i-2' }, ['two']);
      world.clock.pass(1);
      world.logs.write({ ...WHERE, stream: 'AllTraffic/i-1' }, ['three']);
      const lines = await ask(world, 60_000);
      expect(lines?.map(({ source, text }) => `${source}: ${text}`)).toEqual([
        'AllTraffic/i-1: one',
        'AllTraffic/i-2: two',
        'AllTraffic/i-1: three',
      ]);
      expect(Date.parse(lines?.[2]?.at ?? '')).toBe(Math.floor(world.clock.now()));
      expect((await ask(world, 60_000, 2))?.map(({ text }) => text)).toEqual(['two', 'three']);
      expect((await ask(world, 3_600_000))?.[0]?.text).toBe('old');
    });

    test('B09 pages are followed, also behind an empty one', async () => {
      const world = await start();
      world.sagemaker.behave({
        image: image('f').toString(),
        behaviour: { kind: 'unhealthy', lines: ['a', 'b'] },
      });
      await world.release(image('f'));
      let pages = 0;
      world.server.twists.push({
        action: /FilterLogEvents/,
        answer: (answer) => ((pages += 1) === 1 ? { events: [], nextToken: '0' } : answer),
      });
      expect((await ask(world, 3_600_000))?.map(({ text }) => text)).toEqual(['a', 'b']);
      expect(pages).toBeGreaterThan(1);
    });

    test('B09 a refusal is no empty log', async () => {
      const world = await serving();
      world.server.faults.push({ action: /FilterLogEvents/, times: 1, kind: 'denied' });
      await expect(ask(world, 1)).rejects.toMatchObject({ code: 'AwsCallFailed' });
    });
  });

  describe('invoke', () => {
    const predictionsOf = (answer: InvokeAnswer | undefined): unknown =>
      (JSON.parse(answer?.body ?? '{}') as { predictions?: unknown }).predictions;
    const invoke = (world: World, body?: string) =>
      world.deployer().invoke?.(body === undefined ? {} : { body: Buffer.from(body) }, world.context());

    test('B09 sends the sample payload, or what is given', async () => {
      const world = await serving();
      world.sagemaker.answer({ answer: { kind: 'answers', takes: 2 } });
      const sample = await invoke(world);
      expect(sample).toMatchObject({ status: 200, contentType: 'application/json', milliseconds: 2000 });
      expect(predictionsOf(sample)).toHaveLength(2);
      const given = await invoke(world, '{"dataframe_split": {"data": [[1]]}}');
      expect(predictionsOf(given)).toHaveLength(1);
    });

    test('B09 an error of the container is its answer', async () => {
      const world = await serving();
      world.sagemaker.answer({ answer: { kind: 'refuses', status: 415, message: 'only JSON' } });
      expect(await invoke(world)).toMatchObject({ status: 415, body: 'only JSON' });
    });

    test('B09 an endpoint that cannot be asked is an error, not an answer', async () => {
      const world = await start();
      const error: unknown = await invoke(world)?.catch((caught: unknown) => caught);
      expect(awsErrorName(error)).toBe('ValidationError');
    });

    test('B09 the silence of the container is a timeout', async () => {
      const world = await serving();
      world.sagemaker.answer({ answer: { kind: 'hangs' } });
      expect(await invoke(world)).toMatchObject({ status: 504, milliseconds: 60_000 });
    });
  });

  describe('status', () => {
    test('B05 names image and model of what serves, and what the endpoint is on its way to', async () => {
      const world = await serving();
      const { version } = await world.deploy(image('2'));
      const { running, changingTo, history } = await world.deployer().status(world.context());
      expect(running).toMatchObject({
        image: image('1').toString(),
        model: expect.stringMatching(
          /^s3:\/\/ml-bikeshare-models\/models\/1\/model\.tar\.gz\?versionId=/,
        ) as unknown,
      });
      expect(changingTo).toEqual(version);
      expect(history.map(({ version: { name }, stable }) => [name, stable])).toEqual([[running?.name, true]]);
    });
  });
}
