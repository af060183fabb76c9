import { Duration, Size } from 'aws-cdk-lib';
import fc from 'fast-check';
import { LockstepError } from '../../contract';
import { definePlatform, gpuService } from '../../lib';
import { workloadNames } from '../../lib/names';
import type { PlatformProps } from '../../lib/platform';

type Props = PlatformProps<string>;
type Workload = Props['workloads'][number];

const service = (changes: Partial<Workload> = {}): Workload => ({
  ...gpuService<string>({
    id: 'kvs-infer',
    source: 'services/kvs-infer',
    container: { port: 8080, cpu: 2048, memory: Size.gibibytes(8), health: { path: '/readyz' } },
    environments: [environmentOf()],
  }),
  ...changes,
});

function environmentOf(
  changes: Partial<Workload['environments'][number]> = {},
): Workload['environments'][number] {
  return {
    name: 'staging',
    instanceType: 'g4dn.xlarge',
    instances: { min: 0, max: 2 },
    tasks: { desired: 1 },
    ...changes,
  };
}

const platform = (changes: Partial<Props> = {}): Props => ({
  name: 'ml',
  region: 'us-east-1',
  repository: { owner: 'octo-org', name: 'ml-platform' },
  environments: [
    { name: 'staging', account: '111111111111' },
    { name: 'production', account: '222222222222' },
  ],
  workloads: [service()],
  ...changes,
});

function faultsOf(props: unknown): LockstepError {
  try {
    definePlatform(props as Props);
  } catch (error) {
    if (LockstepError.is(error)) return error;
    throw error;
  }
  throw new Error('the platform passed');
}

describe('a good platform file', () => {
  test('gets every default', () => {
    const { workloads, environments, trust, imageAccount } = definePlatform(platform());
    expect(workloads[0]).toMatchObject({
      region: 'us-east-1',
      container: { name: 'kvs-infer', gpus: 1, memoryMib: 8192 },
      image: {
        dockerfile: 'Dockerfile',
        severities: ['CRITICAL', 'HIGH'],
        scanBlocks: true,
        attestations: false,
      },
      rollout: {
        minimumHealthyPercent: 100,
        maximumPercent: 200,
        timeoutMinutes: 30,
        placementTimeoutMinutes: 10,
      },
      releaseTags: ['v*'],
      paths: ['services/kvs-infer/**', 'platform.config.ts'],
    });
    expect(environments[0]).toMatchObject({
      branches: ['main'],
      tags: ['v*'],
      oidcProvider: 'create',
      waitMinutes: 0,
    });
    expect(trust).toEqual({ jobWorkflowRef: true, repositoryIds: true, roles: {} });
    expect(imageAccount).toBe('222222222222');
  });

  test('keeps images where it is told', () => {
    expect(definePlatform(platform({ imagesIn: 'staging' })).imageAccount).toBe('111111111111');
  });
});

describe('a platform file with faults', () => {
  test('reports all of them at once, each with place, value, allowed values and change', () => {
    const error = faultsOf(
      platform({
        name: 'ML Platform',
        environments: [
          { name: 'staging', account: '1111' },
          { name: 'production', account: '222222222222' },
        ],
        workloads: [
          service({
            container: { port: 0, cpu: 2048, memory: Size.gibibytes(8), health: { path: 'readyz' } },
          }),
        ],
      }),
    );
    expect(error.code).toBe('InvalidConfiguration');
    expect(error.exitCode).toBe(2);
    expect(error.faults.map(({ place }) => place)).toEqual([
      'name',
      'environments[0].account',
      'workloads[0].container.port',
      'workloads[0].container.health.path',
    ]);
    for (const fault of error.faults) {
      expect(Object.values(fault).every((text) => typeof text === 'string' && text.length > 0)).toBe(true);
    }
    expect(error.message).toContain('name: got "ML Platform"; allowed: lower-case letters');
  });

  test.each<[string, Props | unknown, string, RegExp]>([
    [
      'an unknown environment',
      platform({ workloads: [service({ environments: [environmentOf({ name: 'prd' })] })] }),
      'workloads[0].environments[0].name',
      /got "prd"; allowed: "staging" or "production"/,
    ],
    [
      'duplicate workload ids',
      platform({ workloads: [service(), service()] }),
      'workloads[1].id',
      /"kvs-infer", which workloads\[0\]\.id uses already/,
    ],
    [
      'duplicate environments',
      platform({
        environments: [
          { name: 'staging', account: '111111111111' },
          { name: 'staging', account: '222222222222' },
        ],
      }),
      'environments[1].name',
      /"staging", which environments\[0\]\.name uses already/,
    ],
    [
      'an instance type without GPUs',
      platform({ workloads: [service({ environments: [environmentOf({ instanceType: 'm7i.large' })] })] }),
      'workloads[0].environments[0].instanceType',
      /got "m7i\.large"; allowed: a type with GPUs: g4dn\.xlarge/,
    ],
    [
      'a type by a name that every object has',
      platform({ workloads: [service({ environments: [environmentOf({ instanceType: 'constructor' })] })] }),
      'workloads[0].environments[0].instanceType',
      /got "constructor"; allowed: a type with GPUs/,
    ],
    [
      'more GPUs for each task than the instance has',
      platform({
        workloads: [
          service({
            container: { port: 80, cpu: 1024, memory: Size.gibibytes(4), gpus: 2, health: { path: '/' } },
          }),
        ],
      }),
      'workloads[0].environments[0].instanceType',
      /g4dn\.xlarge for tasks of 2 GPUs; allowed: at most 1 GPUs/,
    ],
    [
      'more memory than the instance has',
      platform({
        workloads: [
          service({ container: { port: 80, cpu: 1024, memory: Size.gibibytes(16), health: { path: '/' } } }),
        ],
      }),
      'workloads[0].environments[0].instanceType',
      /16384 MiB of memory; allowed: at most 15360 MiB/,
    ],
    [
      'no room for a rolling update',
      platform({
        workloads: [
          service({
            environments: [environmentOf({ instances: { min: 1, max: 2 }, tasks: { desired: 2 } })],
          }),
        ],
      }),
      'workloads[0].environments[0]',
      /at least 2 must keep running and at most 2 fit.*instances\.max to at least 3, or set rollout\.minimumHealthyPercent to at most 50/,
    ],
    [
      'more tasks than places',
      platform({ workloads: [service({ environments: [environmentOf({ tasks: { desired: 5 } })] })] }),
      'workloads[0].environments[0]',
      /3 tasks cannot be placed at all/,
    ],
    [
      'a wait timer of part of a minute',
      platform({
        environments: [{ name: 'staging', account: '111111111111', waitTimer: Duration.seconds(90) }],
      }),
      'environments[0].waitTimer',
      /got 1\.5 minutes; allowed: whole minutes from 0 to 43200/,
    ],
    [
      'the internet without a certificate',
      platform({
        workloads: [
          service({ environments: [environmentOf({ loadBalancer: { scheme: 'internetFacing' } })] }),
        ],
      }),
      'workloads[0].environments[0].loadBalancer',
      /add certificateArn/,
    ],
    [
      'a path out of the repository',
      platform({ workloads: [service({ source: '../etc' })] }),
      'workloads[0].source',
      /`\.\.`/,
    ],
    ['a misspelt field', { ...platform(), enviroments: [] }, 'the platform', /unknown field enviroments/],
    [
      'half of the GitHub ids',
      platform({ repository: { owner: 'o', name: 'r', ownerId: '1' } }),
      'repository',
      /ownerId without repositoryId/,
    ],
    [
      'an account as a number',
      platform({ environments: [{ name: 'staging', account: 111111111111 as unknown as string }] }),
      'environments[0].account',
      /twelve digits, in quotes/,
    ],
    [
      'zones of another region',
      platform({
        environments: [
          {
            name: 'staging',
            account: '111111111111',
            network: { availabilityZones: ['eu-west-2a', 'eu-west-2b'] },
          },
          { name: 'production', account: '222222222222' },
        ],
      }),
      'environments[0].network.availabilityZones[0]',
      /zones of us-east-1/,
    ],
    [
      'accounts that disagree about the provider',
      platform({
        environments: [
          { name: 'staging', account: '111111111111' },
          { name: 'production', account: '111111111111', oidcProvider: 'import' },
        ],
      }),
      'environments[1].oidcProvider',
      /"create", as in staging/,
    ],
    [
      'environments out of order',
      platform({
        workloads: [service({ environments: [environmentOf({ name: 'production' }), environmentOf()] })],
      }),
      'workloads[0].environments',
      /order of the platform: staging, production/,
    ],
    [
      'a name that AWS finds too long',
      platform({
        name: 'a-very-long-platform',
        environments: [{ name: 'a-long-environment', account: '111111111111' }],
        workloads: [
          service({
            id: 'quite-a-long-workload-id',
            environments: [environmentOf({ name: 'a-long-environment' })],
          }),
        ],
      }),
      'workloads[0].id',
      /role names of at most 64 characters/,
    ],
    [
      'an environment that takes the name of the rollbacks of another',
      platform({
        environments: [
          { name: 'staging', account: '111111111111', reviewers: ['octocat'] },
          { name: 'staging-rollback', account: '222222222222' },
        ],
      }),
      'environments[0].name',
      /rename the declared environment "staging-rollback"/,
    ],
    [
      'a log retention that CloudWatch does not offer',
      platform({ workloads: [service({ logRetention: Duration.days(31) })] }),
      'workloads[0].logRetention',
      /got 31 days/,
    ],
    ['an unknown place for images', platform({ imagesIn: 'moon' }), 'imagesIn', /"staging" or "production"/],
    [
      'trust settings of an unknown role',
      platform({ trust: { roles: { admin: { jobWorkflowRef: false } } } }),
      'trust.roles.admin',
      /allowed: ml-kvs-infer-publish, ml-kvs-infer-scan/,
    ],
    ['no workload', platform({ workloads: [] }), 'workloads', /at least one workload/],
    ['nothing at all', undefined, 'the platform', /./],
  ])('fails for %s', (_, props, place, message) => {
    const error = faultsOf(props);
    expect(error.faults.map((fault) => fault.place)).toContain(place);
    expect(error.message).toMatch(message);
  });

  test('never throws anything but its own error, whatever stands in the file', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (workloads, environments) => {
        expect(faultsOf({ ...platform(), workloads, environments }).code).toBe('InvalidConfiguration');
      }),
      { numRuns: 200 },
    );
  });
});

test('names of different workloads and environments never meet, or the platform is refused', () => {
  const word = fc.stringMatching(/^[a-c]{1,2}(-[a-c]{1,2}){0,2}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(word, { minLength: 2, maxLength: 4 }),
      fc.uniqueArray(word, { minLength: 2, maxLength: 4 }),
      (ids, environments) => {
        const props = platform({
          environments: environments.map((name) => ({ name, account: '111111111111' })),
          workloads: ids.map((id) =>
            service({ id, environments: environments.map((name) => environmentOf({ name })) }),
          ),
        });
        const names = ids.flatMap((id) =>
          environments.map((name) => workloadNames('ml', id, name).deployRole),
        );
        if (new Set(names).size === names.length)
          expect(definePlatform(props).workloads).toHaveLength(ids.length);
        else expect(faultsOf(props).message).toContain('ids that make different names together');
      },
    ),
  );
});

test('fails for a workload that takes the name of a network', () => {
  const error = faultsOf(platform({ workloads: [service({ id: 'network' })] }));
  expect(error.message).toContain('"ml-network-staging" like the network of staging');
});
