import { Duration, Size } from 'aws-cdk-lib';
import fc from 'fast-check';
import { definePlatform } from '../../lib';
import { rollbackEnvironmentOf } from '../../lib/platform';
import { formatPath } from '../../lib/platform/faults';
import { valueAt } from '../../lib/platform/repair';
import { environments, fullApp, fullEndpoint, fullFargate, fullService } from './full-workloads';
import { cheapInstanceFaults } from './instance-faults';
import {
  app,
  endpoint,
  environmentOf,
  fargate,
  faultsOf,
  pathsIn,
  platformProps,
  type Props,
  service,
  withNull,
  withValue,
} from './platform-props';

describe('a good platform file', () => {
  test('gets every default', () => {
    const { workloads, environments, trust, imageAccount } = definePlatform(platformProps());
    expect(workloads[0]).toMatchObject({
      region: 'us-east-1',
      container: { name: 'kvs-infer', gpus: 1, memoryMib: 8192 },
      images: [
        {
          dockerfile: 'Dockerfile',
          severities: ['CRITICAL', 'HIGH'],
          scanBlocks: true,
          attestations: false,
        },
      ],
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

  test('names follow the rule, and each can be overridden', () => {
    const { workloads } = definePlatform(
      platformProps({
        workloads: [
          service({
            image: { names: { repository: 'team/detector' } },
            environments: [environmentOf({ names: { cluster: 'gpu-cluster' } })],
          }),
        ],
      }),
    );
    expect(workloads[0]?.images[0]?.store).toMatchObject({
      names: { repository: 'team/detector', publishRole: 'ml-kvs-infer-publish' },
    });
    expect(workloads[0]?.environments[0]?.names).toMatchObject({
      cluster: 'gpu-cluster',
      service: 'kvs-infer',
    });
  });

  test('zones are compared with a region only where there is one', () => {
    const error = faultsOf(
      platformProps({
        name: 'BAD',
        region: 'eu-west-2',
        environments: [
          {
            name: 'staging',
            account: '111111111111',
            network: { availabilityZones: ['eu-west-2a', 'eu-west-2b'] },
          },
        ],
      }),
    );
    expect(error.faults.map(({ place }) => place)).toEqual(['name']);
  });

  test('keeps images where it is told', () => {
    expect(definePlatform(platformProps({ imagesIn: 'staging' })).imageAccount).toBe('111111111111');
  });
});

describe('the environment of automatic rollbacks', () => {
  const environment = { name: 'staging', account: '111111111111' };
  test.each([
    ['the same where nobody is waited for', environment, 'staging'],
    ['another one beside reviewers', { ...environment, reviewers: ['octocat'] }, 'staging-rollback'],
    [
      'another one beside a wait timer alone',
      { ...environment, waitTimer: Duration.minutes(1) },
      'staging-rollback',
    ],
  ])('is %s', (_, props, expected) => {
    const [first] = definePlatform(platformProps({ environments: [props] })).environments;
    expect(rollbackEnvironmentOf(first!)).toBe(expected);
  });
});

describe('a platform file with faults', () => {
  test('reports all of them at once, each with place, value, allowed values and change', () => {
    const error = faultsOf(
      platformProps({
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

  test('reports faults of form and of meaning in one run', () => {
    const error = faultsOf(
      platformProps({
        region: 'x',
        workloads: [
          service({
            container: { port: -1, cpu: 99_999, memory: Size.gibibytes(8), health: { path: '/' } },
            environments: [environmentOf({ tasks: { desired: 10 } }), environmentOf({ name: 'moon' })],
          }),
        ],
      }),
    );
    expect(error.faults.map(({ place, value }) => `${place} ${value}`)).toEqual([
      'region "x"',
      'workloads[0].container.port -1',
      'workloads[0].environments[1].name "moon"',
      expect.stringContaining(
        'workloads[0].environments[0].instanceType g4dn.xlarge for tasks of 99999 CPU units',
      ),
      expect.stringContaining(
        'workloads[0].environments[1].instanceType g4dn.xlarge for tasks of 99999 CPU units',
      ),
    ]);
  });

  test.each([
    ['logRetention', { ...fullService, logRetention: Duration.days(31) }],
    ['logRetention', { ...fullFargate, logRetention: Duration.days(31) }],
    ['keepVersions', { ...fullEndpoint, keepVersions: 0 }],
    ['logRetention', { ...fullApp, logRetention: Duration.days(31) }],
  ])('reports %s beside whichever other field is at fault, and nothing else', (faulty, workload) => {
    const told = (part: Props['workloads'][number]) =>
      faultsOf(platformProps({ environments, workloads: [part] })).faults.map(({ place }) => place);
    const beside = `workloads[0].${faulty}`;
    expect(told(workload)).toEqual([beside]);
    const paths = pathsIn(workload).filter(([field]) => field !== faulty && field !== 'kind');
    expect(paths.length).toBeGreaterThan(80);
    for (const path of paths)
      expect(told(withNull(workload, path))).toEqual([formatPath(['workloads', 0, ...path]), beside]);
  });

  test.each([
    ['gpuService', service({ gpuCheck: { environment: 'staging' } }), fullService, 11],
    ['fargateService', fargate(), fullFargate, 9],
    ['sagemakerEndpoint', endpoint(), fullEndpoint, 5],
    ['k3sApp', app(), fullApp, 5],
  ])('gives examples of durations that a %s takes', (_, workload, full, count) => {
    const platformOf = (part: unknown) => platformProps({ workloads: [part] as Props['workloads'] });
    // Fields of the first environment stand for those of all.
    const paths = pathsIn(full).filter(
      (path) => valueAt(full, path) instanceof Duration && !(path[0] === 'environments' && path[1] !== 0),
    );
    expect(paths).toHaveLength(count);
    for (const path of paths) {
      const [fault] = faultsOf(platformOf(withValue(workload, path, 500))).faults;
      expect(fault?.place).toBe(formatPath(['workloads', 0, ...path]));
      const [, unit, amount] =
        /such as Duration\.(millis|seconds|minutes|days)\((\d+)\)$/.exec(fault?.change ?? '') ?? [];
      const example = Duration[unit as 'seconds'](Number(amount));
      expect(definePlatform(platformOf(withValue(workload, path, example))).workloads).toHaveLength(1);
    }
  });

  test('knows which field was probably meant', () => {
    const tasks = { desird: 2 } as unknown as { desired: number };
    const error = faultsOf(
      platformProps({ workloads: [service({ environments: [environmentOf({ tasks })] })] }),
    );
    expect(error.message).toContain(
      'the unknown field desird; allowed: desired, min, max; change: write desired',
    );
  });

  test('does not show what stands in settings', () => {
    const error = faultsOf(
      platformProps({
        workloads: [
          service({
            container: {
              port: 80,
              cpu: 1024,
              memory: Size.gibibytes(4),
              health: { path: '/' },
              environment: { TOKEN: 12345 as unknown as string },
            },
          }),
        ],
      }),
    );
    expect(error.message).toContain('environment.TOKEN: got a value that is not shown');
    expect(error.message).not.toContain('12345');
  });

  test.each<[string, Props | unknown, string, RegExp]>([
    [
      'an unknown environment',
      platformProps({ workloads: [service({ environments: [environmentOf({ name: 'prd' })] })] }),
      'workloads[0].environments[0].name',
      /got "prd"; allowed: "staging" or "production"/,
    ],
    [
      'duplicate workload ids',
      platformProps({ workloads: [service(), service()] }),
      'workloads[1].id',
      /"kvs-infer", which workloads\[0\]\.id uses already/,
    ],
    [
      'duplicate environments',
      platformProps({
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
      platformProps({
        workloads: [service({ environments: [environmentOf({ instanceType: 'm7i.large' })] })],
      }),
      'workloads[0].environments[0].instanceType',
      /got "m7i\.large"; allowed: a type with GPUs: g4dn\.xlarge/,
    ],
    [
      'a type by a name that every object has',
      platformProps({
        workloads: [service({ environments: [environmentOf({ instanceType: 'constructor' })] })],
      }),
      'workloads[0].environments[0].instanceType',
      /got "constructor"; allowed: a type with GPUs/,
    ],
    [
      'more GPUs for each task than the instance has',
      platformProps({
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
      platformProps({
        workloads: [
          service({ container: { port: 80, cpu: 1024, memory: Size.gibibytes(16), health: { path: '/' } } }),
        ],
      }),
      'workloads[0].environments[0].instanceType',
      /16384 MiB of memory; allowed: at most 15360 MiB/,
    ],
    [
      'no room for a rolling update',
      platformProps({
        workloads: [
          service({
            environments: [environmentOf({ instances: { min: 1, max: 2 }, tasks: { desired: 2 } })],
          }),
        ],
      }),
      'workloads[0].environments[0]',
      /at least 2 must keep running and at most 2 fit.*set workloads\[0\]\.environments\[0\]\.instances\.max to at least 3, or set workloads\[0\]\.rollout\.minimumHealthyPercent to at most 50/,
    ],
    [
      'more tasks than places',
      platformProps({ workloads: [service({ environments: [environmentOf({ tasks: { desired: 5 } })] })] }),
      'workloads[0].environments[0]',
      /3 tasks cannot be placed at all/,
    ],
    [
      // One task fits and can be replaced; two, which autoscaling may choose, could not be.
      'no room for a rolling update of as many tasks as autoscaling may choose',
      platformProps({
        workloads: [service({ environments: [environmentOf({ tasks: { desired: 1, max: 2 } })] })],
      }),
      'workloads[0].environments[0]',
      /at least 2 must keep running and at most 2 fit/,
    ],
    ...cheapInstanceFaults,
    [
      'a wait timer of part of a minute',
      platformProps({
        environments: [{ name: 'staging', account: '111111111111', waitTimer: Duration.seconds(90) }],
      }),
      'environments[0].waitTimer',
      /got 1\.5 minutes; allowed: whole minutes from 0 to 43200/,
    ],
    [
      'the internet without a certificate',
      platformProps({
        workloads: [
          service({ environments: [environmentOf({ loadBalancer: { scheme: 'internetFacing' } })] }),
        ],
      }),
      'workloads[0].environments[0].loadBalancer',
      /add certificateArn/,
    ],
    [
      'a path out of the repository',
      platformProps({ workloads: [service({ source: '../etc' })] }),
      'workloads[0].source',
      /`\.\.`/,
    ],
    [
      'a misspelt field',
      { ...platformProps(), enviroments: [] },
      'the platform',
      /unknown field enviroments/,
    ],
    [
      'half of the GitHub ids',
      platformProps({ repository: { owner: 'o', name: 'r', ownerId: '1' } }),
      'repository',
      /ownerId without repositoryId/,
    ],
    [
      'an account as a number',
      platformProps({ environments: [{ name: 'staging', account: 111111111111 as unknown as string }] }),
      'environments[0].account',
      /twelve digits, in quotes/,
    ],
    [
      'zones of another region',
      platformProps({
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
      platformProps({
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
      platformProps({
        workloads: [service({ environments: [environmentOf({ name: 'production' }), environmentOf()] })],
      }),
      'workloads[0].environments',
      /order of the platform: staging, production/,
    ],
    [
      'a name that AWS finds too long',
      platformProps({
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
      platformProps({
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
      platformProps({ workloads: [service({ logRetention: Duration.days(31) })] }),
      'workloads[0].logRetention',
      /got 31 days/,
    ],
    [
      'an unknown place for images',
      platformProps({ imagesIn: 'moon' }),
      'imagesIn',
      /"staging" or "production"/,
    ],
    [
      'trust settings of an unknown role',
      platformProps({ trust: { roles: { admin: { jobWorkflowRef: false } } } }),
      'trust.roles.admin',
      /allowed: ml-kvs-infer-publish, ml-kvs-infer-scan/,
    ],
    [
      'an environment that lets the default branch not in',
      platformProps({
        environments: [
          { name: 'staging', account: '111111111111', deployFrom: { branches: ['release/*'], tags: ['v*'] } },
        ],
      }),
      'workloads[0].environments[0]',
      /branch "main", which staging does not let in/,
    ],
    [
      'release tags that an environment does not let in',
      platformProps({ workloads: [service({ releaseTags: ['model-v*'] })] }),
      'workloads[0].environments[0]',
      /tag "model-v\*"/,
    ],
    [
      'D06 notifications through no channel',
      platformProps({ workloads: [service({ notifications: {} })] }),
      'workloads[0].notifications',
      /at least one channel: slack, pagerDuty or email/,
    ],
    [
      'D06 an address that is none',
      platformProps({ workloads: [service({ notifications: { email: ['on-call'] } })] }),
      'workloads[0].notifications.email[0]',
      /a mail address/,
    ],
    [
      'D06 an address twice',
      platformProps({
        workloads: [service({ notifications: { email: ['a@example.com', 'A@example.com'] } })],
      }),
      'workloads[0].notifications.email[1]',
      /each address once/,
    ],
    [
      'D06 one secret for two channels',
      platformProps({
        workloads: [service({ notifications: { slack: { secret: 'X' }, pagerDuty: { secret: 'X' } } })],
      }),
      'workloads[0].notifications.pagerDuty.secret',
      /holds a webhook of Slack at workloads\[0\]\.notifications\.slack\.secret/,
    ],
    [
      'D06 a secret whose name GitHub keeps for itself',
      platformProps({ workloads: [service({ notifications: { slack: { secret: 'GITHUB_HOOK' } } })] }),
      'workloads[0].notifications.slack.secret',
      /does not begin with GITHUB_/,
    ],
    [
      'a secret by dynamic reference in a plain setting',
      platformProps({
        workloads: [
          service({
            container: {
              port: 80,
              cpu: 1024,
              memory: Size.gibibytes(4),
              health: { path: '/' },
              environment: { TOKEN: '{{resolve:secretsmanager:token}}' },
            },
          }),
        ],
      }),
      'workloads[0].container.environment.TOKEN',
      /would show a secret/,
    ],
    ...['.', './x', 'x/', 'a//b', '/x', 'a b'].map(
      (source) =>
        [
          `the source ${JSON.stringify(source)}`,
          platformProps({ workloads: [service({ source })] }),
          'workloads[0].source',
          /a path inside the repository/,
        ] as [string, Props, string, RegExp],
    ),
    ...['cn-north-1', 'us-gov-west-1', 'zz-nowhere-9'].map(
      (region) =>
        [`the region ${region}`, platformProps({ region }), 'region', /partition aws/] as [
          string,
          Props,
          string,
          RegExp,
        ],
    ),
    [
      'a platform named like a prefix of SSM',
      platformProps({ name: 'aws-ml' }),
      'name',
      /does not begin with aws or ssm/,
    ],
    [
      'an id that every object has',
      platformProps({ workloads: [service({ id: 'constructor' })] }),
      'workloads[0].id',
      /lower-case/,
    ],
    [
      'overridden names that meet',
      platformProps({
        workloads: [
          service({
            environments: [environmentOf({ names: { deployRole: 'same', rollbackRole: 'same' } })],
          }),
        ],
      }),
      'workloads[0].id',
      /role "same"/,
    ],
    [
      'an unknown kind of workload',
      platformProps({ workloads: [{ ...service(), kind: 'k3s' as 'gpuService' }] }),
      'workloads[0].kind',
      /got "k3s"; allowed: "gpuService" or "fargateService" or "sagemakerEndpoint" or "k3sApp"; change: make the workload with gpuService\(…\)/,
    ],
    [
      'a kind that every object has',
      platformProps({ workloads: [{ ...service(), kind: 'constructor' as 'gpuService' }] }),
      'workloads[0].kind',
      /"constructor"/,
    ],
    ['no workload', platformProps({ workloads: [] }), 'workloads', /at least one workload/],
    ['nothing at all', undefined, 'the platform', /./],
  ])('fails for %s', (_, props, place, message) => {
    const error = faultsOf(props);
    expect(error.faults.map((fault) => fault.place)).toContain(place);
    expect(error.message).toMatch(message);
  });

  test('never throws anything but its own error, whatever stands in the file', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (workloads, environments) => {
        expect(faultsOf({ ...platformProps(), workloads, environments }).code).toBe('InvalidConfiguration');
      }),
      { numRuns: 200 },
    );
  });
});
