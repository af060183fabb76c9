import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Size } from 'aws-cdk-lib';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { definePlatform, fargateService } from '../../lib';
import { rehearse } from '../../rehearsal/rehearse';
import type { ScenarioReport } from '../../rehearsal/scenarios';
import { build, editJob, type Sources } from '../proofs/sample';
import { smallRepository } from './stage';

const WORKFLOW = 'devops-day3-app-deploy';
const FILE = `.github/workflows/${WORKFLOW}.yml`;
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

const platform = (): Sources =>
  build(
    definePlatform({
      name: 'ml-platform',
      region: 'eu-west-2',
      repository: { owner: 'octo-org', name: 'ml-platform' },
      environments: [{ name: 'live', account: '333333333333' }],
      workloads: [
        fargateService({
          id: 'devops-day3-app',
          source: 'services/devops-day3-app',
          container: { port: 8080, cpu: 256, memory: Size.mebibytes(512), health: { path: '/healthz' } },
          notifications: { slack: {}, pagerDuty: {} },
          environments: [{ name: 'live', tasks: { desired: 1 } }],
        }),
      ],
    }),
  );

const performed = (sources: Sources, name: string): Promise<readonly ScenarioReport[]> =>
  rehearse({
    sources,
    root,
    choice: { workflow: WORKFLOW, names: [name] },
    searchPath: process.env.PATH ?? '',
    parallel: 2,
    seed: 1,
    signal: new AbortController().signal,
    replaced: { [MANIFEST_PATH]: encodeManifest(sources.manifest) },
  });

test('D06 who was told of a failure is told that all is well again', async () => {
  const [report] = await performed(platform(), 'notify:recovery');
  expect(report).toMatchObject({ passed: true, surprises: [] });
});

describe('a rehearsal of notifications notices that', () => {
  test.each<
    readonly [name: string, scenario: string, from: string, to: string, place: string, value: string]
  >([
    [
      'nobody hears of a failure',
      'sts:trust-denied',
      "(needs.deploy-live.result == 'success' || needs.deploy-live.result == 'failure')",
      "needs.deploy-live.result == 'success'",
      'live: told by slack',
      'nothing',
    ],
    [
      'the job may not read earlier runs',
      'notify:recovery',
      'actions: read',
      'packages: read',
      'live: told by slack',
      'nothing',
    ],
    [
      'a channel gets the secret of another one',
      'sts:trust-denied',
      'secrets.PAGERDUTY_ROUTING_KEY',
      'secrets.SLACK_WEBHOOK_URL',
      'live: told by pagerDuty',
      'nothing',
    ],
  ])('D06 %s', async (_, name, from, to, place, value) => {
    const sources = platform();
    editJob(sources, FILE, 'notify-live', from, to);
    const [report] = await performed(sources, name);
    expect(report?.passed).toBe(false);
    expect(report?.surprises).toContainEqual(expect.objectContaining({ place, value }));
  });
});
