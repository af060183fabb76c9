import { k3sNodeCalls } from '../../../constructs/k3s-node/calls';
import { type DeployContext, encodeManifest } from '../../../contract';
import type { SeenCall } from '../../conformance/aws-server';
import {
  describeDeclaredCalls,
  describeDeployTarget,
  type TargetFixture,
} from '../../conformance/deploy-target';
import type { RecordedContext } from '../../conformance/recorded-context';
import { manifest as sampleManifest } from '../../fixtures/manifest';
import { outputsOf, runCommand } from '../../runtime/harness';
import { describeLooking } from './looking';
import {
  ACCOUNT,
  BUCKET,
  image,
  NODE,
  PARAMETER,
  REGION,
  RULE,
  specOf,
  type StartWorld,
  targetOf,
  World,
} from './world';

const ledger: SeenCall[] = [];
const worlds: World[] = [];

const start: StartWorld = async (spec) => {
  const world = await new World(spec).start();
  worlds.push(world);
  return world;
};

afterEach(async () => {
  for (const world of worlds.splice(0)) {
    ledger.push(...world.calls);
    await world.stop();
  }
});

const fixture: TargetFixture = {
  start: async () => {
    const world = await new World().start();
    world.node.behaviours.set('f', { kind: 'neverReady', reason: 'ImagePullBackOff' });
    return {
      deployer: () => world.deployer(),
      context: () => world.context(),
      in: (seconds, action) => world.clock.in(seconds, action),
      get running() {
        return world.node.running;
      },
      get releasedImage() {
        return world.released.split(' ')[1];
      },
      get calls() {
        return world.calls;
      },
      stop: () => world.stop(),
    };
  },
  good: [image('1'), image('2')],
  bad: image('f'),
  // Commands that only look are sent, and their objects written, whenever the node is asked.
  changes: /ssm:PutParameter/,
  declared: k3sNodeCalls(specOf(), { account: ACCOUNT, region: REGION }),
  names: [ACCOUNT, REGION, specOf().document, BUCKET, specOf().nodeTag],
  ledger,
};

describeDeployTarget('k3s-node', fixture);

const CANARY = { kind: 'canary', steps: [10, 50], stepSeconds: 60, rule: RULE } as const;

describe('deploying', () => {
  test('E04 uploads below a prefix of its own, streams whole lines of the node, and deletes the prefix', async () => {
    const world = await start();
    const context = world.context();
    const deployer = world.deployer();
    const receipt = await deployer.deploy({ images: [image('1')] }, context);
    const [prefix] = new Set(world.objects.map((key) => key.split('/').slice(0, 2).join('/')));
    expect(prefix).toMatch(new RegExp(`^runs/${receipt.version.name}-[0-9a-z]+-deploy$`));
    expect(world.objects).toContain(`${prefix}/manifests/40-routed/api/blue.yaml`);
    await deployer.wait(receipt, context);
    expect(world.objects).toEqual([]);
    const lines = context.events.filter(({ code }) => code === 'node.output').map(({ message }) => message);
    expect(lines).toEqual(expect.arrayContaining(['deploy: begun', 'deploy: ended']));
    expect(lines.filter((line) => line.startsWith('half'))).toEqual([]);
  });

  test('the same release again sends the node nothing but looks', async () => {
    const world = await start();
    await world.release(image('1'));
    const before = world.node.actions.length;
    expect((await world.release(image('1'))).receipt.state).toBe('unchanged');
    expect(world.node.actions.slice(before)).toEqual(['health', 'health']);
  });

  test('told the version before the node is, and takes the place of a release that was never finished', async () => {
    const world = await start();
    await world.release(image('1'));
    const half = await world.deploy(image('2'));
    world.clock.pass(30);
    const context = world.context();
    const told: string[] = [];
    const starting = ({ name }: { readonly name: string }) => {
      told.push(name, ...world.node.actions.slice(-1));
      return Promise.resolve();
    };
    const receipt = await world.deployer().deploy({ images: [image('3')], starting }, context);
    expect(told).toEqual([receipt.version.name, 'health']);
    expect(context.codes()).toContain('deployment.supersedes');
    expect(receipt.previous?.images).toEqual([image('1').toString()]);
    // The rollback of the other run leaves this one alone.
    const back = await world
      .deployer()
      .rollback({ version: half.version.name, onlyNamed: true }, world.context());
    expect(back.result).toBe('leftToOther');
  });

  test('a run that died is waited for by the next one, whatever it knows', async () => {
    const world = await start();
    await world.deploy(image('1'));
    const context = world.context();
    const deployer = world.deployer();
    const receipt = await deployer.current(context);
    expect(receipt.version.images).toEqual([image('1').toString()]);
    expect(await deployer.wait(receipt, context)).toMatchObject({ result: 'succeeded' });
    await deployer.confirm(receipt.version, context);
    expect(world.released).toBe(`${receipt.version.name} ${image('1').toString()}`);
    const other = { ...receipt.version, name: 'r-000000000000' };
    expect(
      await world.deployer().wait({ deployment: other.name, version: other, state: 'resumed' }, context),
    ).toMatchObject({ result: 'failed', reason: 'superseded' });
    await expect(deployer.confirm(other, context)).rejects.toMatchObject({ code: 'DeploymentSuperseded' });
    const nothing = await start();
    await expect(nothing.deployer().current(nothing.context())).rejects.toMatchObject({
      code: 'NotDeployed',
    });
  });

  test('blue/green: the new version gets the traffic only when it is up, and is undone when it crashes under it', async () => {
    const world = await start();
    await world.release(image('1'));
    world.node.behaviours.set('2', { kind: 'crashesWithTraffic' });
    const { outcome } = await world.release(image('2'));
    expect(outcome).toMatchObject({ result: 'failed', reason: 'undone' });
    expect(outcome.result === 'failed' && outcome.message).toContain('CrashLoopBackOff');
    expect(world.node.running).toEqual([image('1').toString()]);
    expect(world.node.pending).toBeUndefined();
    // The job that rolls back finds nothing left to do.
    const { receipt } = await world.release(image('2'));
    const back = await world.deployer().rollback({ deployment: receipt.version.name }, world.context());
    expect(back).toMatchObject({ result: 'alreadyRolledBack', to: { images: [image('1').toString()] } });
  });

  test.each([{ kind: 'blueGreen', bakeSeconds: 40 } as const, CANARY])(
    'E05 from rolling to tracks by $kind: the node gives up what was before only when the release is on record',
    async (strategy) => {
      const world = await start({ strategy });
      world.node.hasRolled('r-000000000000');
      const { receipt, outcome } = await world.release(image('1'));
      expect([outcome.result, receipt.previous?.name]).toEqual(['succeeded', 'r-000000000000']);
      expect([world.node.blue, world.released.split(' ')[0]]).toEqual([100, receipt.version.name]);
      expect(world.node.actions.at(-1)).toBe('finish');
      const confirmed = world.server.actions('confirm');
      expect(confirmed).toContain('ssm:PutParameter');
      expect(confirmed.indexOf('ssm:PutParameter')).toBeLessThan(confirmed.lastIndexOf('ssm:SendCommand'));
    },
  );

  test('E06 from rolling to tracks that crash: undone, with no route left and nothing given up', async () => {
    const world = await start();
    world.node.hasRolled('r-000000000000');
    world.node.behaviours.set('1', { kind: 'crashesWithTraffic' });
    const { outcome } = await world.release(image('1'));
    expect(outcome).toMatchObject({
      result: 'failed',
      reason: 'undone',
      running: { name: 'r-000000000000' },
    });
    expect([world.node.blue, world.node.pending]).toEqual([undefined, undefined]);
    expect(world.node.actions).not.toContain('finish');
  });

  test('what a release could not delete is deleted when it is confirmed once more', async () => {
    const world = await start();
    await world.release(image('1'));
    world.node.leftovers = ['service/old'];
    expect((await world.release(image('1'))).receipt.state).toBe('unchanged');
    expect([world.node.actions.at(-1), world.node.leftovers]).toEqual(['finish', []]);
  });

  test('an undoing that fails is said, and the rollback is left to its job', async () => {
    const world = await start();
    await world.release(image('1'));
    world.node.behaviours.set('2', { kind: 'crashesWithTraffic' });
    world.node.failing.set('undo', { phase: 'api', message: 'does not answer' });
    const { receipt, outcome } = await world.release(image('2'));
    expect(outcome).toMatchObject({ reason: 'failed' });
    expect(outcome.result === 'failed' && outcome.message).toContain(
      'undoing it failed: api: does not answer',
    );
    await expect(
      world.deployer().rollback({ deployment: receipt.version.name }, world.context()),
    ).rejects.toMatchObject({ code: 'RollbackFailed' });
  });
});

describe('canary', () => {
  const canary = async () => {
    const world = await start({ strategy: CANARY });
    await world.release(image('1'));
    return world;
  };
  const messageOf = ({ outcome }: Awaited<ReturnType<World['release']>>) =>
    outcome.result === 'failed' ? `${outcome.reason}: ${outcome.message}` : outcome.result;

  test('goes step by step to all of the traffic', async () => {
    const world = await canary();
    const context = world.context();
    expect(messageOf(await world.release(image('2'), context))).toBe('succeeded');
    const shares = context.events
      .filter(({ code }) => code === 'traffic.shared')
      .map(({ data }) => data?.weight);
    expect(shares).toEqual([10, 50, 100]);
    expect(world.node.running).toEqual([image('2').toString()]);
  });

  test.each([
    ['more errors', { kind: 'answers', errors: 0.2, seconds: 0.05 }, '20 % of its answers are errors'],
    ['slower answers', { kind: 'answers', errors: 0, seconds: 1 }, 'its 0.95 quantile takes'],
  ] as const)('%s than beside it: undone at once', async (_case, behaviour, said) => {
    const world = await canary();
    world.node.behaviours.set('2', behaviour);
    const message = messageOf(await world.release(image('2')));
    expect(message).toContain('undone: at 10 %: api: ');
    expect(message).toContain(said);
    expect([world.node.blue, world.node.running]).toEqual([100, [image('1').toString()]]);
  });

  test('too few requests to judge it: undone at the end of the step, and said', async () => {
    const world = await canary();
    world.node.traffic = 1;
    expect(messageOf(await world.release(image('2')))).toMatch(
      /^undone: at 10 %, too little traffic to judge it: api: \d+(\.\d+)? of 50 requests/,
    );
    expect(world.node.running).toEqual([image('1').toString()]);
  });

  test('pods that crash end it too', async () => {
    const world = await canary();
    world.node.behaviours.set('2', { kind: 'crashesWithTraffic' });
    expect(messageOf(await world.release(image('2')))).toContain('CrashLoopBackOff');
  });
});

describe('the node', () => {
  test.each<[string, (world: World) => void, string, string]>([
    ['no node', ({ ec2 }) => ec2.setStatus(NODE, 'terminated'), 'NodeNotFound', 'none'],
    [
      'two nodes',
      (world) => world.launch('i-00000000000000002'),
      'NodeNotFound',
      `${NODE} (running), i-00000000000000002 (running)`,
    ],
    ['a stopped node', ({ ec2 }) => ec2.setStatus(NODE, 'stopped'), 'NodeUnreachable', 'stopped'],
    [
      'an agent that is offline',
      ({ ssm }) => ssm.setAgent(NODE, { ping: 'ConnectionLost', version: '3.3.1', delivery: 'never' }),
      'NodeUnreachable',
      'ConnectionLost',
    ],
  ])('E04 %s is an error that says what was found', async (_case, befall, code, value) => {
    const world = await start();
    befall(world);
    await expect(world.deploy(image('1'))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(value) as string,
    });
    expect([world.node.actions, world.objects]).toEqual([[], []]);
    const [diagnosis] = await world.deployer().diagnose(world.context());
    expect(diagnosis?.cause).toContain(value);
  });

  test.each([
    ['undeliverable', 'could not deliver'],
    ['never', 'did not take the command in time'],
  ] as const)('E04 a command that is %s is an error, and leaves nothing behind', async (delivery, said) => {
    const world = await start();
    world.ssm.setAgent(NODE, { ping: 'Online', version: '3.3.3572.0', delivery });
    await expect(world.deploy(image('1'))).rejects.toMatchObject({
      code: 'NodeUnreachable',
      message: expect.stringContaining(said) as string,
    });
    expect(world.objects).toEqual([]);
  });

  test('E04 a script that does not end is ended by SSM, and the run is timed out', async () => {
    const world = await start();
    world.node.hanging.add('deploy');
    const polls: number[] = [];
    world.server.twists.push({
      action: /GetCommandInvocation/,
      before: () => {
        if (world.server.during === 'wait') polls.push(world.clock.now());
      },
    });
    const { outcome } = await world.release(image('1'));
    expect(outcome).toMatchObject({ result: 'failed', reason: 'timedOut' });
    const pauses = polls.slice(1).map((at, index) => at - (polls[index] ?? 0));
    expect(pauses.slice(0, 7)).toEqual([2_000, 3_000, 4_500, 6_750, 10_125, 15_000, 15_000]);
    expect(Math.max(...pauses)).toBe(15_000);
    expect(world.objects).toEqual([]);
  });

  test('E04 each order has its deadline: none more than a deployment, which leaves time for what is watched after it', async () => {
    const orders = async (deadlineSeconds: number) => {
      const world = await start({ deadlineSeconds });
      await world.release(image('1'));
      world.node.behaviours.set('2', { kind: 'crashesWithTraffic' });
      await world.release(image('2'));
      return Object.fromEntries(world.node.deadlines);
    };
    expect(await orders(600)).toEqual({ health: 180, deploy: 560, traffic: 180, finish: 300, undo: 420 });
    expect(await orders(100)).toEqual({ health: 100, deploy: 60, traffic: 100, finish: 100, undo: 100 });
  });

  test('E04 objects that S3 does not delete are told, and where they lie', async () => {
    const world = await start();
    const { DeleteObjects } = world.s3.operations;
    if (!DeleteObjects) throw new Error('S3 knows no DeleteObjects');
    const context = world.context();
    const kept = { Errors: [{ Key: 'runs/x/log.txt', Code: 'InternalError', Message: 'try again' }] };
    jest.spyOn(DeleteObjects, 'handle').mockReturnValueOnce(kept);
    await world.deploy(image('1'), context);
    const [told] = context.events.filter(({ code }) => code === 'run.notDeleted');
    expect(told?.message).toContain('runs/x/log.txt: InternalError');
    expect(told?.message).toMatch(/s3:\/\/shop-production-runs-\d+\/runs\/none-[0-9a-z]+-health\//);
  });

  test('E04 a command that SSM never ends is cancelled at the deadline', async () => {
    const world = await start();
    world.ssm.limitDocument({ account: ACCOUNT, region: REGION }, specOf().document, 100_000);
    world.node.hanging.add('deploy');
    const { outcome } = await world.release(image('1'));
    expect(outcome).toMatchObject({ reason: 'timedOut', message: 'the node had not ended at the deadline' });
    expect(world.server.actions('wait')).toContain('ssm:CancelCommand');
    expect(world.objects).toEqual([]);
  });

  test('E04 the result is read from the bucket, however much SSM cuts off', async () => {
    const world = await start();
    world.ssm.setAgent(NODE, {
      ping: 'Online',
      version: '3.3.3572.0',
      delivery: 'delivered',
      outputCharacters: 10,
    });
    world.node.behaviours.set('f', { kind: 'neverReady', reason: 'ImagePullBackOff' });
    expect((await world.release(image('f'))).outcome).toMatchObject({
      reason: 'failed',
      message: 'deploy: worker-1: ImagePullBackOff',
    });
  });

  test.each(['throttle', 'reset', 'serverError'] as const)('E04 weather (%s) passes', async (kind) => {
    const world = await start();
    for (const action of [/SendCommand/, /GetCommandInvocation/, /PutObject/, /DescribeInstances/]) {
      world.server.faults.push({ action, times: 2, kind });
    }
    expect((await world.release(image('1'))).outcome.result).toBe('succeeded');
    expect(world.objects).toEqual([]);
  });

  test('E04 polls that AWS does not answer are repeated, and said', async () => {
    const world = await start();
    const context = world.context();
    const deployer = world.deployer();
    const receipt = await deployer.deploy({ images: [image('1')] }, context);
    world.server.faults.push({ action: /GetCommandInvocation/, times: 4, kind: 'serverError' });
    expect((await deployer.wait(receipt, context)).result).toBe('succeeded');
    expect(context.codes()).toContain('aws.unreachable');
  });

  test('E04 a session that ends says that the node goes on', async () => {
    const world = await start();
    const context = world.context();
    const deployer = world.deployer();
    const receipt = await deployer.deploy({ images: [image('1')] }, context);
    world.server.faults.push({ action: /./, times: 1_000, kind: 'expired' });
    await expect(deployer.wait(receipt, context)).rejects.toMatchObject({ code: 'SessionExpired' });
    expect(context.codes()).toEqual(expect.arrayContaining(['run.notCancelled', 'run.notDeleted']));
  });

  test('manifests that do not hold the image are refused before the node is asked', async () => {
    const world = await start({ files: ['10-base/namespace.yaml'] });
    await expect(world.deploy(image('1'))).rejects.toMatchObject({ code: 'ManifestsUnfit' });
    const missing = await start({ files: ['30-deployments/missing.yaml'] });
    await expect(missing.deploy(image('1'))).rejects.toMatchObject({ code: 'ManifestsUnfit' });
    expect([...world.calls, ...missing.calls]).toEqual([]);
  });

  test('without parameter or document it says which stack to deploy', async () => {
    const world = await start();
    world.ssm.state.documents.clear();
    world.ssm.remove(ACCOUNT, REGION, PARAMETER);
    const context = world.context();
    await expect(world.deploy(image('1'))).rejects.toMatchObject({ code: 'NotDeployed' });
    await expect(world.deployer().status(context)).rejects.toMatchObject({ code: 'NotDeployed' });
  });
});

describe('E04 told to stop', () => {
  type Step = (world: World, context: DeployContext) => Promise<unknown>;
  const version = { name: 'r-000000000000', images: [] };
  const steps: readonly (readonly [string, Step])[] = [
    ['deploy', (world, context) => world.deployer().deploy({ images: [image('2')] }, context)],
    [
      'wait',
      async (world, context) => {
        const deployer = world.deployer();
        const receipt = await deployer.deploy({ images: [image('2')] }, world.context());
        return deployer.wait(receipt, context);
      },
    ],
    ['rollback', (world, context) => world.deployer().rollback({ version: version.name }, context)],
    ['verify', (world, context) => world.deployer().verify(undefined, context)],
    ['confirm', (world, context) => world.deployer().confirm(version, context)],
    ['diagnose', (world, context) => world.deployer().diagnose(context)],
  ];
  test.each(steps)('during %s: the command is cancelled, and its prefix deleted', async (verb, step) => {
    const world = await start();
    await world.release(image('1'));
    const context: RecordedContext = world.context();
    const running = step(world, context);
    const known = world.calls.length;
    world.server.twists.push({
      action: /GetCommandInvocation/,
      before: () => {
        if (world.calls.slice(known).some(({ during }) => during === verb)) context.interrupt();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'Interrupted' });
    expect(world.server.actions(verb)).toContain('ssm:CancelCommand');
    expect(world.objects).toEqual([]);
  });
});

describe('going back', () => {
  test('E06 undoes what is named, and nothing where nothing was started', async () => {
    const world = await start();
    await world.release(image('1'));
    const { version } = await world.deploy(image('2'));
    world.clock.pass(30);
    const none = await world.deployer().rollback({ onlyNamed: true }, world.context());
    expect(none.result).toBe('nothingToDo');
    const back = await world.deployer().rollback({ version: version.name, onlyNamed: true }, world.context());
    expect(back).toMatchObject({ result: 'rolledBack', from: { name: version.name } });
    expect(world.node.running).toEqual([image('1').toString()]);
    const checks = await world.deployer().verify(back.to, world.context());
    expect(checks.filter(({ passed }) => !passed)).toEqual([]);
  });

  test.each([100, 0])(
    'E06 what another run begins in between is left alone, with blue at %i',
    async (blue) => {
      const world = await start();
      await world.release(image('1'));
      world.node.behaviours.set('2', { kind: 'crashesWithTraffic' });
      const slipIn = () => {
        const { pending, actions } = world.node;
        if (pending && world.node.blue === blue && actions.at(-1) === 'health')
          world.node.pending = { ...pending, release: 'r-000000000000' };
      };
      world.server.twists.push({ action: /SendCommand/, before: slipIn });
      const message = expect.stringContaining('r-000000000000') as string;
      if (blue === 100) {
        const { version } = await world.deploy(image('2'));
        world.clock.pass(30);
        const back = await world.deployer().rollback({ version: version.name }, world.context());
        expect(back).toMatchObject({ result: 'leftToOther', message });
      } else
        expect((await world.release(image('2'))).outcome).toMatchObject({ reason: 'superseded', message });
      expect([world.node.actions.at(-1), world.node.pending?.release]).toEqual(['undo', 'r-000000000000']);
    },
  );

  test('E06 a first release that is undone leaves nothing to check', async () => {
    const world = await start();
    const { version } = await world.deploy(image('1'));
    world.clock.pass(30);
    const back = await world.deployer().rollback({ version: version.name }, world.context());
    expect([back.result, back.to]).toEqual(['rolledBack', undefined]);
  });

  test('goes to a release that was confirmed, and to no other', async () => {
    const world = await start();
    const { receipt } = await world.release(image('1'));
    await world.release(image('2'));
    const revision = receipt.version.name;
    const back = await world.deployer().rollback({ revision }, world.context());
    expect(back).toMatchObject({ result: 'rolledBack', to: receipt.version });
    await world.deployer().confirm(receipt.version, world.context());
    expect(world.released).toContain(revision);
    expect((await world.deployer().rollback({ revision }, world.context())).result).toBe('nothingToDo');
    await expect(
      world.deployer().rollback({ revision: 'r-000000000000' }, world.context()),
    ).rejects.toMatchObject({ code: 'UnknownRevision' });
  });
});

test('E06 back to a release that is not whole any more: the error says which commit to deploy', async () => {
  const world = await start();
  const { receipt } = await world.release(image('1'));
  await world.release(image('2'));
  world.node.failing.set('rollback', { phase: 'check', message: 'it does not exist any more' });
  const revision = receipt.version.name;
  await expect(world.deployer().rollback({ revision }, world.context())).rejects.toMatchObject({
    code: 'RollbackFailed',
    message: expect.stringContaining(`deploy the commit of ${revision} again`) as string,
  });
  expect(world.node.running).toEqual([image('2').toString()]);
});

describeLooking(start);

describe('by command', () => {
  const target = ['shop', '--environment', 'production'] as const;
  const manifestOf = (world: World) => {
    const sample = sampleManifest({ workloads: ['shop'] });
    const repository = { name: 'shop', uri: image('1').repository, account: ACCOUNT, region: REGION };
    const images = sample.images.map((entry) => ({ ...entry, repository }));
    return encodeManifest({ ...sample, images, targets: [targetOf(world.spec)] });
  };

  test('E04 deploy goes to its end, and its outputs name the release; backup says where it lies', async () => {
    const world = await start();
    const options = { manifest: manifestOf(world) };
    const run = await runCommand(world, ['deploy', ...target, '--image', image('1').toString()], options);
    expect([run.code, run.stderr]).toEqual([0, expect.stringContaining('deploy: begun')]);
    const [release] = world.released.split(' ');
    expect(outputsOf(run.output)).toMatchObject({ version: release, deployment: release });
    expect(run.summary).toContain('no warning of Kubernetes within the last ten minutes');
    const saved = await runCommand(world, ['backup', ...target, '--json'], options);
    expect(JSON.parse(saved.stdout)).toMatchObject({
      passed: true,
      location: expect.stringContaining('s3://'),
    });
  });

  test('E06 a deployment that fails is diagnosed, and undone by what its outputs name', async () => {
    const world = await start();
    await world.release(image('1'));
    world.node.behaviours.set('f', { kind: 'neverReady', reason: 'ImagePullBackOff' });
    const options = { manifest: manifestOf(world) };
    const run = await runCommand(world, ['deploy', ...target, '--image', image('f').toString()], options);
    expect([run.code, run.summary]).toEqual([1, expect.stringContaining('the node role may pull')]);
    const { deployment = '', version = '' } = outputsOf(run.output);
    const named = ['--failed', '--deployment', deployment, '--version', version];
    const back = await runCommand(world, ['rollback', ...target, ...named], options);
    expect(back.code).toBe(0);
    expect(world.node.running).toEqual([image('1').toString()]);
  });
});

describeDeclaredCalls('k3s-node', fixture);
