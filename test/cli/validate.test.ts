import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pc from 'picocolors';
import { readForValidation } from '../../cli/add-validate';
import { isClean, renderValidation, validate } from '../../cli/validate';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { COMMAND_PATH } from '../../workflows';
import { editJob, editWorkflow, findResource, type Sources, sources } from '../proofs/sample';
import { add, afterEdit, findingsIn, placesIn } from './edited';

const DEPLOY = '.github/workflows/kvs-infer-deploy.yml';
const scratch = mkdtempSync(join(tmpdir(), 'lockstep-validate-'));
afterAll(() => rmSync(scratch, { recursive: true }));

/** Line of a text in the file as it was emitted, below another text. */
function lineOf(text: string, below = '', file = DEPLOY): number {
  const whole = sources().workflows.find((workflow) => workflow.file === file)?.text ?? '';
  const at = whole.indexOf(text, whole.indexOf(below));
  if (at < 0) throw new Error(`no ${text} in ${file}`);
  return whole.slice(0, at).split('\n').length;
}

test('A12 what the generator wrote has no finding of any judge, and every file is named', async () => {
  const sample = sources();
  const report = await validate({ emitted: sample.workflows, onDisk: sample.workflows, sources: sample });
  expect(report.files.flatMap(({ findings }) => findings)).toEqual([]);
  expect(report.files.map(({ file }) => file)).toEqual(
    [...sample.workflows.map(({ file }) => file), 'platform.config.ts'].sort(),
  );
  expect(isClean(report)).toBe(true);
}, 60_000);

describe('A12 a hand edit is drift at its line, and a defect at the line of the proof that owns it', () => {
  test.each<[string, string, number, (sample: Sources) => void]>([
    [
      'triggers: a push to main starts nothing',
      'P08',
      lineOf('  push:'),
      (sample) =>
        editWorkflow(sample, DEPLOY, '    branches:\n      - main\n', '    branches:\n      - dev\n'),
    ],
    [
      'id-token: the job gets no token',
      'P02',
      lineOf('  deploy-staging:'),
      (sample) => editJob(sample, DEPLOY, 'deploy-staging', /\n {6}id-token: write[^\n]*/, ''),
    ],
    [
      'environment values: the GitHub environment is another one',
      'P02',
      lineOf('- name: Sign in', '\n  deploy-staging:'),
      (sample) => editJob(sample, DEPLOY, 'deploy-staging', 'name: staging\n', 'name: production\n'),
    ],
    [
      'environment values: the command gets an environment that there is not',
      'P08',
      lineOf('- name: Deploy and wait'),
      (sample) => editJob(sample, DEPLOY, 'deploy-staging', '--environment staging', '--environment qa'),
    ],
    [
      'Buildx: its version is whatever comes',
      'P12',
      lineOf('uses: docker/setup-buildx-action'),
      (sample) => editJob(sample, DEPLOY, 'build', /version: v0\.\d+\.\d+/, 'version: latest'),
    ],
    [
      'caches: the layers go to a repository that the role may not write',
      'P04',
      lineOf('- name: Build and push'),
      (sample) => editJob(sample, DEPLOY, 'build', /(?<=cache-to: \S*)\/kvs-infer:/, '/other:'),
    ],
    [
      'deploy logic: a condition that is true whatever happens',
      'P08',
      lineOf('  deploy-production:'),
      (sample) => editJob(sample, DEPLOY, 'deploy-production', /if: (.*)/, "if: ${{ failure() }} && 'yes'"),
    ],
    [
      'rollback logic: it runs after a success, too',
      'P09',
      lineOf('  rollback-staging:'),
      (sample) => editJob(sample, DEPLOY, 'rollback-staging', /if: failure\(\).*/, 'if: always()'),
    ],
    [
      'documented secrets: one that nobody provides',
      'P11',
      lineOf('- name: Deploy and wait'),
      (sample) =>
        editJob(
          sample,
          DEPLOY,
          'deploy-staging',
          '        env:\n',
          '        env:\n          A: ${{ secrets.A }}\n',
        ),
    ],
    [
      'documentation: a commit without the version that it is',
      'P12',
      lineOf('uses: actions/checkout', '\n  test:'),
      (sample) => editJob(sample, DEPLOY, 'test', / # v[\d.]+(?=\n {8}with:\n {10}persist)/, ''),
    ],
  ])('%s: %s', async (_, code, line, edit) => {
    const report = await afterEdit(edit);
    const [first, ...rest] = findingsIn(report, DEPLOY);
    // However many proofs speak of the file, that it was edited is said first, and once.
    expect(first).toMatchObject({ code: 'drift', change: expect.stringContaining('npx projen') });
    expect(rest.map((finding) => finding.code)).not.toContain('drift');
    expect(rest.map((finding) => `${finding.line} ${finding.code}`)).toContain(`${line} ${code}`);
    expect(rest.every(({ message, change }) => message !== '' && change !== '')).toBe(true);
    expect(isClean(report)).toBe(false);
  });

  test('A12 Buildx and caches: a step or an input that was taken out is drift at its line, with both texts', async () => {
    const setUp = lineOf('- name: Set up Buildx');
    const withoutBuildx = await afterEdit((sample) =>
      editJob(sample, DEPLOY, 'build', / {6}- name: Set up Buildx\n[\s\S]*?\n\n/, ''),
    );
    expect(findingsIn(withoutBuildx, DEPLOY)[0]).toEqual({
      line: setUp,
      code: 'drift',
      message:
        'got "      - name: Build and push kvs-infer", the platform file gives "      - name: Set up Buildx"',
      change: 'change platform.config.ts and run `npx projen`; edits of this file are lost',
    });
    const withoutCache = await afterEdit((sample) =>
      editJob(sample, DEPLOY, 'build', /\n {10}cache-to:[^\n]*/, ''),
    );
    expect(placesIn(withoutCache, DEPLOY)).toContain(`${lineOf('cache-to:')} drift`);
  });

  test('A12 documentation: the head of a file says what it does, and a file ends where it should', async () => {
    const [origin] = sources().workflows.map(({ text }) => text.split('\n')[0] ?? '');
    const report = await afterEdit((sample) => {
      editWorkflow(sample, DEPLOY, `${origin}\n`, '');
      editWorkflow(sample, 'kvs-infer-rollback.yml', /\n$(?![\s\S])/, '');
      editWorkflow(sample, '/ci.yml', /\n$(?![\s\S])/, '\n# more\n');
    });
    expect(placesIn(report, DEPLOY)).toEqual(['1 drift']);
    expect(findingsIn(report, '.github/workflows/kvs-infer-rollback.yml')).toMatchObject([
      { code: 'drift', message: 'got the end of the file, the platform file gives ""' },
    ]);
    expect(findingsIn(report, '.github/workflows/ci.yml')).toMatchObject([
      { code: 'drift', message: 'got "# more", the platform file gives ""' },
    ]);
  });
});

describe('A12 files present', () => {
  test('a missing file is one finding, and does not make its roles look unused', async () => {
    const report = await afterEdit((sample) => {
      sample.workflows = sample.workflows.filter(({ file }) => file !== DEPLOY);
    });
    expect(report.files.flatMap(({ findings }) => findings)).toEqual([
      { line: 1, code: 'missing', message: 'the file is not there', change: 'run `npx projen`' },
    ]);
    expect(placesIn(report, DEPLOY)).toEqual(['1 missing']);
  });

  test('a file of a workload that is gone is stale, and nothing else is said about it', async () => {
    const gone = '.github/workflows/old-deploy.yml';
    const report = await afterEdit((sample) => {
      const { text } = sample.workflows.find(({ file }) => file === DEPLOY)!;
      add(sample, text.replaceAll('kvs-infer', 'old'), gone);
    });
    expect(placesIn(report, gone)).toEqual(['1 stale']);
    expect(findingsIn(report, gone)[0]?.change).toContain('npx projen');
  });

  test('manifest and command are read in the repository: missing, edited, as they should be', async () => {
    const sample = sources();
    const root = join(scratch, 'repository');
    const write = (file: string, text: string) => {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    };
    const rendered = { path: 'k8s/shop/staging/10-base/namespace.yaml', text: 'kind: Namespace\n' };
    const runbook = { path: 'docs/runbooks/shop.md', text: '# Runbook: shop\n' };
    const platform = { ...sample, files: [rendered], documents: [runbook] };
    const look = () => validate({ ...readForValidation(root, platform), judges: [] });
    // What the proofs read besides.
    for (const { path, text } of sample.files) write(path, text);
    const empty = await look();
    for (const file of [MANIFEST_PATH, COMMAND_PATH, DEPLOY, rendered.path, runbook.path]) {
      expect(placesIn(empty, file)).toEqual(['1 missing']);
    }
    for (const { file, text } of sample.workflows) write(file, text);
    write(COMMAND_PATH, '// the command\n');
    write(rendered.path, 'kind: Pod\n');
    write(runbook.path, '# Runbook: another\n');
    write('.github/workflows/notes.txt', 'no workflow');
    write(MANIFEST_PATH, encodeManifest(sample.manifest).replace('octo-org', 'other-org'));
    const edited = await look();
    expect(findingsIn(edited, MANIFEST_PATH)).toMatchObject([
      { code: 'drift', message: expect.stringContaining('other-org') },
    ]);
    for (const file of [rendered.path, runbook.path])
      expect(findingsIn(edited, file)).toMatchObject([{ code: 'drift' }]);
    write(runbook.path, runbook.text);
    write(MANIFEST_PATH, encodeManifest(sample.manifest));
    write(rendered.path, rendered.text);
    const whole = await look();
    expect(isClean(whole)).toBe(true);
    expect(whole.files.map(({ file }) => file)).not.toContain('.github/workflows/notes.txt');
  });
});

test('A12 what is wrong in a template or in the manifest is shown, too, at the file that gives it', async () => {
  const report = await afterEdit((sample) => {
    findResource(sample, 'AWS::IAM::Role', 'RoleName', 'ml-platform-kvs-infer-staging-deploy').Properties[
      'RoleName'
    ] = 'renamed';
  });
  const [role, manifest] = ['platform.config.ts', MANIFEST_PATH].map((file) => findingsIn(report, file));
  expect(manifest).toContainEqual(
    expect.objectContaining({
      code: 'P01',
      message: expect.stringContaining('roles.kvs-infer-staging-deploy'),
    }),
  );
  expect(role).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('ml-platform-kvs-infer-staging/Deploy') }),
  );
  expect(isClean(report)).toBe(false);
});

test('A12 valid YAML: a file of ours that cannot be read is a fault of this file alone', async () => {
  const report = await afterEdit((sample) => editWorkflow(sample, DEPLOY, '\njobs:\n', '\njobs: [\n'));
  const codes = new Set(findingsIn(report, DEPLOY).map(({ code }) => code));
  expect([...codes]).toEqual(['drift', 'yaml']);
  expect(report.files.filter(({ findings }) => findings.length > 0).map(({ file }) => file)).toEqual([
    DEPLOY,
  ]);
});

test('the text names file, line, code, what was found and the mend', async () => {
  const report = await afterEdit((sample) =>
    editJob(sample, DEPLOY, 'build', /version: v0.*/, 'version: latest'),
  );
  const text = renderValidation(report, pc.createColors(false));
  const [drift] = findingsIn(report, DEPLOY);
  expect(text).toContain(
    `    ${DEPLOY}:${drift?.line} drift ${drift?.message}\n      change  ${drift?.change}`,
  );
  expect(text).toContain(`✖ ${DEPLOY}`);
  expect(text).toContain('✔ .github/workflows/ci.yml');
});
