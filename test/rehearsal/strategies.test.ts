import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { definePlatform, fargateService, gpuService, Size } from '../../lib';
import { rehearse } from '../../rehearsal/rehearse';
import type { ScenarioReport } from '../../rehearsal/scenarios';
import { build, type SampleResource, type Sources } from '../proofs/sample';
import { smallRepository } from './stage';

type Strategy = 'rolling' | 'blueGreen' | 'canary' | 'linear';

const root = smallRepository();
const temporary = realpathSync(mkdtempSync(join(tmpdir(), 'lockstep-test-')));
const TMPDIR = process.env.TMPDIR;

beforeAll(() => {
  process.env.TMPDIR = temporary;
});

afterAll(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  for (const folder of [root, temporary]) rmSync(folder, { recursive: true });
});

/** Cheap: AWS may take the instances away, and at night there are none. */
const CHEAP = {
  instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge'],
  instances: { min: 0 },
  spot: {},
  sleep: { from: '20:00', to: '07:00', timeZone: 'Europe/Berlin' },
} as const;

/** One service in one environment, without tasks to spare. The strategy is the only word that differs. */
const SERVICES = {
  'GPU service': (strategy: Strategy) =>
    gpuService({
      id: 'kvs-infer',
      source: 'services/kvs-infer',
      container: { port: 8080, cpu: 1024, memory: Size.gibibytes(4), health: { path: '/readyz' } },
      strategy,
      verification: {},
      environments: [
        { name: 'live', instanceType: 'g4dn.xlarge', instances: { min: 1 }, tasks: { desired: 1 } },
      ],
    }),
  'GPU service on Spot, asleep at night': (strategy: Strategy) =>
    gpuService({
      id: 'kvs-infer',
      source: 'services/kvs-infer',
      container: { port: 8080, cpu: 1024, memory: Size.gibibytes(4), health: { path: '/readyz' } },
      strategy,
      verification: {},
      environments: [{ name: 'live', ...CHEAP, tasks: { desired: 1 } }],
    }),
  'service on Fargate': (strategy: Strategy) =>
    fargateService({
      id: 'devops-day3-app',
      source: 'services/devops-day3-app',
      container: { port: 8080, cpu: 256, memory: Size.mebibytes(512), health: { path: '/healthz' } },
      strategy,
      verification: {},
      environments: [{ name: 'live', tasks: { desired: 1 } }],
    }),
} as const;

type Kind = keyof typeof SERVICES;

const platformOf = (strategy: Strategy, kind: Kind = 'GPU service'): Sources =>
  build(
    definePlatform({
      name: 'ml-platform',
      region: 'us-east-1',
      repository: { owner: 'octo-org', name: 'ml-platform' },
      environments: [{ name: 'live', account: '333333333333' }],
      workloads: [SERVICES[kind](strategy)],
    }),
  );

async function run(sources: Sources, names: readonly string[]): Promise<readonly ScenarioReport[]> {
  return rehearse({
    sources,
    root,
    choice: { names },
    searchPath: process.env.PATH ?? '',
    parallel: 2,
    seed: 1,
    signal: new AbortController().signal,
    replaced: { [MANIFEST_PATH]: encodeManifest(sources.manifest) },
  });
}

const OF_GPU_SERVICE = {
  blueGreen: [
    'first-release',
    'good',
    'ecs:task-exits',
    'ecs:never-starts',
    'ecs:no-gpu-free',
    'ecs:hook-crashes',
    'ecs:alarm-in-bake',
  ],
  canary: [
    'first-release',
    'good',
    'ecs:test-traffic-fails',
    'ecs:hook-times-out',
    'ecs:alarm-in-shift',
    'ecs:slow-once',
    'ecs:smoke-test-fails',
    'go back to a commit in live',
    'go back to an old commit in live',
    'commit that never ran in live',
  ],
  linear: [
    'first-release',
    'good',
    'ecs:test-traffic-slow',
    'ecs:stopped-by-somebody',
    'ecs:tasks-end-in-bake',
    'ecs:crashes-after-release',
  ],
} as const;

/** What differs from a service on instances: tasks come at once, and no GPU is counted. */
const ON_FARGATE = {
  blueGreen: ['good', 'ecs:task-exits', 'ecs:alarm-in-bake'],
  canary: ['good', 'ecs:test-traffic-fails', 'ecs:alarm-in-shift'],
  linear: ['good', 'ecs:stopped-by-somebody', 'ecs:smoke-test-fails'],
} as const;

const OF_CHEAP_INSTANCES = [
  'first-release',
  'ecs:spot-interrupted',
  'ecs:spot-gone',
  'ecs:asleep',
  'ecs:asleep-task-exits',
] as const;

const CASES: readonly (readonly [Kind, Strategy, readonly string[]])[] = [
  ...Object.entries(OF_GPU_SERVICE).map(
    ([strategy, names]) => ['GPU service', strategy as Strategy, names] as const,
  ),
  ['GPU service on Spot, asleep at night', 'rolling', OF_CHEAP_INSTANCES],
  ['GPU service on Spot, asleep at night', 'canary', OF_CHEAP_INSTANCES],
  ...Object.entries(ON_FARGATE).map(
    ([strategy, names]) => ['service on Fargate', strategy as Strategy, names] as const,
  ),
];

/** The requirement that a scenario shows. */
const rowOf = (name: string): string => {
  if (name.includes('commit')) return 'D03';
  return /spot|asleep/.test(name) ? 'A09' : 'D04';
};

/** Names that do not say enough. */
const SAID: Readonly<Record<string, string>> = { 'ecs:stopped-by-somebody': ' (stopped by hand)' };

describe.each(CASES)('%s, %s', (kind, strategy, names) => {
  let reports: readonly ScenarioReport[];

  beforeAll(async () => {
    reports = await run(platformOf(strategy, kind), names);
  });

  test.each(names.map((name) => [rowOf(name), name, SAID[name] ?? ''] as const))('%s %s%s', (_, name) => {
    const report = reports.find((each) => each.name === name);
    expect(report?.surprises).toEqual([]);
    expect(report?.passed).toBe(true);
  });
});

/** Resources of all templates. */
const resourcesOf = ({ templates }: Sources): readonly SampleResource[] =>
  templates.flatMap(({ body }) =>
    Object.values((body as { readonly Resources: Record<string, SampleResource> }).Resources),
  );

/** Changes the one resource that something is true of. */
function change(
  sources: Sources,
  is: (resource: SampleResource) => boolean,
  properties: Record<string, unknown>,
): void {
  const found = resourcesOf(sources).filter(is);
  expect(found).toHaveLength(1);
  for (const resource of found) Object.assign(resource.Properties, properties);
}

describe('a rehearsal notices that', () => {
  test.each<[string, string, (sources: Sources) => void, string, string]>([
    [
      'ECS may not move the traffic',
      'first-release',
      (sources) => {
        const isInfrastructure = ({ Type, Properties }: SampleResource): boolean =>
          Type === 'AWS::IAM::Role' &&
          JSON.stringify(Properties.ManagedPolicyArns ?? '').includes(
            'InfrastructureRolePolicyForLoadBalancers',
          );
        change(sources, isInfrastructure, { ManagedPolicyArns: [] });
      },
      'job deploy-live',
      'failure',
    ],
    [
      'the verification function finds everything good',
      'ecs:test-traffic-fails',
      (sources) => {
        const ZipFile =
          "exports.handler = async () => ({ hookStatus: 'SUCCEEDED', passed: true, detail: 'fine' });";
        change(sources, ({ Type }) => Type === 'AWS::Lambda::Function', { Code: { ZipFile } });
      },
      'live: last deployment',
      'SUCCESSFUL',
    ],
    [
      'nothing is watched while traffic shifts',
      'ecs:alarm-in-bake',
      (sources) => {
        for (const { spec } of sources.manifest.targets) Object.assign(spec as object, { alarms: [] });
      },
      'job deploy-live',
      'success',
    ],
  ])('%s', async (_, name, apply, place, value) => {
    const sources = platformOf('blueGreen');
    apply(sources);
    const [report] = await run(sources, [name]);
    expect(report?.surprises).toContainEqual(expect.objectContaining({ place, value }));
  });
});
