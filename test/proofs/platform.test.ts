import { Duration, Size } from 'aws-cdk-lib';
import { definePlatform } from '../../lib';
import type { GpuService, Platform } from '../../lib/platform';
import { PROOF_CODES, PROOFS, prove, readForProofs } from '../../proofs';
import { MUTATIONS, SEEDED } from './mutations';
import { inJob } from './mutations/in-job';
import { CHECKS, DEPLOY, PROMOTE } from './mutations/workflow-names';
import { build, findResource, type Mutation, resourcesOfStack, sources } from './sample';
import platform from '../fixtures/sample-platform';
import {
  app,
  appIn,
  appService,
  endpoint,
  endpointIn,
  environmentOf,
  fargate,
  fargateIn,
  platformProps,
  type Props,
  service,
} from '../lib/platform-props';

const gpuServiceOf = ({ workloads }: Platform): GpuService | undefined =>
  workloads.find((workload) => workload.kind === 'gpuService');

test('the untouched platform has no finding, and every proof has something to check', async () => {
  const proved = prove(await readForProofs(sources()));
  expect(proved.map(({ code }) => code)).toEqual([...PROOF_CODES]);
  expect(proved.flatMap(({ findings }) => findings)).toEqual([]);
  for (const { checked } of proved) expect(checked).toBeGreaterThan(0);
});

test('a platform with one environment, and one with three, have no finding either', async () => {
  const [staging, production] = ['staging', 'production'].map((name) =>
    platform.environments.find((one) => one.name === name),
  );
  const service = gpuServiceOf(platform);
  const first = service?.environments[0];
  if (!staging || !production || !service || !first) throw new Error('the sample platform is empty');
  const one = {
    ...platform,
    imageAccount: staging.account,
    environments: [staging],
    workloads: [{ ...service, environments: [first] }],
  };
  const qa = { ...staging, name: 'qa', account: '333333333333' };
  const names = {
    ...first.names,
    deployRole: 'qa-deploy',
    rollbackRole: 'qa-rollback',
    taskRole: 'qa-task',
    executionRole: 'qa-execution',
  };
  const three = {
    ...platform,
    environments: [staging, qa, production],
    workloads: [
      {
        ...service,
        environments: [first, { ...first, name: 'qa', names }, ...service.environments.slice(1)],
      },
    ],
  };
  for (const variant of [one, three]) {
    expect(prove(await readForProofs(build(variant))).flatMap(({ findings }) => findings)).toEqual([]);
  }
});

describe('other shapes of the sample have no finding', () => {
  const service = gpuServiceOf(platform);
  if (!service) throw new Error('the sample platform is empty');
  const { tests: _tests, ...untested } = service;
  const [image] = service.images;
  const imageWith = (changes: Partial<typeof image>): GpuService['images'] => [{ ...image, ...changes }];
  const silent = { ...untested, images: imageWith({ scanBlocks: false, attestations: false }) };
  const second = JSON.parse(
    JSON.stringify(silent).replaceAll('kvs-infer', 'kvs-train'),
  ) as (typeof platform.workloads)[number];

  test.each<readonly [string, typeof platform.workloads]>([
    ['no tests, a scan that only reports, no attestations', [silent]],
    [
      'tests and a scan that only reports, no code scanning',
      [{ ...service, images: imageWith({ scanBlocks: false, codeScanning: false }) }],
    ],
    [
      'no tests, a scan for one severity, no releases',
      [{ ...untested, images: imageWith({ severities: ['CRITICAL'] }), releaseTags: [] }],
    ],
    ['two workloads, of which one has gates', [service, second]],
  ])('%s', async (_name, workloads) => {
    const proved = prove(await readForProofs(build({ ...platform, workloads })));
    expect(proved.flatMap(({ findings }) => findings)).toEqual([]);
  });
});

describe('platforms in other shapes have no finding', () => {
  const checks = { python: '3.11', checks: {} };
  const go = { go: '1.26' };
  const environments = ['staging', 'qa', 'production'].map((name, index) => ({
    name,
    account: String(index + 1).repeat(12),
  }));
  const names = environments.map(({ name }) => name);
  const many = { instances: { min: 2, max: 3 }, update: { strategy: 'rolling' } } as const;
  const inEach = names.map((name) => endpointIn({ name, ...many }));
  const served = names.map((name) => environmentOf({ name }));
  const promoted = { delivery: 'byPromotion', environments: served } as const;
  const through = { delivery: 'throughEnvironments', environments: inEach } as const;
  const told = { slack: {}, pagerDuty: {}, email: ['on-call@example.com', 'second@example.com'] } as const;
  test.each<readonly [string, Partial<Props>]>([
    ['one environment with checks', { workloads: [endpoint({ tests: checks })] }],
    ['one environment without tests', { workloads: [endpoint()] }],
    [
      'a platform with one environment',
      {
        environments: [{ name: 'staging', account: '111111111111' }],
        workloads: [endpoint({ tests: checks })],
      },
    ],
    ['three environments', { environments, workloads: [endpoint({ tests: checks, environments: inEach })] }],
    [
      'three environments without tests, beside another workload',
      {
        environments,
        workloads: [endpoint({ environments: inEach }), endpoint({ id: 'bikeshare-2' }), service()],
      },
    ],
    [
      'what is excepted by name',
      {
        workloads: [
          endpoint({
            tests: {
              python: '3.11',
              checks: { exceptedVulnerabilities: ['GHSA-aaaa-bbbb-cccc'], securityBaseline: 'bandit.json' },
            },
          }),
        ],
      },
    ],
    ['a service by promotion', { environments, workloads: [service(promoted)] }],
    [
      'a service by promotion with checks, through an environment that waits for people',
      {
        environments: environments.map((environment) => ({ ...environment, reviewers: ['octocat'] })),
        workloads: [service({ ...promoted, tests: checks })],
      },
    ],
    ['a service by promotion with one environment', { workloads: [service({ delivery: 'byPromotion' })] }],
    ['an endpoint through environments', { environments, workloads: [endpoint(through)] }],
    [
      'an endpoint through environments with checks, and without releases',
      { environments, workloads: [endpoint({ ...through, tests: checks, releaseTags: [] })] },
    ],
    [
      'E01 an app that pushes deliver, with releases',
      { workloads: [app({ tests: go, deployOnPush: true, releaseTags: ['v*'] })] },
    ],
    [
      'E01 an app by hand in three environments',
      { environments, workloads: [app({ tests: go, environments: names.map((name) => appIn({ name })) })] },
    ],
    ['E02 an app of one service, without tests', { workloads: [app({ services: [appService()] })] }],
    [
      'E02 an app that is one module',
      { workloads: [app({ tests: { go: '1.26', modules: ['cmd'] }, services: [appService()] })] },
    ],
    [
      'A10 a check with the reviewed versions',
      { workloads: [service({ gpuCheck: { environment: 'staging' } })] },
    ],
    [
      'A10 checks of two services, one at another time and on one type',
      {
        workloads: [
          service({
            gpuCheck: {
              environment: 'staging',
              taskTimeout: Duration.minutes(90),
              schedule: '5 1 1 * *',
              instanceTypes: ['g4dn.12xlarge'],
            },
          }),
          service({ id: 'kvs-two', gpuCheck: { environment: 'staging' } }),
        ],
      },
    ],
    [
      'D06 news through Slack alone',
      { workloads: [fargate({ notifications: { slack: { secret: 'HOOK' } } })] },
    ],
    [
      'D06 news by mail alone, of three environments',
      {
        environments,
        workloads: [
          fargate({
            notifications: { email: ['on-call@example.com'] },
            environments: names.map((name) => fargateIn({ name })),
          }),
        ],
      },
    ],
    [
      'D06 news of a service by promotion, through environments that wait for people',
      {
        environments: environments.map((environment) => ({ ...environment, reviewers: ['octocat'] })),
        workloads: [service({ ...promoted, notifications: told })],
      },
    ],
    ['D06 news of an endpoint', { workloads: [endpoint({ notifications: told })] }],
    [
      'D06 news of two workloads with one secret, one of them with images at Docker Hub',
      {
        workloads: [
          fargate({ notifications: told }),
          app({
            tests: go,
            notifications: { slack: {} },
            registry: { dockerHub: { organization: 'octo-org', username: 'octobot' } },
          }),
        ],
      },
    ],
    [
      'E03 images at Docker Hub, with attestations',
      {
        workloads: [
          app({
            tests: go,
            image: { attestations: true },
            registry: { dockerHub: { organization: 'octo-org', username: 'octobot', tokenSecret: 'HUB' } },
          }),
        ],
      },
    ],
    [
      'E03 two apps with images at Docker Hub and one token',
      {
        workloads: ['shop', 'shop-2'].map((id) =>
          app({ id, registry: { dockerHub: { organization: 'octo-org', username: 'octobot' } } }),
        ),
      },
    ],
    [
      'E03 several images with attestations and a scan that only reports',
      { workloads: [app({ tests: go, image: { attestations: true, scan: { blocks: false } } })] },
    ],
    [
      'E08 an app that is reached from named ranges',
      { workloads: [app({ environments: [appIn({ inbound: { cidrs: ['203.0.113.0/24'] } })] })] },
    ],
    [
      'E08 an app whose snapshots and backups stay a day',
      { workloads: [app({ environments: [appIn({ keepSnapshots: 1, keepBackups: Duration.days(2) })] })] },
    ],
    [
      'E09 an app with Redis, an autoscaler and blue beside green',
      {
        workloads: [
          app({
            services: [
              appService(),
              appService({
                name: 'worker',
                route: undefined,
                autoscaler: { min: 1, max: 3, cpuPercent: 70 },
              }),
            ],
            redis: {
              memory: { request: Size.mebibytes(32), limit: Size.mebibytes(64) },
              storage: Size.gibibytes(1),
            },
            environments: [appIn({ instanceType: 't3.medium', update: { strategy: 'blueGreen' } })],
          }),
        ],
      },
    ],
    ['E04 an app beside others', { environments, workloads: [app({ tests: go }), service(), endpoint()] }],
    [
      'each kind in the way of the other',
      { environments, workloads: [service(promoted), endpoint({ ...through, tests: checks })] },
    ],
  ])('%s', async (_name, props) => {
    const proved = prove(await readForProofs(build(definePlatform(platformProps(props)))));
    expect(proved.flatMap(({ findings }) => findings)).toEqual([]);
  });
});

describe('changes that are no defects have no finding', () => {
  const TRIVY = "          exit-code: '1'\n";
  const ROLE = 'role/ml-platform-kvs-infer-production-deploy';
  const edits: readonly (readonly [string, Mutation['apply']])[] = [
    [
      'the commit of the run, written out',
      (sample) =>
        inJob(
          sample,
          DEPLOY,
          'deploy-staging',
          '          sparse-checkout: .lockstep\n',
          '          sparse-checkout: .lockstep\n          ref: ${{ github.sha }}\n          repository: ${{ github.repository }}\n',
        ),
    ],
    [
      'tests with a report, in a shell with options',
      (sample) =>
        inJob(
          sample,
          DEPLOY,
          'test',
          'run: python -m pytest\n',
          'shell: bash --noprofile --norc -eo pipefail {0}\n        run: python3 -m pytest -q --junitxml=report.xml\n',
        ),
    ],
    [
      'tests in an image by digest, with a variable for later steps',
      (sample) => {
        inJob(
          sample,
          DEPLOY,
          'test',
          '    timeout-minutes: 20\n',
          `    timeout-minutes: 20\n    container: python:3.11@sha256:${'0123456789abcdef'.repeat(4)}\n`,
        );
        inJob(
          sample,
          DEPLOY,
          'test',
          '      - name: Run the unit tests\n',
          '      - run: echo "PATH=$HOME" >> "$GITHUB_ENV"\n\n      - name: Run the unit tests\n',
        );
      },
    ],
    [
      'a scan for more than the manifest asks for',
      (sample) => {
        inJob(sample, DEPLOY, 'scan', 'severity: CRITICAL,HIGH', 'severity: CRITICAL, HIGH, MEDIUM');
        inJob(sample, DEPLOY, 'scan', TRIVY, "          exit-code: '2'\n          scanners: vuln,secret\n");
      },
    ],
    [
      'a condition that asks for each gate itself',
      (sample) =>
        inJob(
          sample,
          DEPLOY,
          'deploy-staging',
          '    needs: [build, scan]\n',
          "    needs: [test, build, scan]\n    if: ${{ !cancelled() && needs.test.result == 'success' && needs.build.result == 'success' && needs.scan.result == 'success' }}\n",
        ),
    ],
    [
      'a check of the repository by the clock',
      (sample) => {
        const text =
          'on:\n  schedule: [{ cron: "0 5 * * 1" }]\n  push: { branches-ignore: [gh-pages] }\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps: [{ run: ./check.sh }]\n';
        sample.workflows = [...sample.workflows, { file: '.github/workflows/check.yml', text }];
      },
    ],
    [
      'a step with time enough',
      (sample) =>
        inJob(
          sample,
          DEPLOY,
          'deploy-staging',
          '        id: deploy\n',
          '        id: deploy\n        timeout-minutes: 40\n',
        ),
    ],
    [
      'checks that ask for more',
      (sample) => {
        inJob(sample, CHECKS, 'quality', '--cov-fail-under=90', '--cov-fail-under=95 --cov-report=term');
        inJob(sample, CHECKS, 'quality', 'ruff check', 'ruff check --no-fix');
        inJob(sample, CHECKS, 'quality', 'black --check', 'black --check --diff');
      },
    ],
    [
      'an inspection that names its role, and fetches the templates elsewhere',
      (sample) => {
        const identity = 'identity bikeshare --environment staging';
        inJob(sample, CHECKS, 'inspect-staging', identity, `${identity} --role inspect`);
        inJob(
          sample,
          CHECKS,
          'inspect-staging',
          'path: ${{ runner.temp }}/templates',
          'path: ${{ runner.temp }}/t',
        );
        inJob(
          sample,
          CHECKS,
          'inspect-staging',
          'TEMPLATES: ${{ runner.temp }}/templates',
          'TEMPLATES: ${{ runner.temp }}/t',
        );
      },
    ],
    [
      'a promotion that checks out whole folders',
      (sample) =>
        inJob(
          sample,
          PROMOTE,
          'deploy-production',
          /sparse-checkout: \|\n[\s\S]*?sparse-checkout-cone-mode: false[^\n]*/,
          'sparse-checkout: |\n            .lockstep\n            services/bikeshare',
        ),
    ],
    [
      'a promotion that looks again before it deploys',
      (sample) =>
        inJob(
          sample,
          PROMOTE,
          'deploy-production',
          '      # With `exec`',
          '      - name: Look at what runs\n        run: exec node .lockstep/cli.mjs status bikeshare --environment production\n\n      # With `exec`',
        ),
    ],
    [
      'a role with a path that everybody names',
      (sample) => {
        findResource(sample, 'AWS::IAM::Role', 'RoleName', ROLE.replace('role/', '')).Properties.Path =
          '/pipeline/';
        const renamed = (text: string) => text.replaceAll(ROLE, ROLE.replace('/', '/pipeline/'));
        sample.manifest = JSON.parse(renamed(JSON.stringify(sample.manifest))) as typeof sample.manifest;
        sample.workflows = sample.workflows.map(({ file, text }) => ({ file, text: renamed(text) }));
      },
    ],
    [
      'a role whose name is put together, and a policy of a role without name',
      (sample) => {
        const stack = 'ml-platform-kvs-infer-production';
        findResource(sample, 'AWS::IAM::Role', 'RoleName', ROLE.replace('role/', '')).Properties.RoleName = {
          'Fn::Sub': '${AWS::StackName}-deploy',
        };
        const resources = resourcesOfStack(sample, stack);
        resources.Other = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };
        const Roles = [{ Ref: 'Other' }, { Ref: 'AWS::NoValue' }];
        resources.OtherPolicy = { Type: 'AWS::IAM::Policy', Properties: { Roles, PolicyDocument: {} } };
      },
    ],
  ];

  test.each(edits)('%s', async (_name, apply) => {
    const sample = sources();
    apply(sample);
    expect(prove(await readForProofs(sample)).flatMap(({ findings }) => findings)).toEqual([]);
  });
});

describe('B07 guards of endpoints that a platform asks for', () => {
  const provedIn = async (changes: Parameters<typeof endpointIn>[0]) => {
    const workloads = [endpoint({ environments: [endpointIn(changes)] })];
    return prove(await readForProofs(build(definePlatform(platformProps({ workloads })))));
  };

  test.each<readonly [string, Parameters<typeof endpointIn>[0]]>([
    ['data capture', { dataCapture: { bucketUri: 's3://captured/bikeshare', percentage: 10 } }],
    ['no watch at all', { update: { strategy: 'allAtOnce', wait: Duration.seconds(0) } }],
    ['a watch of three minutes', { update: { strategy: 'linear', wait: Duration.minutes(3) } }],
  ])('%s has no finding', async (_name, changes) => {
    expect((await provedIn(changes)).flatMap(({ findings }) => findings)).toEqual([]);
  });

  test('an alarm of somebody else must be there, and is named', async () => {
    const proved = await provedIn({ alarms: ['business-errors'] });
    expect(proved.flatMap(({ findings }) => findings)).toEqual([]);
    expect(proved.flatMap(({ notes }) => notes).filter((note) => note.includes('business-errors'))).toEqual([
      'ml-bikeshare-staging/Endpoint: the alarm business-errors must be there in 111111111111, us-east-1: no template makes it',
    ]);
  });

  test('a watch in which no alarm can go off is a finding', async () => {
    const proved = await provedIn({ update: { strategy: 'canary', wait: Duration.minutes(1) } });
    const values = proved.flatMap(({ code, findings }) => findings.map(({ value }) => `${code} ${value}`));
    expect(values).toEqual(Array(2).fill('P09 2 periods of 60 seconds before it goes off'));
  });
});

test('a proof that checks nothing is a finding', async () => {
  const { manifest, ...others } = sources();
  const empty = { ...others, manifest: { ...manifest, targets: [] }, workflows: [] };
  const proved = prove(await readForProofs(empty));
  expect(proved.find(({ code }) => code === 'P12')?.findings[0]?.value).toBe('nothing that could be checked');
});

describe('seeded defects', () => {
  test('there are at least 60, some for every proof, under names of their own', () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(60);
    expect([...new Set(MUTATIONS.map(({ owner }) => owner))].sort()).toEqual([...PROOF_CODES]);
    const names = MUTATIONS.map(({ owner, name }) => `${owner} ${name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  let killed = 0;
  afterAll(() => {
    process.stdout.write(`kill rate: ${killed} of ${MUTATIONS.length} seeded defects\n`);
  });

  test.each(SEEDED)(
    '%s: each is found by the proof that owns it at the right place',
    async (_group, mutations) => {
      const survivors: string[] = [];
      for (const { owner, name, place, of = sources, apply } of mutations) {
        const sample = of();
        apply(sample);
        const proof = PROOFS.find(({ code }) => code === owner);
        const findings = proof?.check(await readForProofs(sample)).findings ?? [];
        const found = findings.some((finding) =>
          typeof place === 'string' ? finding.place.includes(place) : place.test(finding.place),
        );
        if (found) killed += 1;
        else survivors.push(`${owner} ${name}`);
      }
      expect(survivors).toEqual([]);
    },
  );
});
