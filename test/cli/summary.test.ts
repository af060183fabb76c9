import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addSummary } from '../../cli/add-summary';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { systemClock } from '../../runtime/clock';
import { readEnvironment } from '../../runtime/environment';
import { run } from '../../runtime/program';
import { manifest } from '../fixtures/manifest';

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'lockstep-summary-'));
const home = process.cwd();
// The command reads the cloud assembly of the folder that it runs in.
beforeAll(() => process.chdir(folder));
afterEach(() => rmSync(join(folder, 'cdk.out'), { recursive: true, force: true }));
afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

/** A cloud assembly with the stacks of the fixture, beside something that is no stack. */
function synthesize({ without = [] as readonly string[], violations = [] as readonly unknown[] } = {}): void {
  const write = (file: string, value: unknown) =>
    writeFileSync(join(folder, 'cdk.out', file), JSON.stringify(value));
  mkdirSync(join(folder, 'cdk.out'));
  const stack = (environment: string, templateFile?: string) => ({
    type: 'aws:cloudformation:stack',
    environment,
    properties: templateFile === undefined ? {} : { templateFile },
  });
  const artifacts = {
    'ml-platform-kvs-infer-images': stack('aws://222222222222/us-east-1', 'renamed.template.json'),
    'ml-platform-kvs-infer-staging': stack('aws://111111111111/us-east-1'),
    'ml-platform-kvs-infer-production': stack('aws://222222222222/eu-west-1'),
    'first.assets': { type: 'cdk:asset-manifest', properties: { file: 'first.assets.json' } },
  };
  const kept = Object.entries(artifacts).filter(([name]) => !without.includes(name));
  write('manifest.json', { version: '54.0.0', artifacts: Object.fromEntries(kept) });
  write('renamed.template.json', { Resources: { A: {}, B: {}, C: {} } });
  write('ml-platform-kvs-infer-staging.template.json', { Resources: { A: {} } });
  write('ml-platform-kvs-infer-production.template.json', { Resources: { A: {}, B: {} } });
  write('validation-report.json', { pluginReports: [{ violations }] });
}

async function summary(
  arguments_: readonly string[],
  { manifestText = encodeManifest(manifest()) }: { readonly manifestText?: string | null } = {},
) {
  const text = { stdout: '', stderr: '' };
  const code = await run(
    ['summary', ...arguments_],
    {
      environment: readEnvironment({ NO_COLOR: '1' }),
      clock: systemClock,
      stdout: { write: (chunk) => (text.stdout += chunk) },
      stderr: { write: (chunk) => (text.stderr += chunk) },
      signal: new AbortController().signal,
      readFile: (path) =>
        path === MANIFEST_PATH && manifestText !== null
          ? Promise.resolve(manifestText)
          : Promise.reject(new Error(`no ${path}`)),
      readBytes: (path) => Promise.reject(new Error(`no ${path}`)),
      appendFile: () => Promise.reject(new Error('a summary writes no file')),
      writeFile: () => Promise.reject(new Error('a summary writes no file')),
      listFiles: () => Promise.reject(new Error('a summary lists no files')),
      connection: {},
    },
    [addSummary],
  );
  return { code, ...text };
}

test('names stacks, workflows and roles, and where they stand', async () => {
  synthesize();
  const { code, stdout, stderr } = await summary([]);
  expect([code, stderr]).toEqual([0, '']);
  const lines = stdout.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, '  '));
  expect(lines).toContain('ml-platform of octo-org/ml-platform');
  for (const [title, rows] of Object.entries({
    '3 stacks  cdk.out/': [
      'ml-platform-kvs-infer-images  222222222222  us-east-1  3 resources',
      'ml-platform-kvs-infer-staging  111111111111  us-east-1  1 resource',
      'ml-platform-kvs-infer-production  222222222222  eu-west-1  2 resources',
    ],
    '4 workflows  .github/workflows/': [
      'kvs-infer-deploy.yml  test → build → scan → ',
      'kvs-infer-rollback.yml  find-image → rollback-staging, rollback-production',
      'ci.yml  verify',
      'delivery-metrics.yml  metrics',
    ],
    '5 roles  ': [
      'ml-platform-kvs-infer-publish  222222222222  publish  jobs without environment',
      'ml-platform-kvs-infer-scan  222222222222  scan  jobs without environment',
      'ml-platform-kvs-infer-staging-deploy  111111111111  deploy  jobs in environment staging',
      'ml-platform-kvs-infer-production-deploy  222222222222  deploy  jobs in environment production',
      'ml-platform-kvs-infer-production-rollback  222222222222  rollback  jobs in environment production-rollback',
    ],
  })) {
    const at = lines.findIndex((line) => line.startsWith(title));
    expect(lines.slice(at + 1, at + 1 + rows.length)).toEqual(
      rows.map((row) => expect.stringContaining(row)),
    );
    expect(lines[at + 1 + rows.length]).toBe('');
  }
});

test('prints one JSON document for scripts', async () => {
  synthesize();
  const { code, stdout, stderr } = await summary(['--json']);
  expect([code, stderr]).toEqual([0, '']);
  const role = (name: string, account: string, purpose: string, environment?: string) => ({
    name: `ml-platform-kvs-infer-${name}`,
    account,
    purpose,
    ...(environment !== undefined && { environment }),
  });
  expect(JSON.parse(stdout)).toEqual({
    platform: 'ml-platform',
    repository: 'octo-org/ml-platform',
    stacks: [
      { name: 'ml-platform-kvs-infer-images', account: '222222222222', region: 'us-east-1', resources: 3 },
      { name: 'ml-platform-kvs-infer-staging', account: '111111111111', region: 'us-east-1', resources: 1 },
      {
        name: 'ml-platform-kvs-infer-production',
        account: '222222222222',
        region: 'eu-west-1',
        resources: 2,
      },
    ],
    workflows: [
      {
        file: '.github/workflows/kvs-infer-deploy.yml',
        waves: [
          ['test'],
          ['build'],
          ['scan'],
          ['attest', 'deploy-staging'],
          ['rollback-staging', 'deploy-production'],
          ['rollback-production'],
        ],
      },
      {
        file: '.github/workflows/kvs-infer-rollback.yml',
        waves: [['find-image'], ['rollback-staging', 'rollback-production']],
      },
      { file: '.github/workflows/ci.yml', waves: [['verify']] },
      { file: '.github/workflows/delivery-metrics.yml', waves: [['metrics']] },
    ],
    roles: [
      role('publish', '222222222222', 'publish'),
      role('scan', '222222222222', 'scan'),
      role('staging-deploy', '111111111111', 'deploy', 'staging'),
      role('production-deploy', '222222222222', 'deploy', 'production'),
      role('production-rollback', '222222222222', 'rollback', 'production-rollback'),
    ],
  });
});

test.each([
  [
    'of an older platform file',
    { without: ['ml-platform-kvs-infer-images'] },
    'templates without ml-platform-kvs-infer-images',
  ],
  ['with findings', { violations: [{}, {}] }, 'templates with 2 findings'],
])('refuses templates %s', async (_, how, message) => {
  synthesize(how);
  const { code, stdout, stderr } = await summary([]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(`NotSynthesized: cdk.out: got ${message}`);
});

test('says what to run when nothing was synthesized', async () => {
  const { code, stdout, stderr } = await summary([]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^NotSynthesized: cdk\.out\/manifest\.json: got no readable file; .*`npx cdk synth/);
});

test('says which template of the assembly is gone', async () => {
  synthesize();
  rmSync(join(folder, 'cdk.out/ml-platform-kvs-infer-production.template.json'));
  const { code, stderr } = await summary(['--json']);
  expect(code).toBe(2);
  expect(stderr).toContain('NotSynthesized: cdk.out/ml-platform-kvs-infer-production.template.json');
});

test('says where to run it when there is no manifest', async () => {
  synthesize();
  const { code, stdout, stderr } = await summary(['--json'], { manifestText: null });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^ManifestMissing: .*root of the repository/);
});

test('is a command of `lockstep`, whose exit code the shell sees', () => {
  const program = join(ROOT, 'bin/lockstep.ts');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', join(ROOT, 'node_modules/tsx/dist/loader.mjs'), program, 'summary'],
    { cwd: folder, env: { PATH: process.env.PATH }, encoding: 'utf8' },
  );
  expect(stderr).toContain('ManifestMissing');
  expect(status).toBe(2);
});
