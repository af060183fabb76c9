import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { buildPlatform } from '../../lib/build-platform';
import { CDK_CONTEXT } from '../../lib/cdk-context';
import platform from '../../platform.config';

const ROOT = join(__dirname, '../..');
const outdir = mkdtempSync(join(tmpdir(), 'lockstep-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** Synthesizes in a process of its own, where the CloudFormation rules are on. */
function synthesize(code: string): { readonly status: number; readonly output: string } {
  const env = { PATH: process.env.PATH, HOME: outdir, CDK_OUTDIR: outdir, NO_COLOR: '1' };
  try {
    const output = execFileSync(process.execPath, ['--import', 'tsx', '--eval', code], {
      cwd: ROOT,
      env,
      stdio: 'pipe',
    });
    return { status: 0, output: String(output) };
  } catch (error) {
    const failed = error as { status: number; stdout: Buffer; stderr: Buffer };
    return { status: failed.status, output: `${failed.stdout}${failed.stderr}` };
  }
}

const FAULTY = `
  const { App, CfnResource, Stack } = require('aws-cdk-lib');
  const { CDK_CONTEXT } = require('./lib/cdk-context.ts');
  const app = new App({ context: CDK_CONTEXT });
  new CfnResource(new Stack(app, 'Faulty'), 'Service', { type: 'AWS::ECS::Service', properties: { DesiredCount: 'abc' } });
  app.synth();
`;

test('CloudFormation finds no fault in the templates, with its default rules as errors', () => {
  const { status, output } = synthesize("require('./bin/app.ts')");
  expect(output).not.toMatch(/\b[FE]\d{4}\b/);
  expect(status).toBe(0);
  // Warnings would stand here too; acknowledged ones are listed apart.
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: unknown[] }[];
  };
  expect(pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
});

test('a fault in a template stops the synthesis', () => {
  const { status, output } = synthesize(FAULTY);
  expect(status).not.toBe(0);
  expect(output).toMatch(/DesiredCount/);
});

describe('cdk-nag', () => {
  test('has at most 15 exceptions, each with a reason that names what makes up for it', () => {
    const { app } = buildPlatform(platform);
    const reasons = new Map<string, string>();
    for (const construct of app.node.findAll()) {
      for (const { data } of construct.node.metadata.filter(({ type }) => type.includes('acknowledge'))) {
        for (const [id, reason] of Object.entries(data as Record<string, string>))
          reasons.set(kindOf(id), reason);
      }
    }
    expect(reasons.size).toBeGreaterThan(0);
    expect(reasons.size).toBeLessThanOrEqual(15);
    for (const reason of reasons.values()) expect(reason.length).toBeGreaterThan(30);
  });

  test('finds what nobody made an exception for', () => {
    const app = new App({ context: { ...CDK_CONTEXT } });
    new CfnBucket(new Stack(app, 'Faulty'), 'Bucket');
    const { success, violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(success).toBe(false);
    expect(violations.map(({ ruleName }) => ruleName)).toContain('AwsSolutions-S1');
  });
});

/** `IAM5[Resource::arn:aws:ecs:…:task/a-production/*]` → `IAM5[Resource::ecs task]`: the exception, not where it is used. */
function kindOf(id: string): string {
  return id.replace(/arn:aws:([a-z0-9-]+):[^:]*:\d*:([a-z-]+)[^\]]*/, '$1 $2');
}
