import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { rehearse } from '../../rehearsal/rehearse';
import type { ScenarioReport } from '../../rehearsal/scenarios';
import { build } from '../proofs/sample';
import platform from './docker-hub-platform';

/** Scenarios of the platform, with the rows that they show. */
const SCENARIOS = {
  'first-release': 'E03 E05',
  good: 'E01 E03',
  'wrong-branch': 'E01',
  'go:test-fails': 'E02',
  'go:vet-fails': 'E02',
  'dockerhub:token-refused': 'E03',
  'k3s:image-missing': 'E07',
  'k3s:crashes-while-watched': 'E06 E07',
  'ssm:agent-offline': 'E04',
  'ec2:two-nodes': 'E04',
} as const;

describe('images at Docker Hub, and versions that start beside the one before', () => {
  let reports: readonly ScenarioReport[];

  beforeAll(async () => {
    const sources = build(platform);
    reports = await rehearse({
      sources,
      root: process.cwd(),
      choice: { workflow: 'production-platform-deploy', names: Object.keys(SCENARIOS) },
      searchPath: process.env.PATH ?? '',
      parallel: 2,
      signal: new AbortController().signal,
      seed: 1,
      replaced: {
        [MANIFEST_PATH]: encodeManifest(sources.manifest),
        ...Object.fromEntries(sources.files.map(({ path, text }) => [path, text])),
      },
    });
  });

  test.each(Object.entries(SCENARIOS).map(([name, rows]) => [rows, name] as const))('%s %s', (_, name) => {
    const report = reports.find((each) => each.name === name);
    expect(report?.surprises).toEqual([]);
    expect(report?.passed).toBe(true);
  });

  test('E03 the build of a run has the token and no way to AWS', () => {
    const { jobs, calls } = reports.find(({ name }) => name === 'good') ?? { jobs: [], calls: [] };
    const build = jobs.find(({ id }) => id === 'build-api');
    const during = calls.filter(
      ({ at, inside }) => inside !== true && at >= (build?.startedAt ?? 0) && at <= (build?.endedAt ?? 0),
    );
    expect(build?.result).toBe('success');
    expect(during).toEqual([]);
    const logged = build?.steps.flatMap(({ log }) => log).join('\n') ?? '';
    expect(logged).toContain('Login Succeeded');
    expect(logged).not.toContain('rehearsed-value-of');
  });
});
