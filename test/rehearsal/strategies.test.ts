import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { definePlatform, gpuService, Size } from '../../lib';
import { rehearse } from '../../rehearsal/rehearse';
import type { ScenarioReport } from '../../rehearsal/scenarios';
import { build, type SampleResource, type Sources } from '../proofs/sample';
import { smallRepository } from './stage';

type Strategy = 'blueGreen' | 'canary' | 'linear';

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

/** A GPU service in one environment. The strategy is the only word that differs. */
const platformOf = (strategy: Strategy): Sources =>
  build(
    definePlatform({
      name: 'ml-platform',
      region: 'us-east-1',
      repository: { owner: 'octo-org', name: 'ml-platform' },
      environments: [{ name: 'live', account: '333333333333' }],
      workloads: [
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
      ],
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

const SCENARIOS: Readonly<Record<Strategy, readonly string[]>> = {
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
};

const rowOf = (name: string): string => (name.includes('commit') ? 'D03' : 'D04');

describe.each(['blueGreen', 'canary', 'linear'] as const)('%s', (strategy) => {
  const names = SCENARIOS[strategy];
  let reports: readonly ScenarioReport[];

  beforeAll(async () => {
    reports = await run(platformOf(strategy), names);
  });

  test.each(names.map((name) => [rowOf(name), name] as const))('%s %s', (_, name) => {
    const report = reports.find((each) => each.name === name);
    expect(report?.surprises).toEqual([]);
    expect(report?.passed).toBe(true);
  });
});

/** The requirement that a scenario shows. */

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
