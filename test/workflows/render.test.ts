import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { isScalar, parse, parseDocument, visit } from 'yaml';
import { ACTION_PINS, type PipelinePlan, planPipelines, renderWorkflow, script } from '../../workflows';
import { shellWord } from '../../workflows/steps/shell';
import { buildPlatform } from '../../lib/build-platform';
import platform from '../fixtures/sample-platform';
import { manifest, withImage, withWorkload } from '../fixtures/manifest';
import { byPromotion } from './by-promotion';
import { asPlanned } from './as-planned';
import { gpuChecked } from './gpu-checked';
import { EMAIL, noticed, SLACK } from './noticed';
import { severalImages } from './several-images';
import { actionlint, githubParser } from './judges';

const scratch = mkdtempSync(join(tmpdir(), 'lockstep-workflows-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const variants: readonly PipelinePlan[] = [
  ...planPipelines(manifest()),
  // What the platform of this repository emits.
  ...planPipelines(buildPlatform(platform).manifest),
  ...planPipelines(
    withImage({ attestations: false, scan: { severities: ['HIGH'], blocks: false, codeScanning: false } }),
  ),
  ...planPipelines(withWorkload({ releaseTags: [], quality: undefined })),
  ...planPipelines(
    withWorkload({
      quality: {
        language: 'node',
        version: '22',
        directory: 'services/kvs-infer',
        scripts: ['lint', 'test:unit'],
      },
      rollbackByCommit: false,
    }),
  ),
  ...planPipelines(byPromotion()),
  ...planPipelines(severalImages({ attestations: true })),
  ...planPipelines(severalImages({ worker: 'dockerHub', starts: 'onPush' })),
  ...planPipelines(byPromotion({ environments: ['staging'], models: false, checks: undefined })),
  ...planPipelines(noticed(undefined, gpuChecked())),
  ...planPipelines(noticed([SLACK], byPromotion())),
  ...planPipelines(noticed([EMAIL], withWorkload({ rollbackByCommit: false }))),
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

  test('reads back as planned: every trigger, key, input and variable, and nothing else', () => {
    expect(parse(text)).toEqual(asPlanned(plan));
    const jobs = Object.keys((parse(text) as { jobs: object }).jobs);
    expect(jobs).toEqual(plan.jobs.map(({ id }) => id));
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

  test('says above a job or step what is not plain in it', () => {
    const lines = text.split('\n').map((line) => line.trim());
    for (const job of plan.jobs) {
      const explained = job.condition === undefined ? `environment:` : `if: ${job.condition}`;
      const comment = (job.reason ?? []).map((line) => `# ${line}`);
      const from = lines.indexOf(`${job.id}:`);
      const at = lines.indexOf(explained, from);
      if (comment.length > 0) expect(lines.slice(at - comment.length, at)).toEqual(comment);
      for (const { reason, name } of job.steps.filter((step) => step.reason !== undefined)) {
        const above = lines.lastIndexOf(`# ${reason}`, lines.indexOf(`- name: ${name}`, from));
        expect(lines[above + 1]).toBe(`- name: ${name}`);
      }
    }
    for (const { values, reason } of plan.jobs.flatMap((job) => job.matrix?.exclude ?? [])) {
      const [[axis, version] = []] = Object.entries(values);
      const from = lines.indexOf(`# ${reason[0]}`);
      const comment = reason.map((line) => `# ${line}`);
      expect(lines.slice(from, from + reason.length + 1)).toEqual([...comment, `- ${axis}: ${version}`]);
    }
    const inputs = plan.jobs.flatMap((job) =>
      job.steps.flatMap((step) => (step.kind === 'uses' ? Object.entries(step.with) : [])),
    );
    for (const [name, input] of inputs) {
      if (typeof input === 'object')
        expect(lines).toContain(`${name}: ${String(input.value)} # ${input.remark}`);
    }
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

  const bare = ['.lockstep/cli.mjs', 'rollback', 'kvs-infer', '--environment', 'staging', '--failed'];
  test.each([
    ['', '', bare],
    ['a b;$(x)', '', [...bare, '--deployment', 'a b;$(x)']],
    ['', 'kvs:3', [...bare, '--version', 'kvs:3']],
  ])(
    'A06 the deployment %j and the version %j become at most one argument each',
    (deployment, version, words) => {
      const job = planPipelines(manifest())[0]!.jobs.find(({ id }) => id === 'rollback-staging')!;
      const step = job.steps.find(({ name }) => name.startsWith('Roll back'))!;
      const stub = `exec() { shift; printf '%s\\n' "$@"; }\n${script(step)}`;
      const result = spawnSync('bash', ['-eo', 'pipefail', '-c', stub], {
        env: { DEPLOYMENT: deployment, VERSION: version },
        encoding: 'utf8',
      });
      expect(result.stdout.trimEnd().split('\n')).toEqual(words);
    },
  );

  test.each([
    ['', []],
    ['s3://models/a b.tar.gz --image "$(x)"', ['--model', 's3://models/a b.tar.gz --image "$(x)"']],
  ])('B04 B05 the model %j becomes at most one argument', (model, words) => {
    const jobs = planPipelines(byPromotion()).flatMap((plan) => plan.jobs);
    for (const id of ['deploy-staging', 'resolve']) {
      const step = jobs.find((job) => job.id === id)!.steps.at(-1)!;
      const stub = `exec() { shift; printf '%s\\n' "$@"; }\n${script(step)}`;
      const result = spawnSync('bash', ['-eo', 'pipefail', '-c', stub], {
        env: { IMAGE: 'image', MODEL: model },
        encoding: 'utf8',
      });
      const given = result.stdout.trimEnd().split('\n');
      const bare = ['.lockstep/cli.mjs', step.id, 'bikeshare', '--environment', 'staging'];
      expect(given).toEqual([...bare, ...(id === 'resolve' ? [] : ['--image', 'image']), ...words]);
    }
  });

  test.each([
    ['refs/heads/main', 0],
    ['refs/tags/v1.2.3', 1],
    ['refs/heads/main-evil', 1],
  ])('B05 a promotion from the ref %s ends with %d', (ref, status) => {
    const plans = planPipelines(byPromotion());
    const [first] = plans.flatMap((plan) => plan.jobs).find((job) => job.id === 'resolve')!.steps;
    const options = { env: { GITHUB_REF: ref }, encoding: 'utf8' } as const;
    expect(spawnSync('bash', ['-eo', 'pipefail', '-c', script(first!) ?? ''], options).status).toBe(status);
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
