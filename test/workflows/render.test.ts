import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Project } from 'projen';
import { isScalar, parse, parseDocument, visit } from 'yaml';
import {
  ACTION_PINS,
  DeliveryWorkflows,
  type PipelinePlan,
  planPipelines,
  renderWorkflow,
  script,
} from '../../workflows';
import { shellWord } from '../../workflows/steps/shell';
import { manifest, withImage } from '../fixtures/manifest';
import { actionlint, githubParser } from './judges';

const ROOT = join(__dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'lockstep-workflows-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const variants: readonly PipelinePlan[] = [
  ...planPipelines(manifest()),
  ...planPipelines(
    withImage({ attestations: false, scan: { severities: ['HIGH'], blocks: true, codeScanning: false } }),
  ),
];
const files = variants.map((plan, index) => [`${plan.file} (${index})`, plan, renderWorkflow(plan)] as const);

/** Every scalar below the key, anywhere in the document. */
function valuesOf(
  text: string,
  key: string,
): { readonly value: unknown; readonly comment?: string | null }[] {
  const found: { readonly value: unknown; readonly comment?: string | null }[] = [];
  visit(parseDocument(text), {
    Pair: (_, { key: name, value }) => {
      if (isScalar(name) && name.value === key && isScalar(value)) found.push(value);
    },
  });
  return found;
}

describe.each(files)('%s', (_, plan, text) => {
  test('says who wrote it, what to change and what it does', () => {
    const [origin, ...purpose] = text.split('\n\n')[0]!.split('\n');
    expect(origin).toBe(
      '# Written by Lockstep from platform.config.ts; change that file and run `npx projen`.',
    );
    expect(purpose).toEqual(plan.comment.map((line) => `# ${line}`));
    expect(text.endsWith('\n') && !text.endsWith('\n\n')).toBe(true);
  });

  test('reads back as planned', () => {
    const read = parse(text) as Record<string, unknown> & { jobs: Record<string, Record<string, unknown>> };
    expect(read).toMatchObject({ name: plan.name, permissions: {}, defaults: { run: { shell: 'bash' } } });
    expect(Object.keys(read.jobs)).toEqual(plan.jobs.map(({ id }) => id));
    for (const job of plan.jobs) {
      expect(read.jobs[job.id]).toMatchObject({
        name: job.name,
        'timeout-minutes': job.timeoutMinutes,
        'runs-on': 'ubuntu-24.04',
        permissions: Object.fromEntries(job.permissions.map(({ scope, access }) => [scope, access])),
        steps: job.steps.map(({ name }) => expect.objectContaining({ name })),
        ...(job.needs.length > 0 && { needs: job.needs }),
        ...(job.condition !== undefined && { if: job.condition }),
        ...(job.environment !== undefined && { environment: { name: job.environment } }),
      });
      const scripts = (read.jobs[job.id]?.['steps'] as { run?: string }[]).map(({ run }) => run);
      expect(scripts).toEqual(job.steps.map((step) => script(step)));
    }
  });

  test('pins every action to a reviewed commit, with its version behind it', () => {
    const uses = valuesOf(text, 'uses');
    expect(uses.length).toBeGreaterThan(0);
    for (const { value, comment } of uses) {
      const [, name, sha] = /^(.+)@([0-9a-f]{40})$/.exec(String(value)) ?? [];
      expect(ACTION_PINS[String(name)]).toMatchObject({ sha, version: comment?.trim() });
    }
  });

  test('keeps expressions out of scripts', () => {
    for (const { value } of valuesOf(text, 'run')) expect(value).not.toContain('${{');
  });

  test('gives the reason behind every permission', () => {
    for (const { reason } of plan.jobs.flatMap((job) => job.permissions))
      expect(text).toContain(` # ${reason}\n`);
  });

  test('is the same text each time, and folds no line', () => {
    expect(renderWorkflow(plan)).toBe(text);
    expect(text).not.toMatch(/: >/);
  });

  test('has scripts that bash can parse', () => {
    const scripts = plan.jobs.flatMap((job) => job.steps.map((step) => script(step) ?? ''));
    expect(spawnSync('bash', ['-n'], { input: scripts.join('\n') })).toMatchObject({ status: 0 });
  });
});

describe('judges from outside', () => {
  const texts = files.map(([, , text]) => text);

  test('actionlint has nothing to say, though it does see a fault', () => {
    const faulty = texts[0]!.replace('needs.deploy-staging.result', 'needs.nobody.result');
    const answers = actionlint([...texts, faulty]);
    expect(answers.slice(0, -1)).toEqual(texts.map(() => []));
    expect(answers.at(-1)).toEqual([expect.stringContaining('"nobody" is not defined')]);
  });

  test("GitHub's own parser reads every file without an error, and completes the conditions", () => {
    const faulty = texts[0]!.replace('runs-on:', 'runs-off:');
    const answers = githubParser([...texts, faulty], scratch);
    expect(answers.slice(0, -1).map(({ errors }) => errors)).toEqual(texts.map(() => []));
    expect(answers.at(-1)?.errors).not.toEqual([]);
    expect(answers[0]?.conditions).toMatchObject({
      build: 'success()',
      'deploy-production': "success() && (github.event_name == 'push' || inputs.environment == 'production')",
      'rollback-production': "failure() && needs.deploy-production.result == 'failure'",
    });
  });
});

describe('scripts in bash', () => {
  const build = planPipelines(manifest())[0]!.jobs.find(({ id }) => id === 'build')!;
  const run = (name: string, env: Record<string, string>) => {
    const step = build.steps.find((candidate) => candidate.name === name)!;
    return spawnSync('bash', ['-eo', 'pipefail', '-c', script(step) ?? ''], { env, encoding: 'utf8' });
  };

  test.each([
    ['refs/heads/main', 0],
    ['refs/tags/v1.2.3', 0],
    ['refs/heads/feature', 1],
    ['refs/heads/main-evil', 1],
    ['refs/heads/v1', 1],
    ['refs/tags/w1', 1],
    ['refs/pull/1/merge', 1],
  ])('A02 the ref %s ends with %d', (ref, status) => {
    const result = run('Refuse a ref that may not be released', { GITHUB_REF: ref });
    expect(result.status).toBe(status);
    expect(result.stdout.startsWith('::error')).toBe(status === 1);
  });

  const found = `sha256:${'a'.repeat(64)}`;
  const built = `sha256:${'b'.repeat(64)}`;
  test.each([
    [{ FOUND: found, BUILT: '' }, found],
    [{ FOUND: '', BUILT: built }, built],
    [{ FOUND: '', BUILT: '' }, undefined],
    [{ FOUND: 'latest', BUILT: '' }, undefined],
    [{ FOUND: `${found}\ndigest=evil`, BUILT: '' }, undefined],
  ])('A03 the digest of %j is %s', (env, digest) => {
    const output = join(scratch, `output-${Math.random()}`);
    const result = run('Determine the digest', { ...env, GITHUB_OUTPUT: output });
    expect(result.status).toBe(digest ? 0 : 1);
    expect(existsSync(output) ? readFileSync(output, 'utf8') : '').toBe(digest ? `digest=${digest}\n` : '');
  });

  test.each([
    ['', ['.lockstep/cli.mjs', 'rollback', 'kvs-infer', '--environment', 'staging']],
    [
      'a b;$(x)',
      ['.lockstep/cli.mjs', 'rollback', 'kvs-infer', '--environment', 'staging', '--deployment', 'a b;$(x)'],
    ],
  ])('A06 the deployment %j becomes at most one argument', (deployment, words) => {
    const job = planPipelines(manifest())[0]!.jobs.find(({ id }) => id === 'rollback-staging')!;
    const step = job.steps.find(({ name }) => name.startsWith('Roll back'))!;
    const stub = `node() { printf '%s\\n' "$@"; }\n${script(step)}`;
    const result = spawnSync('bash', ['-eo', 'pipefail', '-c', stub], {
      env: { DEPLOYMENT: deployment },
      encoding: 'utf8',
    });
    expect(result.stdout.trimEnd().split('\n')).toEqual(words);
  });

  test('any word reaches the command as it is', () => {
    const words = fc
      .sample(fc.string({ minLength: 1, unit: 'binary-ascii' }), 200)
      .map((text) => text.replaceAll('\0', ''));
    const given = words.filter((text) => text !== '');
    const result = spawnSync('bash', ['-c', `printf '%s\\0' ${given.map(shellWord).join(' ')}`], {
      encoding: 'utf8',
    });
    expect(result.stdout.split('\0').slice(0, -1)).toEqual(given);
  });
});

describe('the set of files', () => {
  const texts = (workloads: readonly string[]) =>
    new Map(planPipelines(manifest({ workloads })).map((plan) => [plan.file, renderWorkflow(plan)]));

  test('another workload changes no file but its own', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,11}$/);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), name, (workloads, added) => {
        fc.pre(!workloads.includes(added));
        const before = texts(workloads);
        const after = texts([added, ...workloads]);
        for (const [file, text] of before) expect(after.get(file)).toBe(text);
        const fresh = [...after.keys()].filter((file) => !before.has(file));
        expect(fresh).toEqual([
          `.github/workflows/${added}-deploy.yml`,
          `.github/workflows/${added}-rollback.yml`,
        ]);
      }),
      { numRuns: 10 },
    );
  });

  test('projen writes it, read-only and committed, and removes the files of a workload that is gone', () => {
    const outdir = join(scratch, 'project');
    const synth = (workloads: readonly string[]) => {
      const project = new Project({ name: 'sample', outdir, commitGenerated: true });
      new DeliveryWorkflows(project, manifest({ workloads }));
      project.synth();
      return readdirSync(join(outdir, '.github/workflows')).sort();
    };
    const previous = process.env['PROJEN_DISABLE_POST'];
    process.env['PROJEN_DISABLE_POST'] = 'true';
    try {
      expect(synth(['kvs-infer', 'other'])).toEqual([
        'ci.yml',
        'kvs-infer-deploy.yml',
        'kvs-infer-rollback.yml',
        'other-deploy.yml',
        'other-rollback.yml',
      ]);
      const file = '.github/workflows/kvs-infer-deploy.yml';
      expect(readFileSync(join(outdir, file), 'utf8')).toBe(texts(['kvs-infer']).get(file));
      expect(synth(['kvs-infer'])).toEqual(['ci.yml', 'kvs-infer-deploy.yml', 'kvs-infer-rollback.yml']);
    } finally {
      if (previous === undefined) delete process.env['PROJEN_DISABLE_POST'];
      else process.env['PROJEN_DISABLE_POST'] = previous;
    }
  });

  test('no file of the generator names a kind of deploy target', () => {
    const constructs = join(ROOT, 'constructs');
    const kinds = readdirSync(constructs)
      .map((folder) => join(constructs, folder, 'spec.ts'))
      .filter((file) => existsSync(file))
      .flatMap((file) =>
        [...readFileSync(file, 'utf8').matchAll(/_KIND = '([^']+)'/g)].map(([, kind]) => kind!),
      );
    expect(kinds).toContain('ecs-service');
    const words = new RegExp(`\\b(${[...kinds, 'ecs', 'sagemaker', 'k3s'].join('|')})\\b`, 'i');
    const sources = readdirSync(join(ROOT, 'workflows'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.(ts|json)$/.test(file),
    );
    expect(sources.length).toBeGreaterThan(20);
    const guilty = sources.filter((file) => words.test(readFileSync(join(ROOT, 'workflows', file), 'utf8')));
    expect(guilty).toEqual([]);
  });
});
