import { image, World, type WorldOptions } from '../constructs/ecs-service/runtime/world';
import { deployArgs, outputsOf, runCommand } from './harness';

const worlds: World[] = [];

async function start(options?: WorldOptions): Promise<World> {
  const world = await new World(options).start();
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

const target = ['kvs-infer', '--environment', 'production'] as const;
const NO_BREAKER: WorldOptions = { service: { breaker: { enable: true, rollback: false } } };

/** Deploys an image whose tasks end with exit code 1. @returns the id of the deployment */
async function deployBad(world: World): Promise<string> {
  world.behaves(image('f'), { kind: 'exits', code: 1 });
  const { code, output } = await runCommand(world, deployArgs('f'));
  expect(code).toBe(1);
  return outputsOf(output).deployment ?? '';
}

const rollBack = (world: World, ...options: readonly string[]) =>
  runCommand(world, ['rollback', ...target, ...options]);

const failedChecks = (json: string): readonly string[] => {
  const { checks } = JSON.parse(json) as { checks: readonly { name: string; passed: boolean }[] };
  return checks.filter(({ passed }) => !passed).map(({ name }) => name);
};

describe('what a rollback has led to', () => {
  test('A06 a version that it went back to is verified', async () => {
    const world = await start(NO_BREAKER);
    await world.release(image('1'));
    const deployment = await deployBad(world);
    const { code, stdout, summary } = await rollBack(world, '--deployment', deployment);
    expect(code).toBe(0);
    expect(stdout).toContain('kvs-infer-production:2 runs again');
    expect(stdout).toContain('✔ version of each task: 2 tasks run kvs-infer-production:2');
    expect(summary).toContain('| ✅ | health of each task | all healthy |');
  });

  test('A06 it is red when that version does not run as it should, after looking again for two minutes', async () => {
    const world = await start();
    for (const digit of ['1', '2']) await world.release(image(digit));
    // As soon as the way back has ended, one task more is wanted than there is room for.
    world.clock.onStep(() => {
      if (world.model.deployments.length < 4 || world.model.current?.status !== 'SUCCESSFUL') return;
      world.model.service.desired = 3;
      world.model.instances.splice(2);
    });
    const before = world.clock.now();
    const { code, stdout, stderr } = await rollBack(world, '--revision', '2');
    expect(code).toBe(1);
    expect(stderr).toContain('✖ VerificationFailed');
    expect(stderr).toContain('running tasks: got 2 of 3 run');
    expect(stdout).toContain('went back to kvs-infer-production:2, but what runs is not as it should be');
    expect(world.clock.now() - before).toBeGreaterThan(2 * 60_000);
  });

  test('A06 a first deployment that failed ends with zero tasks, which is no failure of the rollback', async () => {
    const world = await start();
    const deployment = await deployBad(world);
    const { code, stdout } = await rollBack(world, '--deployment', deployment, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: true,
      result: 'rolledBack',
      message: expect.stringContaining('zero tasks again') as unknown,
    });
    expect(JSON.parse(stdout)).not.toHaveProperty('checks');
  });

  test('A06 a newer deployment that was left alone is not judged', async () => {
    const world = await start();
    await world.release(image('1'));
    world.behaves(image('2'), { kind: 'pullsForEver' });
    await world.deployer().deploy({ images: [image('2')] }, world.context());
    const { code, stdout } = await rollBack(world, '--deployment', 'deployment0000', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ passed: true, result: 'leftToOther' });
    expect(JSON.parse(stdout)).not.toHaveProperty('checks');
  });

  test('A06 what AWS rolled back itself is looked at', async () => {
    const world = await start();
    await world.release(image('1'));
    const deployment = await deployBad(world);
    const { code, stdout } = await rollBack(world, '--deployment', deployment, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      result: 'alreadyRolledBack',
      to: { image: image('1').toString() },
    });
    expect(failedChecks(stdout)).toEqual([]);
  });

  test.each([
    ['alreadyRolledBack', true],
    ['nothingToDo', false],
  ] as const)(
    'A06 %s stays green when what runs is not as it should be, and warns',
    async (result, fails) => {
      const world = await start();
      await world.release(image('1'));
      const named = fails ? ['--deployment', await deployBad(world)] : [];
      world.model.service.desired = 0;
      world.clock.pass(30);
      const { code, stdout, stderr } = await rollBack(world, ...named, '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ passed: true, result });
      expect(failedChecks(stdout)).toEqual(expect.arrayContaining(['running tasks', 'health of each task']));
      const warnings = stderr.split('\n').filter((line) => line.includes('"rollback.unverified"'));
      expect(warnings).toEqual([expect.stringContaining('health of each task (no task runs)')]);
    },
  );

  test('A06 a look that AWS refuses does not turn a correct outcome red', async () => {
    const world = await start();
    await world.release(image('1'));
    world.server.faults.push({ action: /ListTasks/, times: 9, kind: 'denied' });
    const { code, stderr } = await rollBack(world);
    expect(code).toBe(0);
    expect(stderr).toContain('kvs-infer-production:2 could not be checked');
    expect(stderr).toContain('ecs:ListTasks');
  });
});

test('A08 verify says that no task runs, where none does', async () => {
  const world = await start();
  await world.release(image('1'));
  world.model.service.desired = 0;
  world.clock.pass(30);
  const { code, stderr } = await runCommand(world, ['verify', ...target]);
  expect(code).toBe(1);
  for (const check of ['version of each task', 'image of each task', 'health of each task']) {
    expect(stderr).toContain(`${check}: got no task runs`);
  }
});
