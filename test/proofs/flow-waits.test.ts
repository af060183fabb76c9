import { deployJobMinutes, encodeManifest, rollbackJobMinutes } from '../../contract';
import { parseWorkflow } from '../../proofs/artefacts';
import { commandsOf, longestWait } from '../../proofs/flow/commands';
import { image, World, type WorldOptions } from '../constructs/ecs-service/runtime/world';
import { image as nodeImage, RULE, World as Node } from '../constructs/k3s-node/world';
import { image as endpointImage, World as Endpoint } from '../constructs/sagemaker-endpoint/world';
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

function declared(
  argv: readonly string[],
  deployTimeoutMinutes = MINUTES,
  settleMinutes = 0,
  kind = 'ecs-service',
): number {
  const text = `jobs:\n  one:\n    steps:\n      - run: node .lockstep/cli.mjs ${argv.join(' ')}\n`;
  const [job] = parseWorkflow({ file: 'one.yml', text }).jobs;
  const [use] = job ? commandsOf(job) : [];
  if (!use) throw new Error(`no command in ${text}`);
  return longestWait(use, { deployTimeoutMinutes, settleMinutes, kind });
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
  await world.deployer().deploy({ images: [image('f')] }, world.context());
  const minutes = await minutesOf(world, BACK);
  expect(minutes).toBeLessThanOrEqual(declared(BACK));
  expect(minutes).toBeGreaterThan(2 * MINUTES + 4);
});

test('rollback of a service to a revision waits once', async () => {
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
    // A function that asks the service may take its time.
    expect(declared(argv)).toBe(verb === 'verify' ? 2 : 0);
  },
);

describe('an endpoint whose fleets take half an hour', () => {
  const LONG = 45;
  let world: Endpoint;
  beforeEach(async () => {
    world = await new Endpoint({ deployTimeoutMinutes: LONG }).start();
    await world.release(endpointImage('1'));
    await world.release(endpointImage('2'));
    Object.assign(world.sagemaker.state.timing, { provisionsWithin: 29 * 60 });
  });
  afterEach(() => world.stop());

  const minutesFor = async (work: () => Promise<unknown>): Promise<number> => {
    const begun = world.clock.now();
    await work();
    return (world.clock.now() - begun) / 60_000;
  };

  test('deploy waits once', async () => {
    const minutes = await minutesFor(() => world.release(endpointImage('3')));
    expect(minutes).toBeLessThanOrEqual(declared(deployArgs('3'), LONG));
    expect(minutes).toBeGreaterThan(29);
  });

  test('deploy waits twice where an update to another version is under way', async () => {
    await world.deploy(endpointImage('3'));
    const minutes = await minutesFor(() => world.release(endpointImage('4')));
    expect(minutes).toBeLessThanOrEqual(declared(deployArgs('4'), LONG, LONG));
    expect(minutes).toBeGreaterThan(2 * 29);
    expect(deployJobMinutes({ deployTimeoutMinutes: LONG, settleMinutes: LONG })).toBeGreaterThan(minutes);
  });

  test('rollback to a revision waits twice: an update that is under way cannot be stopped', async () => {
    const { history } = await world.deployer().status(world.context());
    const revision = history.find(({ stable, version }) => stable && version.image?.includes('1'.repeat(64)));
    await world.deploy(endpointImage('3'));
    const minutes = await minutesFor(() =>
      world.deployer().rollback({ revision: revision?.version.name ?? '' }, world.context()),
    );
    expect(minutes).toBeLessThanOrEqual(declared([...BACK, '--revision', 'x'], LONG));
    expect(minutes).toBeGreaterThan(2 * 29);
  });
});

describe('E04 a node on which a run hangs', () => {
  const DEADLINE = 10;
  const worlds: Node[] = [];
  const start = async (strategy: Node['spec']['strategy']): Promise<Node> => {
    const world = await new Node({ strategy, deadlineSeconds: DEADLINE * 60 }).start();
    worlds.push(world);
    await world.release(nodeImage('1'));
    return world;
  };
  afterEach(async () => {
    for (const world of worlds.splice(0)) await world.stop();
  });
  const minutesFor = async (world: Node, work: () => Promise<unknown>): Promise<number> => {
    const begun = world.clock.now();
    await work();
    return (world.clock.now() - begun) / 60_000;
  };
  const most = (argv: readonly string[]) => declared(argv, DEADLINE, 0, 'k3s-node');

  test('deploy waits no longer than it is said to', async () => {
    const world = await start({ kind: 'rolling' });
    world.node.hanging.add('deploy');
    const minutes = await minutesFor(world, () => world.release(nodeImage('2')));
    expect(minutes).toBeLessThanOrEqual(most(deployArgs('2')));
    expect(minutes).toBeGreaterThanOrEqual(DEADLINE);
  });

  test('what a strategy watches is part of the deadline, and leading back has an end of its own', async () => {
    const world = await start({ kind: 'canary', steps: [10, 50], stepSeconds: 150, rule: RULE });
    world.node.behaviours.set('2', { kind: 'crashesWithTraffic' });
    for (const action of ['deploy', 'undo']) {
      world.node.hanging.clear();
      world.node.hanging.add(action);
      const minutes = await minutesFor(world, () => world.release(nodeImage('2')));
      expect(minutes).toBeLessThanOrEqual(most(deployArgs('2')));
    }
    expect(most(deployArgs('2'))).toBeLessThanOrEqual(
      deployJobMinutes({ deployTimeoutMinutes: DEADLINE, settleMinutes: 0 }),
    );
  });

  test('rollback waits no longer than it is said to', async () => {
    const world = await start({ kind: 'rolling' });
    await world.deploy(nodeImage('2'));
    world.node.hanging.add('undo');
    const minutes = await minutesFor(world, () =>
      world
        .deployer()
        .rollback({}, world.context())
        .catch(() => undefined),
    );
    expect(minutes).toBeLessThanOrEqual(most(BACK));
    expect(minutes).toBeGreaterThanOrEqual(DEADLINE);
    expect(most(BACK)).toBeLessThanOrEqual(rollbackJobMinutes(DEADLINE));
  });
});
