import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { Project } from 'projen';
import { DeliveryWorkflows, planPipelines, renderWorkflow } from '../../workflows';
import { manifest } from '../fixtures/manifest';

const ROOT = join(__dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'lockstep-workflows-'));
afterAll(() => rmSync(scratch, { recursive: true }));

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
        'delivery-metrics.yml',
        'kvs-infer-deploy.yml',
        'kvs-infer-rollback.yml',
        'other-deploy.yml',
        'other-rollback.yml',
      ]);
      const file = '.github/workflows/kvs-infer-deploy.yml';
      expect(readFileSync(join(outdir, file), 'utf8')).toBe(texts(['kvs-infer']).get(file));
      expect(synth(['kvs-infer'])).toEqual([
        'ci.yml',
        'delivery-metrics.yml',
        'kvs-infer-deploy.yml',
        'kvs-infer-rollback.yml',
      ]);
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
    const words = new RegExp(`\\b(${[...kinds, 'ecs', 'sagemaker', 'k3s', 'kubernetes'].join('|')})\\b`, 'i');
    const sources = readdirSync(join(ROOT, 'workflows'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => /\.(ts|json)$/.test(file),
    );
    expect(sources.length).toBeGreaterThan(20);
    const guilty = sources.filter((file) => words.test(readFileSync(join(ROOT, 'workflows', file), 'utf8')));
    expect(guilty).toEqual([]);
  });
});
