import { Duration, Size } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import type { ServiceStrategy } from '../../constructs/ecs-service';
import { definePlatform } from '../../lib';
import { buildPlatform } from '../../lib/build-platform';
import { fileFaults, type FargateService, type GpuService, type RepositoryFiles } from '../../lib/platform';
import { shiftMinutes } from '../../lib/platform/ecs-service/shift';
import { isTaskSize, nearestTaskSizes, TASK_SIZES } from '../../lib/platform/fargate-service/task-size';
import {
  environmentOf,
  type Fargate,
  fargate,
  fargateIn,
  faultsOf,
  mixedEnvironment,
  platformProps,
  type Service,
  service,
} from './platform-props';

const platformOf = (...workloads: (Service | Fargate)[]) => platformProps({ workloads });
const gpuService = (changes: Partial<Service>) =>
  definePlatform(platformOf(service(changes))).workloads[0] as GpuService;
const fargateService = (changes: Partial<Fargate> = {}) =>
  definePlatform(platformOf(fargate(changes))).workloads[0] as FargateService;

const STRATEGIES: readonly ServiceStrategy[] = ['rolling', 'blueGreen', 'canary', 'linear'];
const SHIFTING = STRATEGIES.filter((strategy) => strategy !== 'rolling');

describe('D02 D04 a service on ECS in a good platform file', () => {
  test('D02 on Fargate, gets every default', () => {
    expect(fargateService({ verification: {}, tests: { node: '22' } })).toMatchObject({
      kind: 'fargateService',
      delivery: 'throughEnvironments',
      starts: 'onPush',
      rollbackByCommit: true,
      releaseTags: ['v*'],
      tests: { language: 'node', node: '22', scripts: ['lint', 'test'] },
      container: { name: 'web', cpu: 256, memoryMib: 512, health: { startPeriodSeconds: 120 } },
      environments: [
        {
          strategy: 'rolling',
          tasks: { desired: 1, min: 1, max: 1 },
          loadBalancer: { scheme: 'internal' },
          names: { verificationFunction: 'ml-web-staging-verify', hookRole: 'ml-web-staging-hook' },
        },
      ],
      rollout: { minimumHealthyPercent: 100, maximumPercent: 200, timeoutMinutes: 30, bakeMinutes: 5 },
      verification: { path: '/healthz', status: 200, latencyBudgetMs: 1000 },
      logRetentionDays: 30,
    });
    expect(fargateService().verification).toBeUndefined();
  });

  test.each<[ServiceStrategy, number, number]>([
    ['rolling', 30, 5],
    ['blueGreen', 35, 8],
    ['canary', 45, 8],
    ['linear', 47, 8],
  ])(
    'D04 the one word %s decides deadline and instances: %i minutes, %i of them',
    (strategy, minutes, max) => {
      const { rollout, environments } = gpuService({
        strategy,
        environments: [environmentOf({ instances: { min: 0 }, tasks: { desired: 2, max: 4 } })],
      });
      expect([rollout.timeoutMinutes, environments[0]?.instances]).toEqual([
        minutes,
        { min: 0, max, warm: 0 },
      ]);
    },
  );

  test('D04 instances follow from what fits on one, and are never fewer than the least', () => {
    const most = (strategy: ServiceStrategy, min: number) =>
      gpuService({
        strategy,
        environments: [
          // Four GPUs.
          environmentOf({ instanceType: 'g4dn.12xlarge', instances: { min }, tasks: { desired: 5 } }),
        ],
      }).environments[0]?.instances.max;
    expect([most('rolling', 0), most('linear', 0), most('linear', 7)]).toEqual([3, 3, 7]);
  });

  test('A09 of several types, the one that takes the fewest tasks decides how many instances there may be', () => {
    const [environment] = gpuService({
      environments: [
        mixedEnvironment({ instances: { min: 0 }, tasks: { desired: 4 }, spot: {} }, [
          'g4dn.12xlarge',
          'g4dn.xlarge',
        ]),
      ],
    }).environments;
    expect(environment).toMatchObject({
      instanceTypes: ['g4dn.12xlarge', 'g4dn.xlarge'],
      instances: { min: 0, max: 5, warm: 0 },
      spot: { onDemandBase: 0 },
    });
  });

  test('D04 an environment may choose its own strategy; the slowest decides the deadline', () => {
    const { environments, rollout } = fargateService({
      strategy: 'blueGreen',
      environments: [
        fargateIn({ strategy: 'rolling' }),
        fargateIn({ name: 'production', strategy: 'canary' }),
      ],
    });
    expect(environments.map(({ strategy }) => strategy)).toEqual(['rolling', 'canary']);
    expect(rollout.timeoutMinutes).toBe(45);
  });

  test('D04 the default deadline ends where a rollback no longer fits into a job', () => {
    const slow = { linear: { percent: 10, wait: Duration.minutes(16) } };
    expect(fargateService({ strategy: 'linear', rollout: slow }).rollout.timeoutMinutes).toBe(170);
  });

  test.each([
    [100, 0],
    [50, 1],
    [33.3, 3],
    [20, 4],
    [11, 9],
    [3, 33],
  ])('D04 steps of %d %% wait %i times', (percent, waits) => {
    const rollout = {
      bakeMinutes: 0,
      canary: { percent, waitMinutes: 0 },
      linear: { percent, waitMinutes: 1 },
    };
    expect(shiftMinutes('linear', rollout)).toBe(waits);
  });

  test('D04 settings of a strategy that is not chosen change nothing', () => {
    const unused = { bake: Duration.minutes(1000), linear: { wait: Duration.minutes(1000) } };
    expect(fargateService({ rollout: unused }).rollout.timeoutMinutes).toBe(30);
  });
});

describe('D02 D04 a service on ECS with faults', () => {
  const rollout = 'workloads[0].rollout';

  test.each<[string, Service | Fargate, string, RegExp]>([
    [
      'a strategy that ECS does not have',
      fargate({ strategy: 'allAtOnce' as 'canary' }),
      'workloads[0].strategy',
      /got "allAtOnce"; allowed: a strategy: 'rolling', 'blueGreen', 'canary' or 'linear'/,
    ],
    [
      'a strategy of an environment by a name that every object has',
      service({ environments: [environmentOf({ strategy: 'constructor' as 'canary' })] }),
      'workloads[0].environments[0].strategy',
      /"constructor"/,
    ],
    [
      'a canary of less than ECS can send',
      fargate({ rollout: { canary: { percent: 0.05 } } }),
      `${rollout}.canary.percent`,
      /got 0\.05; allowed: a percentage from 0\.1 to 100, in steps of 0\.1/,
    ],
    [
      'a linear step of less than 3 %',
      fargate({ rollout: { linear: { percent: 2.9 } } }),
      `${rollout}.linear.percent`,
      /got 2\.9; allowed: a percentage from 3 to 100/,
    ],
    [
      'a percentage between the steps',
      fargate({ rollout: { linear: { percent: 33.33 } } }),
      `${rollout}.linear.percent`,
      /in steps of 0\.1/,
    ],
    [
      'a wait of more than a day',
      fargate({ strategy: 'canary', rollout: { canary: { wait: Duration.hours(25) } } }),
      `${rollout}.canary.wait`,
      /got 1500 minutes; allowed: whole minutes from 0 to 1440/,
    ],
    [
      'a bake of part of a minute',
      fargate({ rollout: { bake: Duration.seconds(90) } }),
      `${rollout}.bake`,
      /got 1\.5 minutes; allowed: whole minutes/,
    ],
    [
      'a deadline that ends while traffic moves',
      fargate({
        strategy: 'canary',
        rollout: { timeout: Duration.minutes(19) },
      }),
      `${rollout}.timeout`,
      /got 19 minutes, with 10 of moving traffic and 5 of bake for canary in staging; allowed: at least 20 minutes: these waits, and 5 for the tasks to start; change: set rollout\.timeout to 20 minutes or more, or shorten rollout\.canary\.wait or rollout\.bake/,
    ],
    [
      'waits longer than any deadline',
      fargate({ strategy: 'linear', rollout: { linear: { percent: 3, wait: Duration.minutes(6) } } }),
      `${rollout}.timeout`,
      /at least 208 minutes.*change: shorten rollout\.linear\.wait or rollout\.bake, or set a larger rollout\.linear\.percent: a deployment may take 170 minutes at most/,
    ],
    [
      'no room for two fleets of GPUs',
      service({
        strategy: 'blueGreen',
        environments: [environmentOf({ instances: { min: 0, max: 3 }, tasks: { desired: 2 } })],
      }),
      'workloads[0].environments[0]',
      /both versions need 4 places at the same time, 1 more than there are; allowed: room for both versions at full size, as blueGreen needs it; change: set workloads\[0\]\.environments\[0\]\.instances\.max to at least 4, or set workloads\[0\]\.environments\[0\]\.tasks\.max to at most 1/,
    ],
    [
      'more instances by default than a group may have',
      service({
        strategy: 'canary',
        environments: [environmentOf({ instances: { min: 0 }, tasks: { desired: 51 } })],
      }),
      'workloads[0].environments[0].instances.max',
      /got 102, which a deployment of 51 tasks needs; allowed: at most 100 instances/,
    ],
    [
      'a rolling update of one task that may neither be stopped nor be doubled',
      fargate({
        rollout: { maximumPercent: 150 },
        environments: [fargateIn({ tasks: { desired: 1, max: 4 } })],
      }),
      'workloads[0].environments[0]',
      /1 running, of which at least 1 must keep running .*, and at most 1 may run .*change: set rollout\.maximumPercent to 200/,
    ],
    [
      'the same on GPUs, where there would be room',
      service({
        rollout: { maximumPercent: 150, minimumHealthyPercent: 50 },
        environments: [environmentOf({ instances: { min: 0, max: 9 }, tasks: { desired: 1, max: 4 } })],
      }),
      'workloads[0].environments[0]',
      /at most 1 may run/,
    ],
    [
      'a latency that nobody waits for',
      fargate({ verification: { latencyBudget: Duration.seconds(11) } }),
      'workloads[0].verification.latencyBudget',
      /got 11000 milliseconds; allowed: whole milliseconds from 1 to 10000/,
    ],
    [
      'memory that Fargate does not offer with so many CPU units',
      fargate({ container: { ...fargate().container, memory: Size.gibibytes(3) } }),
      'workloads[0].container',
      /cpu 256 with 3072 MiB of memory; allowed: .*nearest: cpu 256 with 2048 MiB, cpu 512 with 3072 MiB; change: write cpu: 256 and memory: Size\.gibibytes\(2\), or cpu: 512 and memory: Size\.gibibytes\(3\)/,
    ],
    [
      'more than the largest task of Fargate',
      fargate({ container: { ...fargate().container, cpu: 20_000, memory: Size.gibibytes(200) } }),
      'workloads[0].container',
      /nearest: cpu 16384 with 122880 MiB; change/,
    ],
    [
      'less than the smallest',
      fargate({ container: { ...fargate().container, cpu: 128 } }),
      'workloads[0].container',
      /nearest: cpu 256 with 512 MiB; change: write cpu: 256 and memory: Size\.mebibytes\(512\)$/,
    ],
    [
      'GPUs, which Fargate does not have',
      fargate({ container: { ...fargate().container, gpus: 1 } as Fargate['container'] }),
      'workloads[0].container',
      /the unknown field gpus/,
    ],
  ])('D02 D04 is refused for %s', (_, workload, place, message) => {
    const error = faultsOf(platformOf(workload));
    expect(error.faults.map((fault) => fault.place)).toEqual([place]);
    expect(error.message).toMatch(message);
  });

  test('D04 the name of the function is judged where there is a function', () => {
    const props = (verification: Pick<Fargate, 'verification'>) =>
      platformProps({
        name: 'a-very-long-platform',
        environments: [{ name: 'long-environment', account: '111111111111' }],
        workloads: [
          fargate({
            id: 'quite-a-workload-yes',
            environments: [
              fargateIn({
                name: 'long-environment',
                names: { deployRole: 'a', executionRole: 'b', rollbackRole: 'c' },
              }),
            ],
            ...verification,
          }),
        ],
      });
    expect(definePlatform(props({})).workloads).toHaveLength(1);
    const { faults } = faultsOf(props({ verification: {} }));
    expect(faults.map(({ place, allowed }) => [place, allowed])).toEqual([
      ['workloads[0].environments[0].names.verificationFunction', expect.stringContaining('64 characters')],
    ]);
  });

  test('D04 every size of Fargate is accepted, and no other; the nearest are sizes', () => {
    for (const { cpu, memoryMib } of TASK_SIZES)
      expect(
        fargateService({
          container: { ...fargate().container, cpu, memory: Size.mebibytes(memoryMib) },
        }).container,
      ).toMatchObject({ cpu, memoryMib });
    fc.assert(
      fc.property(fc.nat(40_000), fc.nat(200_000), (cpu, memoryMib) => {
        const nearest = nearestTaskSizes({ cpu, memoryMib });
        expect(nearest.length).toBeGreaterThan(0);
        expect(nearest.every(isTaskSize)).toBe(true);
      }),
    );
  });

  test('D02 all faults are told in one run', () => {
    const error = faultsOf(
      platformOf(
        fargate({
          container: { ...fargate().container, cpu: 300, port: 0 },
          strategy: 'canary',
          rollout: { bake: Duration.minutes(1441), timeout: Duration.minutes(171) },
        }),
      ),
    );
    expect(error.faults.map(({ place }) => place)).toEqual([
      'workloads[0].container.port',
      `${rollout}.timeout`,
      `${rollout}.bake`,
    ]);
  });
});

describe('D01 tests of Node.js', () => {
  test.each<[string, object, string, RegExp]>([
    ['two languages', { node: '22', python: '3.11' }, 'tests', /allowed: one of python and node/],
    ['no language', {}, 'tests', /one of python and node, such as \{ node: '22' \}/],
    ['a number', { node: 22 }, 'tests.node', /in quotes, such as 22/],
    ['checks of Python', { node: '22', checks: {} }, 'tests.checks', /belongs to tests of python/],
    ['scripts of Python', { python: '3.11', scripts: ['x'] }, 'tests.scripts', /belongs to tests of node/],
    ['a command for a script', { node: '22', scripts: ['a && b'] }, 'tests.scripts[0]', /name of a script/],
    ['a misspelt field', { nod: '22' }, 'tests', /the unknown field nod; .*change: write node/],
  ])('D01 are refused with %s', (_, tests, place, message) => {
    const error = faultsOf(platformOf(fargate({ tests: tests as { node: string } })));
    expect(error.faults.map((fault) => fault.place)).toEqual([`workloads[0].${place}`]);
    expect(error.message).toMatch(message);
  });

  const faultsIn = (files: Readonly<Record<string, string>>) => {
    const texts = new Map(Object.entries(files).map(([path, text]) => [`services/web/${path}`, text]));
    const repository: RepositoryFiles = {
      hasFolder: () => true,
      hasFile: (path) => texts.has(path),
      read: (path) => texts.get(path) ?? '',
    };
    const platform = definePlatform(platformOf(fargate({ tests: { node: '22' } })));
    return fileFaults(platform, repository).map(({ place, value }) => `${place}: ${value}`);
  };
  const good = {
    Dockerfile: 'FROM scratch',
    'package.json': '{"scripts":{"lint":"tsc","test":"node --test"}}',
    'package-lock.json': '{}',
  };

  test('D01 need the scripts that they run, and a lock file', () => {
    expect(faultsIn(good)).toEqual([]);
    expect(faultsIn({ Dockerfile: '' })).toEqual([
      'workloads[0].tests.node: "services/web/package.json", which is not there',
      'workloads[0].tests.node: "services/web/package-lock.json", which is not there',
    ]);
    expect(faultsIn({ ...good, 'package.json': '{"scripts":{"test":"x"}}' })).toEqual([
      'workloads[0].tests.node: "services/web/package.json": no script lint',
    ]);
    expect(faultsIn({ ...good, 'package.json': '{' })).toEqual([
      'workloads[0].tests.node: "services/web/package.json": not the JSON of a package with scripts',
    ]);
  });
});

describe('D02 D04 the stacks of services', () => {
  const stacksOf = (strategy: ServiceStrategy) => {
    const built = buildPlatform(
      definePlatform(
        platformOf(
          service({ strategy, verification: {}, environments: [environmentOf({ instances: { min: 0 } })] }),
          fargate({ strategy, verification: {}, tests: { node: '22' } }),
        ),
      ),
    );
    const template = (id: string) => Template.fromStack(built.app.node.findChild(id) as Stack);
    return { ...built, gpu: template('ml-kvs-infer-staging'), fargate: template('ml-web-staging') };
  };

  test('D02 tasks on Fargate need no instances, and those on GPUs have them', () => {
    const { gpu, fargate, manifest } = stacksOf('rolling');
    fargate.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 0);
    gpu.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 1);
    fargate.hasResourceProperties('AWS::ECS::TaskDefinition', { Cpu: '256', Memory: '512' });
    expect(manifest.targets.map(({ kind }) => kind)).toEqual(['ecs-service', 'ecs-service']);
    expect(manifest.targets.map(({ spec }) => (spec as { capacity?: unknown }).capacity)).toEqual([
      expect.objectContaining({ maxInstances: 2 }),
      undefined,
    ]);
    expect(manifest.workloads[1]).toMatchObject({
      rollbackByCommit: true,
      quality: { language: 'node', version: '22', directory: 'services/web', scripts: ['lint', 'test'] },
    });
  });

  test.each(SHIFTING)('D04 %s changes both services by its one word', (strategy) => {
    const { gpu, fargate, manifest } = stacksOf(strategy);
    const name = { blueGreen: 'BLUE_GREEN', canary: 'CANARY', linear: 'LINEAR', rolling: 'ROLLING' }[
      strategy
    ];
    for (const template of [gpu, fargate]) {
      template.hasResourceProperties('AWS::ECS::Service', { DeploymentConfiguration: { Strategy: name } });
      template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 2);
    }
    const updates = manifest.targets.map(({ spec }) => (spec as { update: unknown }).update);
    const hook = { hook: expect.objectContaining({ functionArn: expect.any(String) as string }) as object };
    const expected = {
      blueGreen: { bakeMinutes: 5 },
      canary: { bakeMinutes: 5, canaryPercent: 10, canaryMinutes: 10 },
      linear: { bakeMinutes: 5, stepPercent: 20, stepMinutes: 3 },
      rolling: {},
    }[strategy];
    expect(updates).toEqual([
      { strategy, ...expected, ...hook },
      { strategy, ...expected, ...hook },
    ]);
  });
});
