import type { RegisterTaskDefinitionCommandInput, TaskDefinition } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { clientOptions, isTransient, retryWithBackOff } from '../../../../constructs/aws-client';
import {
  shortageOf,
  startableTasks,
  stoppableTasks,
} from '../../../../constructs/ecs-service/runtime/capacity';
import { explain } from '../../../../constructs/ecs-service/runtime/explain';
import { differingFields, sameDefinition } from '../../../../constructs/ecs-service/runtime/task-definition';
import { causeOf, imageOf, registrable, type StoppedTask, withImage } from '../../../../constructs/ecs-task';
import { describeShiftingPure } from './shifting-pure';
import { commitTag, furtherTags, laterRelease } from '../../../../constructs/image-registry/runtime';

const container = fc.record(
  {
    image: fc.string(),
    memory: fc.nat(),
    environment: fc.uniqueArray(fc.record({ name: fc.string(), value: fc.string() }), {
      selector: ({ name }) => name,
    }),
    command: fc.array(fc.string()),
  },
  { requiredKeys: ['image'] },
);

/** Definitions with a container named `app`, as ECS describes them. */
const definition: fc.Arbitrary<TaskDefinition> = fc
  .record({
    app: container,
    others: fc.uniqueArray(fc.tuple(fc.string({ minLength: 1 }), container), { selector: ([name]) => name }),
    position: fc.nat(3),
    cpu: fc.option(fc.string(), { nil: undefined }),
    revision: fc.nat(),
  })
  .map(({ app, others, position, cpu, revision }) => {
    const containers = others.filter(([name]) => name !== 'app').map(([name, each]) => ({ ...each, name }));
    containers.splice(position, 0, { ...app, name: 'app' });
    return {
      family: 'app',
      cpu,
      volumes: [],
      containerDefinitions: containers,
      revision,
      taskDefinitionArn: `arn:aws:ecs:us-east-1:222222222222:task-definition/app:${revision}`,
      status: 'ACTIVE' as const,
      compatibilities: ['EC2' as const],
      requiresAttributes: [],
      registeredAt: new Date(0),
      registeredBy: 'somebody',
      deregisteredAt: new Date(0),
    };
  });

describe('task definitions', () => {
  test('A05 the image of the named container is all that changes', () => {
    fc.assert(
      fc.property(definition, fc.string({ minLength: 1 }), (before, image) => {
        const after = withImage(before, 'app', image);
        expect(imageOf(after, 'app')).toBe(image);
        expect(differingFields(before, after, 'app')).toEqual([]);
        const others = (containers: TaskDefinition['containerDefinitions']) =>
          containers?.filter(({ name }) => name !== 'app');
        expect(others(after.containerDefinitions)).toEqual(others(before.containerDefinitions));
        expect(withImage(after, 'app', imageOf(before, 'app') ?? '')).toEqual(registrable(before));
      }),
    );
  });

  test('A05 nothing that ECS adds is registered again, and nothing else is lost', () => {
    fc.assert(
      fc.property(definition, (described) => {
        const added = [
          'compatibilities',
          'deregisteredAt',
          'registeredAt',
          'registeredBy',
          'requiresAttributes',
          'revision',
          'status',
          'taskDefinitionArn',
        ];
        const input: RegisterTaskDefinitionCommandInput = registrable(described);
        const kept = Object.entries(described).filter(
          ([field, value]) => !added.includes(field) && value !== undefined,
        );
        expect(input).toEqual(Object.fromEntries(kept));
      }),
    );
  });

  test('A05 a definition is the same as itself, in whatever order ECS lists named things', () => {
    fc.assert(
      fc.property(definition, (each) => {
        const turned = {
          ...each,
          volumes: undefined,
          containerDefinitions: [...(each.containerDefinitions ?? [])].reverse().map((one) => ({
            ...one,
            environment: [...(one.environment ?? [])].reverse(),
          })),
        };
        expect(differingFields(each, turned, 'app')).toEqual([]);
        expect(sameDefinition(each, registrable(turned), 'app')).toBe(true);
      }),
    );
  });

  test('A05 a change to any other field is named', () => {
    const before: TaskDefinition = {
      family: 'app',
      containerDefinitions: [
        { name: 'app', image: 'a', command: ['run'] },
        { name: 'log', image: 'b' },
      ],
    };
    const after: TaskDefinition = {
      family: 'app',
      cpu: '256',
      containerDefinitions: [
        { name: 'app', image: 'x', command: ['run', 'fast'] },
        { name: 'log', image: 'c' },
      ],
    };
    expect(differingFields(before, after, 'app')).toEqual([
      'containerDefinitions.app.command.1',
      'containerDefinitions.log.image',
      'cpu',
    ]);
  });
});

describe('capacity', () => {
  const gpus = fc.array(
    fc.nat(8).map((free) => ({ registered: 8, free })),
    { maxLength: 6 },
  );

  test('A05 tasks that are said to lack GPUs really do not fit, and one GPU set more would hold one more', () => {
    fc.assert(
      fc.property(
        gpus,
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 4 }),
        (instances, tasks, each) => {
          const limits = {
            instanceTypes: ['g4dn.12xlarge'],
            purchase: 'onDemand' as const,
            maxInstances: 4,
            gpusPerInstance: 4,
            gpusPerTask: each,
          };
          const { gpus: missing, canGrow } = shortageOf(tasks, instances, limits);
          let placed = 0;
          for (const { free } of instances) for (let left = free; left >= each; left -= each) placed += 1;
          expect(missing).toBe(Math.max(0, tasks - placed) * each);
          expect(canGrow).toBe(instances.length < 4);
        },
      ),
    );
  });

  test.each([
    [
      2,
      [0, 0],
      2,
      '2 tasks × 1 GPU need 2 more GPUs; 2 × g4dn.xlarge have 0 free; the group may not grow beyond 2',
    ],
    [
      2,
      [0, 1],
      2,
      '2 tasks × 1 GPU need 1 more GPU; 2 × g4dn.xlarge have 1 free; the group may not grow beyond 2',
    ],
    [
      1,
      [0],
      3,
      '1 task × 1 GPU need 1 more GPU; 1 × g4dn.xlarge has 0 free; the group may grow to 3, by 2 GPUs',
    ],
    [1, [1], 3, '1 task × 1 GPU would fit; 1 × g4dn.xlarge has 1 free; the group may grow to 3, by 2 GPUs'],
  ])('says %d tasks on %j of at most %d instances as arithmetic', (tasks, free, maxInstances, sentence) => {
    const instances = free.map((each) => ({ registered: 1, free: each }));
    const limits = {
      instanceTypes: ['g4dn.xlarge'],
      purchase: 'onDemand' as const,
      maxInstances,
      gpusPerInstance: 1,
      gpusPerTask: 1,
    };
    expect(shortageOf(tasks, instances, limits).sentence).toBe(sentence);
  });

  test('a group whose instances are too small for a task does not help by growing', () => {
    const limits = {
      instanceTypes: ['g4dn.xlarge'],
      purchase: 'onDemand' as const,
      maxInstances: 4,
      gpusPerInstance: 1,
      gpusPerTask: 4,
    };
    expect(shortageOf(1, [{ registered: 1, free: 1 }], limits)).toMatchObject({ gpus: 4, canGrow: false });
  });

  test.each([
    [2, 2, 200, 2],
    [2, 2, 150, 1],
    [2, 2, 100, 0],
    [3, 2, 150, 0],
    [3, 3, 150, 1],
    [4, 2, 150, 0],
    [0, 2, 100, 2],
  ])(
    'beside %d tasks of %d desired at %d %% maximum, %d may be started',
    (alive, desired, percent, expected) => {
      expect(startableTasks(alive, desired, percent)).toBe(expected);
    },
  );

  test('speaks of CPU and memory where tasks need no GPU', () => {
    const limits = {
      instanceTypes: ['t3.small'],
      purchase: 'onDemand' as const,
      maxInstances: 2,
      gpusPerInstance: 0,
      gpusPerTask: 0,
    };
    expect(shortageOf(1, [{ registered: 0, free: 0 }], limits).sentence).toContain(
      'no room for the CPU or memory',
    );
  });

  test.each([
    [{ all: 2, old: 2 }, 2, 100, 0],
    [{ all: 2, old: 2 }, 2, 50, 1],
    [{ all: 3, old: 3 }, 3, 50, 1],
    [{ all: 2, old: 2 }, 2, 0, 2],
    [{ all: 3, old: 1 }, 2, 0, 1],
    [{ all: 1, old: 1 }, 2, 100, 0],
  ])('of %j with %d desired at %d %% minimum, %d can be stopped', (running, desired, percent, expected) => {
    expect(stoppableTasks(running, desired, percent)).toBe(expected);
  });
});

describe('diagnosis', () => {
  const task = (changes: Partial<StoppedTask>): StoppedTask => ({
    id: '1a2b',
    stopCode: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
    containers: [],
    lines: [],
    ...changes,
  });

  test.each([
    [{ containers: [{ name: 'app', exitCode: 137 }] }, /exit code 137.*memory/],
    [{ containers: [{ name: 'app', exitCode: 1, reason: 'OutOfMemoryError: killed' }] }, /memory/],
    [{ containers: [{ name: 'app', exitCode: 139 }] }, /segmentation fault/],
    [{ containers: [{ name: 'app', exitCode: 3 }] }, /exit code 3/],
    [{ containers: [{ name: 'app', exitCode: 0 }] }, /ended by itself/],
    [{ reason: 'CannotPullContainerError: pull access denied' }, /could not be pulled/],
    [{ reason: 'CannotPullContainerError: repo@sha256:1: not found' }, /does not exist in the registry/],
    [{ reason: 'ResourceInitializationError: unable to pull secrets' }, /secret/],
    [
      { stopCode: 'ServiceSchedulerInitiated', reason: 'Task failed ELB health checks in (target-group x)' },
      /load balancer/,
    ],
    [
      {
        stopCode: 'ServiceSchedulerInitiated',
        reason: 'Task failed container health checks',
        containers: [{ name: 'app', exitCode: 137 }],
      },
      /container health check failed/,
    ],
    [
      { stopCode: 'SpotInterruption', reason: 'Your Spot Task was interrupted.' },
      /Spot Instance under the task away/,
    ],
    [
      { stopCode: 'TaskFailedToStart', reason: 'Something that is new in 2027' },
      /^Something that is new in 2027$/,
    ],
    [{ stopCode: '', reason: '' }, /gives no reason/],
  ])('A08 %j has its cause and a remedy', (changes, cause) => {
    const found = causeOf(task(changes));
    expect(found.cause).toMatch(cause);
    expect(found.remedy).not.toBe('');
  });

  test('A08 puts the cause of most tasks first, each once, with words and last lines', () => {
    const crashed = task({ containers: [{ name: 'app', exitCode: 1, reason: 'boom' }] });
    const diagnoses = explain({
      stopped: [
        task({ id: '9', reason: 'CannotPullContainerError: denied' }),
        { ...crashed, lines: ['Traceback'] },
        crashed,
      ],
      events: [],
    });
    expect(diagnoses.map(({ cause }) => cause)).toEqual([
      '2 tasks: a container ended with exit code 1',
      'the image could not be pulled',
    ]);
    expect(diagnoses[0]?.evidence).toEqual([
      'EssentialContainerExited: Essential container in task exited',
      'container app: exit code 1: boom',
      'Traceback',
    ]);
  });

  test('A08 names alarms, and passes on the words of ECS when nothing else was found', () => {
    const deployment = {
      id: 'd',
      status: 'ROLLBACK_SUCCESSFUL',
      reason: 'alarm',
      alarms: ['p99'],
      hooks: [],
      twoFleets: false,
    };
    expect(explain({ stopped: [], events: [], deployment })[0]?.cause).toContain('p99');
    const silent = { ...deployment, alarms: [] };
    expect(explain({ stopped: [], events: ['e'], deployment: silent })[0]).toMatchObject({
      cause: 'alarm',
      evidence: ['e'],
    });
    expect(explain({ stopped: [], events: [], deployment: { ...silent, status: 'SUCCESSFUL' } })).toEqual([]);
  });
});

describeShiftingPure();

describe('image tags', () => {
  const number = fc.nat(999);

  test('A03 a release has its own tag, and that of its minor version', () => {
    fc.assert(
      fc.property(number, number, number, (major, minor, patch) => {
        const full = `v${major}.${minor}.${patch}`;
        expect(furtherTags({ ref: `refs/tags/${full}`, defaultBranch: 'main' })).toEqual([
          { name: full },
          { name: `${major}.${minor}`, release: full },
        ]);
      }),
    );
  });

  test('A03 a pre-release has only its own tag', () => {
    fc.assert(
      fc.property(number, fc.stringMatching(/^[0-9A-Za-z][0-9A-Za-z.-]{0,10}$/), (patch, pre) => {
        const tags = furtherTags({ ref: `refs/tags/v1.2.${patch}-${pre}`, defaultBranch: 'main' });
        expect(tags).toEqual([{ name: `v1.2.${patch}-${pre}` }]);
      }),
    );
  });

  test('A03 a later release is one of the same line with a higher last number, whatever its digits', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 20n })),
        (own, others) => {
          const found = laterRelease(
            `v1.2.${own}`,
            others.map((patch) => `v1.2.${patch}`),
          );
          const highest = others.reduce((most, patch) => (patch > most ? patch : most), own);
          expect(found).toBe(highest === own ? undefined : `v1.2.${highest}`);
        },
      ),
    );
  });

  test.each([
    [
      ['v1.2.3', 'v1.2.2', 'v1.2.03', 'v1.3.0', 'v2.2.9', 'v11.2.4', '1.2', 'latest', 'sha-1234567'],
      undefined,
    ],
    [['v1.2.4-rc.1', 'v1.2.4-0'], undefined],
    [['v1.2.4', 'v1.2.10', 'v1.2.9'], 'v1.2.10'],
  ])('A03 of %j, what comes after v1.2.3 is %s', (tags, expected) => {
    expect(laterRelease('v1.2.3', tags)).toBe(expected);
  });

  test.each([
    ['refs/heads/main', ['latest']],
    ['refs/heads/develop', []],
    ['refs/heads/v1.2.3', []],
    ['refs/tags/v1.2', []],
    ['refs/tags/v01.2.3', []],
    ['refs/tags/v1.2.3+build', []],
    ['refs/tags/model-v3', []],
    ['refs/pull/1/merge', []],
  ])('A03 %s gives %j', (ref, names) => {
    expect(furtherTags({ ref, defaultBranch: 'main' }).map(({ name }) => name)).toEqual(names);
  });

  test('A03 every tag is one that a registry accepts', () => {
    fc.assert(
      fc.property(fc.string(), (name) => {
        for (const tag of furtherTags({ ref: `refs/tags/${name}`, defaultBranch: 'main' })) {
          expect(tag.name).toMatch(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/);
        }
      }),
    );
    expect(commitTag('0123456789ABCDEF')).toBe('sha-0123456789ab');
    // Seven digits are the same.
    expect(commitTag('abc1234000000000')).not.toBe(commitTag('abc1234fffffffff'));
  });
});

describe('retries', () => {
  test('A05 the delay doubles up to twenty seconds, and never falls below half of that', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async (chance) => {
        const strategy = retryWithBackOff(12, 200, () => chance);
        let token = await strategy.acquireInitialRetryToken('');
        for (let retry = 1; retry < 12; retry += 1) {
          token = await strategy.refreshRetryTokenForRetry(token, { errorType: 'THROTTLING' });
          const ceiling = Math.min(20_000, 200 * 2 ** (retry - 1));
          expect(token.getRetryDelay()).toBeGreaterThanOrEqual(Math.floor(ceiling / 2));
          expect(token.getRetryDelay()).toBeLessThanOrEqual(ceiling);
        }
        await expect(strategy.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT' })).rejects.toThrow(
          '12 attempts',
        );
      }),
      { numRuns: 20 },
    );
  });

  test('what AWS refuses is not asked again', async () => {
    const { retryStrategy } = clientOptions({ region: 'us-east-1' });
    const token = await retryStrategy.acquireInitialRetryToken('');
    await expect(
      retryStrategy.refreshRetryTokenForRetry(token, { errorType: 'CLIENT_ERROR' }),
    ).rejects.toThrow();
    expect(isTransient(Object.assign(new Error('x'), { name: 'AccessDeniedException' }))).toBe(false);
    expect(isTransient(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBe(true);
    expect(isTransient('x')).toBe(false);
  });
});
