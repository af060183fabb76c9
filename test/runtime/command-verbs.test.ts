import type * as EcsRuntime from '../../constructs/ecs-service/runtime';
import type { Deployer, TargetEntry, Verb } from '../../contract';
import { VERBS_OF_COMMAND } from '../../runtime/commands/verbs';
import { targetCalls } from '../../workflows/steps/command-calls';
import { image, specOf, targetOf, World, type WorldOptions } from '../constructs/ecs-service/runtime/world';
import { deployArgs, runCommand } from './harness';

/** Methods of the deployer that the commands have called. */
const called: string[] = [];

jest.mock('../../constructs/ecs-service/runtime', () => {
  const actual: typeof EcsRuntime = jest.requireActual('../../constructs/ecs-service/runtime');
  const noting = (deployer: Deployer) =>
    new Proxy(deployer, {
      get: (target, method: keyof Deployer) => {
        // Whoever awaits it asks for `then`, which it does not have.
        if (method in target) called.push(method);
        return target[method];
      },
    });
  return {
    createDeployer: (...args: Parameters<(typeof EcsRuntime)['createDeployer']>) =>
      // ECS records while it waits; the command confirms for kinds that want to know.
      noting({ confirm: () => Promise.resolve(), ...actual.createDeployer(...args) }),
  };
});

const target = ['kvs-infer', '--environment', 'production'] as const;
const NO_BREAKER: WorldOptions = { service: { breaker: { enable: true, rollback: false } } };

/** Room for the tasks that run, and for none beside them. */
const FULL: WorldOptions = { instances: ['a', 'b'].map((id) => ({ id: `i-${id}`, gpus: 1 })) };

/** A way to run a command: the account as it is then, and its arguments. */
interface Run {
  readonly options?: WorldOptions;
  readonly before?: (world: World) => Promise<void> | void;
  readonly argv: readonly string[];
}

const releaseGood = async (world: World) => {
  await world.release(image('1'));
};
const releaseBad = async (world: World) => {
  await releaseGood(world);
  world.behaves(image('f'), { kind: 'exits', code: 1 });
  await runCommand(world, deployArgs('f'));
};
const releaseTwice = async (world: World) => {
  await releaseGood(world);
  await world.release(image('2'));
};
const startUnplaced = async (world: World) => {
  await releaseGood(world);
  await world.deployer().deploy({ images: [image('2')] }, world.context());
  world.clock.pass(20);
};
const startFirst = async (world: World) => {
  await world.deployer().deploy({ images: [image('1')] }, world.context());
};
const startStuck = async (world: World) => {
  await releaseGood(world);
  world.behaves(image('2'), { kind: 'pullsForEver' });
  await world.deployer().deploy({ images: [image('2')] }, world.context());
};
const startBad = async (world: World) => {
  await releaseGood(world);
  world.behaves(image('f'), { kind: 'exits', code: 1 });
  await world.deployer().deploy({ images: [image('f')] }, world.context());
};

/** Runs of each command of jobs that together reach everything it does. */
type JobCommand = keyof typeof VERBS_OF_COMMAND;

const RUNS: Readonly<Record<JobCommand, readonly Run[]>> = {
  deploy: [
    { argv: deployArgs('1') },
    { before: releaseBad, argv: deployArgs('f') },
    { options: FULL, before: releaseGood, argv: deployArgs('2') },
  ],
  wait: [
    { before: startFirst, argv: ['wait', ...target] },
    { before: startBad, argv: ['wait', ...target] },
    { options: FULL, before: startUnplaced, argv: ['wait', ...target] },
  ],
  rollback: [
    { before: releaseTwice, argv: ['rollback', ...target, '--revision', '2'] },
    { before: startStuck, argv: ['rollback', ...target] },
    {
      before: async (world) => {
        await releaseTwice(world);
        world.model.instances.splice(0, 2);
      },
      argv: ['rollback', ...target, '--revision', '2'],
    },
    {
      options: NO_BREAKER,
      before: async (world) => {
        await releaseBad(world);
        world.model.tasks = [];
        world.behaves(image('1'), { kind: 'exits', code: 1 });
      },
      argv: ['rollback', ...target],
    },
  ],
  'rollback --image': [
    { before: releaseTwice, argv: ['rollback', ...target, '--image', image('9').toString()] },
    { before: releaseTwice, argv: ['rollback', ...target, '--image', image('1').toString()] },
    { before: startStuck, argv: ['rollback', ...target, '--image', image('1').toString()] },
    {
      before: async (world) => {
        await releaseTwice(world);
        world.model.instances.splice(0, 2);
      },
      argv: ['rollback', ...target, '--image', image('1').toString()],
    },
    {
      options: NO_BREAKER,
      before: async (world) => {
        await releaseBad(world);
        world.model.tasks = [];
        world.behaves(image('1'), { kind: 'exits', code: 1 });
      },
      argv: ['rollback', ...target, '--image', image('1').toString()],
    },
  ],
  'rollback --list': [{ before: releaseGood, argv: ['rollback', ...target, '--list'] }],
  diagnose: [
    { options: NO_BREAKER, before: releaseBad, argv: ['diagnose', ...target] },
    { options: FULL, before: startUnplaced, argv: ['diagnose', ...target] },
  ],
  verify: [{ before: releaseGood, argv: ['verify', ...target] }],
  status: [{ before: releaseGood, argv: ['status', ...target] }],
  resolve: [{ before: releaseGood, argv: ['resolve', ...target] }],
};

interface Seen {
  readonly verbs: ReadonlySet<string>;
  readonly actions: ReadonlySet<string>;
}

async function see(runs: readonly Run[]): Promise<Seen> {
  const verbs = new Set<string>();
  const actions = new Set<string>();
  for (const { options, before, argv } of runs) {
    const world = await new World(options).start();
    await before?.(world);
    const start = world.calls.length;
    called.splice(0);
    await runCommand(world, argv);
    for (const method of called) if (method !== 'close') verbs.add(method === 'current' ? 'wait' : method);
    for (const { action } of world.calls.slice(start)) actions.add(action);
    await world.stop();
  }
  return { verbs, actions };
}

describe.each(Object.keys(VERBS_OF_COMMAND) as JobCommand[])('%s', (command) => {
  let seen: Seen;
  const entry = targetOf(specOf());
  beforeAll(async () => {
    seen = await see(RUNS[command]);
  }, 20_000);

  test('runs exactly the verbs that it declares', () => {
    expect([...seen.verbs].sort()).toEqual([...VERBS_OF_COMMAND[command]].sort());
  });

  test('makes exactly the calls of its verbs', () => {
    expect([...seen.actions].sort()).toEqual(actionsOf(entry, VERBS_OF_COMMAND[command]));
  });
});

test('B09 logs asks for lines and for nothing that a job does', async () => {
  const { verbs, actions } = await see([{ before: releaseGood, argv: ['logs', ...target] }]);
  expect([...verbs]).toEqual(['logs']);
  expect([...actions]).toEqual(['logs:FilterLogEvents']);
});

test.each(['deploy', 'rollback', 'rollback --image', 'rollback --list', 'resolve'] as const)(
  'P04 the generator plans for %s the calls of the verbs that the command runs',
  (command) => {
    const entry = targetOf(specOf());
    const planned = targetCalls(command, entry).map((call) => JSON.stringify(call));
    const wanted = VERBS_OF_COMMAND[command].flatMap((verb) => entry.calls[verb]);
    expect(planned.sort()).toEqual([...new Set(wanted.map((call) => JSON.stringify(call)))].sort());
  },
);

function actionsOf({ calls }: TargetEntry, verbs: readonly Verb[]): readonly string[] {
  return [...new Set(verbs.flatMap((verb) => calls[verb]).map(({ action }) => action))].sort();
}
