import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { synthesize } from '../../cli/read-artefacts';
import { encodeManifest, MANIFEST_PATH } from '../../contract';
import { buildPlatform } from '../../lib/build-platform';
import platform from '../../platform.config';
import { type LockFile, missingPackages } from '../../projenrc/complete-lock-file';
import { errorReference } from '../../projenrc/error-reference';
import { type Bundle, bundleCommand, COMMAND_FILE } from '../../projenrc/bundle-command';
import { planPipelines, renderWorkflow } from '../../workflows';

const ROOT = join(__dirname, '../..');
const committed = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('the pipeline command', () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await bundleCommand(ROOT);
  });

  test('is committed as its sources give it', () => {
    expect(committed(COMMAND_FILE)).toBe(bundle.text);
  });

  test('contains no aws-cdk-lib, no constructs, no projen, and nothing of lib or workflows', () => {
    const inputs = Object.keys(bundle.metafile.inputs);
    expect(inputs.length).toBeGreaterThan(100);
    const wrong = inputs.filter((input) =>
      /^(node_modules\/(aws-cdk-lib|constructs|projen|cdk-nag)\/|lib\/|workflows\/|cli\/)/.test(input),
    );
    expect(wrong).toEqual([]);
    const [entry] = Object.values(bundle.metafile.outputs);
    expect(
      entry?.imports.map(({ path }) => path).filter((path) => !path.startsWith('node:') && !isBuiltin(path)),
    ).toEqual([]);
  });

  test('runs from any folder without an install', () => {
    const help = execFileSync(process.execPath, [join(ROOT, COMMAND_FILE), '--help'], {
      cwd: '/',
      encoding: 'utf8',
      env: {},
    });
    expect(help).toContain('deploy');
  });

  test('holds no path of the machine that wrote it', () => {
    expect(bundle.text).not.toContain(ROOT);
  });
});

describe('the emitted files', () => {
  const { manifest } = buildPlatform(platform);
  const plans = planPipelines(manifest);

  test('the manifest is committed as it is built', () => {
    expect(committed(MANIFEST_PATH)).toBe(encodeManifest(manifest));
  });

  test.each(plans.map((plan) => [plan.file, plan] as const))(
    '%s is committed as it is planned',
    (file, plan) => {
      expect(committed(file)).toBe(renderWorkflow(plan));
    },
  );

  test('no other workflow lies beside them', () => {
    const files = readdirSync(join(ROOT, '.github/workflows')).map((file) => `.github/workflows/${file}`);
    expect(files.sort()).toEqual(plans.map(({ file }) => file).sort());
  });
});

describe('documents', () => {
  test('docs/errors.md lists every error', () => {
    expect(committed('docs/errors.md')).toBe(errorReference());
  });

  test('A13 each workload has its runbook as it is written, and no other runbook lies beside them', () => {
    const { documents } = synthesize(platform);
    for (const { path, text } of documents) expect(committed(path)).toBe(text);
    const files = readdirSync(join(ROOT, 'docs/runbooks')).map((file) => `docs/runbooks/${file}`);
    expect(files.sort()).toEqual(documents.map(({ path }) => path).sort());
  });

  test.each(['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md'])('%s links only to what is there', (file) => {
    const targets = [...committed(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
      ([, target]) => target ?? '',
    );
    expect(targets.filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });

  // An archive without its history has nothing to ask.
  (existsSync(join(ROOT, '.git')) ? test : test.skip)('no source file is ignored by Git', () => {
    const others = ['node_modules', 'cdk.out', '.conformance'].map((folder) => `:!${folder}`);
    const ignored = ['ls-files', '--others', '--ignored', '--exclude-standard', '--', '*.ts', ...others];
    expect(execFileSync('git', ignored, { cwd: ROOT, encoding: 'utf8' })).toBe('');
  });

  test('every folder of the architecture is there, and every folder is in it', () => {
    const text = committed('ARCHITECTURE.md');
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isDirectory() &&
          !entry.name.startsWith('.') &&
          !['node_modules', 'cdk.out', 'docs', 'coverage'].includes(entry.name),
      )
      .map((entry) => entry.name);
    expect(folders.filter((folder) => !text.includes(`\`${folder}/`))).toEqual([]);
  });

  test('decisions are numbered without gaps and say what they decide', () => {
    const files = readdirSync(join(ROOT, 'docs/adr')).sort();
    expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_, index) => index + 1));
    for (const file of files)
      expect(committed(`docs/adr/${file}`)).toMatch(/\| Status \| (accepted|superseded)/);
  });
});

test('the lock file names the packages of every platform, so that npm ci works on each', () => {
  const lock = JSON.parse(committed('package-lock.json')) as LockFile;
  expect(missingPackages(lock)).toEqual({});
  const { 'node_modules/@swc/core-darwin-arm64': removed, ...packages } = lock.packages;
  expect(missingPackages({ packages })).toEqual({ 'node_modules/@swc/core-darwin-arm64': removed });
});

test('the lock file names no registry', () => {
  expect(committed('package-lock.json')).not.toMatch(/"resolved"|https?:\/\/registry/);
});

test('no tracked file names a machine, a registry host or a credential', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
    .split('\n')
    .filter(Boolean);
  const found = files
    .filter((file) => !/package-lock\.json$|\.snap$|\.mjs$/.test(file) && existsSync(join(ROOT, file)))
    .filter((file) =>
      new RegExp(['AKIA[0-9A-Z]{16}', 'registry\\.npm' + 'js\\.org', '/wo' + 'rk/'].join('|')).test(
        committed(file),
      ),
    );
  expect(found).toEqual([]);
});
