import { image, World, type WorldOptions } from '../constructs/ecs-service/runtime/world';
import { deployArgs, type Finished, outputsOf, runCommand } from './harness';

const worlds: World[] = [];

async function start(options?: WorldOptions): Promise<World> {
  const world = await new World(options).start();
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

/** The job after a deploy job that failed: it passes the outputs on that are not empty. */
function rollbackAfter(world: World, { output }: Pick<Finished, 'output'>): Promise<Finished> {
  const { deployment = '', version = '' } = outputsOf(output);
  return runCommand(world, [
    'rollback',
    'kvs-infer',
    '--environment',
    'production',
    '--failed',
    ...(deployment === '' ? [] : ['--deployment', deployment]),
    ...(version === '' ? [] : ['--version', version]),
  ]);
}

describe('the rollback job after a deploy job', () => {
  test('A06 that died before it changed anything leaves the deployment of somebody else alone', async () => {
    const world = await start();
    await world.release(image('1'));
    await world.release(image('2'));
    world.behaves(image('3'), { kind: 'healthy', startsAfter: 60 });
    const foreign = world.deployForeign(image('3'));
    world.clock.pass(10);
    const { code, stdout } = await rollbackAfter(world, { output: '' });
    expect(code).toBe(0);
    expect(stdout).toContain('nothing to do: the failed run has started no deployment');
    world.clock.pass(120);
    expect(foreign.status).toBe('SUCCESSFUL');
    expect(world.running).toEqual([image('3').toString()]);
  });

  test('A06 that was refused an image leaves everything as it is', async () => {
    const world = await start();
    await world.release(image('1'));
    const argv = deployArgs('1').map((each) => each.replace('/kvs-infer@', '/other@'));
    const deployed = await runCommand(world, argv);
    expect(deployed).toMatchObject({ code: 2, output: '' });
    const before = world.calls.length;
    expect((await rollbackAfter(world, deployed)).code).toBe(0);
    expect(world.changesSince(before)).toEqual([]);
  });

  test('A06 that died before ECS listed the deployment undoes that version', async () => {
    const world = await start({ service: { breaker: { enable: false, rollback: false } } });
    await world.release(image('1'));
    world.behaves(image('f'), { kind: 'unhealthy' });
    world.server.twists.push({
      action: /UpdateService/,
      before: () =>
        world.server.faults.push({ action: /ListServiceDeployments/, times: 4, kind: 'serverError' }),
    });
    const deployed = await runCommand(world, deployArgs('f'));
    expect(deployed.code).toBe(1);
    expect(outputsOf(deployed.output)).toEqual({ version: 'kvs-infer-production:3' });
    world.server.faults.splice(0);
    world.server.twists.splice(0);
    const { code, stdout } = await rollbackAfter(world, deployed);
    expect(stdout).toMatch(/from +kvs-infer-production:3/);
    expect(code).toBe(0);
    expect(world.running).toEqual([image('1').toString()]);
  });

  test('A06 that changed nothing does not undo what ran before it', async () => {
    const world = await start();
    await world.release(image('1'));
    await world.release(image('2'));
    // The image runs already, but one task less than wanted: the job ends red without having deployed.
    world.model.instances.splice(0);
    world.model.tasks = world.model.tasks.slice(0, -1);
    world.clock.pass(30);
    const deployed = await runCommand(world, deployArgs('2'));
    expect(deployed.code).toBe(1);
    expect(outputsOf(deployed.output)).toMatchObject({ deployment: '' });
    expect(outputsOf(deployed.output)).not.toHaveProperty('version');
    const before = world.calls.length;
    const { code, stdout } = await rollbackAfter(world, deployed);
    expect(code).toBe(0);
    expect(stdout).toContain('nothing to do');
    expect(world.changesSince(before)).toEqual([]);
  });

  test('A06 that failed goes back to what ran before', async () => {
    const world = await start({ service: { breaker: { enable: true, rollback: false } } });
    await world.release(image('1'));
    world.behaves(image('f'), { kind: 'exits', code: 1 });
    const deployed = await runCommand(world, deployArgs('f'));
    const { code, stdout } = await rollbackAfter(world, deployed);
    expect(code).toBe(0);
    expect(stdout).toContain('kvs-infer-production:2 runs again');
    expect(world.running).toEqual([image('1').toString()]);
  });

  test('A06 whose service somebody scaled to zero ends with zero tasks, and is no failure', async () => {
    const world = await start();
    await world.release(image('1'));
    world.behaves(image('2'), { kind: 'healthy', startsAfter: 60 });
    world.clock.in(20, () => (world.model.service.desired = 0));
    const deployed = await runCommand(world, deployArgs('2'));
    expect(deployed.code).toBe(1);
    const { code, stdout } = await rollbackAfter(world, deployed);
    expect(code).toBe(0);
    expect(stdout).toContain('the service has zero tasks, as somebody has set it');
    expect(world.model.service.desired).toBe(0);
  });

  test('A05 whose session ended is told how to go on', async () => {
    const world = await start();
    world.server.twists.push({
      action: /UpdateService/,
      before: () => world.server.faults.push({ action: /^ecs:Describe/, times: 99, kind: 'expired' }),
    });
    const { code, stderr } = await runCommand(world, deployArgs('1'));
    expect(code).toBe(1);
    expect(stderr).toContain('✖ SessionExpired');
    world.server.faults.splice(0);
    world.server.twists.splice(0);
    expect((await runCommand(world, deployArgs('1'))).code).toBe(0);
  });

  test.each([
    ['--revision', '2'],
    ['--list', ''],
  ])('A06 --failed does not go with %s', async (flag, value) => {
    const world = await start();
    const { code, stderr } = await runCommand(world, [
      'rollback',
      'kvs-infer',
      '--environment',
      'production',
      '--failed',
      flag,
      ...(value === '' ? [] : [value]),
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain("'--failed' cannot be used with");
    expect(world.calls).toEqual([]);
  });
});

describe('what a container logs', () => {
  async function failing(lines: readonly string[]) {
    const world = await start();
    await world.release(image('1'));
    world.behaves(image('f'), { kind: 'exits', code: 1, lines });
    return { world, deployed: await runCommand(world, deployArgs('f')) };
  }

  test('A08 never makes the summary larger than GitHub keeps', async () => {
    const { deployed } = await failing(
      Array.from({ length: 20 }, (_, line) => `${line} ${'x'.repeat(200_000)}`),
    );
    expect(Buffer.byteLength(deployed.summary)).toBeLessThan(1024 * 1024);
    expect(deployed.summary).toMatch(/^19 x{1997} … \(\d+ characters more\)$/m);
    expect(deployed.summary).toContain('**DeploymentFailed**');
  });

  test('A08 never acts on the terminal of who reads it', async () => {
    const hostile = [
      '\u001b]52;c;cm0gLXJmIH4=\u0007\u001b[2J\u001b[1;1H✔ all fine',
      '\u009b2Ja\rb\u0085c\td',
    ];
    const { world } = await failing(hostile);
    const diagnose = ['diagnose', 'kvs-infer', '--environment', 'production'];
    const { stdout } = await runCommand(world, diagnose);
    expect(stdout).toContain('│ ]52;c;cm0gLXJmIH4=[2J[1;1H✔ all fine\n');
    expect(stdout).toContain('│ 2Ja ⏎ b ⏎ c\td\n');
    const json = await runCommand(world, [...diagnose, '--json']);
    expect(json.stdout).not.toMatch(/[\u007f-\u009f]/);
    expect(json.stdout).toContain('\\u009b2Ja');
    const parsed = JSON.parse(json.stdout) as { readonly diagnoses: { readonly evidence: string[] }[] };
    expect(parsed.diagnoses[0]?.evidence).toEqual(expect.arrayContaining(hostile));
  });
});
