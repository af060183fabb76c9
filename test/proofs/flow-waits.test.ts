import { encodeManifest } from '../../contract';
import { parseWorkflow } from '../../proofs/artefacts';
import { commandsOf, longestWait } from '../../proofs/flow/commands';
import { image, World, type WorldOptions } from '../constructs/ecs-service/runtime/world';
import { deployArgs, manifest, runCommand } from '../runtime/harness';

// What the proofs say about the waits of the command, held against the command itself on a virtual clock.

const MINUTES = 5;
const worlds: World[] = [];

async function start(options: WorldOptions = {}): Promise<World> {
  const world = await new World({
    ...options,
    spec: { deployTimeoutMinutes: MINUTES, ...options.spec },
  }).start();
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

async function minutesOf(world: World, argv: readonly string[]): Promise<number> {
  const begun = world.clock.now();
  const sample = manifest();
  const targets = sample.targets.map((target) => ({
    ...target,
    deployTimeoutMinutes: MINUTES,
    spec: world.spec,
  }));
  await runCommand(world, argv, { manifest: encodeManifest({ ...sample, targets }) });
  return (world.clock.now() - begun) / 60_000;
}

function declared(argv: readonly string[]): number {
  const text = `jobs:\n  one:\n    steps:\n      - run: node .lockstep/cli.mjs ${argv.join(' ')}\n`;
  const [job] = parseWorkflow({ file: 'one.yml', text }).jobs;
  const [use] = job ? commandsOf(job) : [];
  if (!use) throw new Error(`no command in ${text}`);
  return longestWait(use, MINUTES);
}

const BACK = ['rollback', 'kvs-infer', '--environment', 'production'];

/** A release that never ends, on a service whose old tasks are stopped first. */
async function stuck(): Promise<World> {
  const world = await start({ spec: { minimumHealthyPercent: 0, maximumPercent: 100 } });
  await world.release(image('1'));
  await world.release(image('2'));
  for (const digit of ['1', '2', 'f']) world.behaves(image(digit), { kind: 'pullsForEver' });
  return world;
}

test('deploy waits no longer than it is said to, also when ECS never goes back', async () => {
  const world = await stuck();
  const argv = deployArgs('f');
  const minutes = await minutesOf(world, argv);
  expect(minutes).toBeLessThanOrEqual(declared(argv));
  expect(minutes).toBeGreaterThan(MINUTES + 4);
});

test('rollback without a revision may wait twice: for the deployment to end, and for the one that goes back', async () => {
  const world = await stuck();
  await world.deployer().deploy({ image: image('f') }, world.context());
  const minutes = await minutesOf(world, BACK);
  expect(minutes).toBeLessThanOrEqual(declared(BACK));
  expect(minutes).toBeGreaterThan(2 * MINUTES + 4);
});

test('rollback to a revision waits once', async () => {
  const world = await stuck();
  const { history } = await world.deployer().status(world.context());
  const first = history.filter(({ stable }) => stable).at(-1);
  const argv = [...BACK, '--revision', first?.version.name ?? ''];
  const minutes = await minutesOf(world, argv);
  expect(minutes).toBeLessThanOrEqual(declared(argv));
  expect(minutes).toBeGreaterThan(MINUTES + 4);
});

test('checks that do not get better are given up in time', async () => {
  const world = await start();
  await world.release(image('1'));
  const argv = deployArgs('f');
  // More tasks are asked for than there are places, once the deployment has ended.
  world.clock.onStep(() => {
    const [latest, before] = world.model.deployments;
    if (latest?.status === 'SUCCESSFUL' && before?.source !== undefined) world.model.service.desired = 9;
  });
  const minutes = await minutesOf(world, argv);
  expect(minutes).toBeLessThanOrEqual(declared(argv));
  expect(minutes).toBeGreaterThan(2);
});

test.each([['verify'], ['diagnose'], ['status'], ['rollback --list']])(
  '%s does not wait',
  async (command) => {
    const world = await start();
    await world.release(image('1'));
    const [verb = '', ...more] = command.split(' ');
    const argv = [verb, 'kvs-infer', '--environment', 'production', ...more];
    expect(await minutesOf(world, argv)).toBeLessThan(0.1);
    expect(declared(argv)).toBe(0);
  },
);
