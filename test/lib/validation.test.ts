import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPlatform } from '../../lib/build-platform';
import platform from '../fixtures/sample-platform';

const ROOT = join(__dirname, '../..');
/** Milliseconds for a process on a busy machine. */
const LIMIT = 180_000;
const outdir = mkdtempSync(join(tmpdir(), 'lockstep-'));
afterAll(() => rmSync(outdir, { recursive: true }));

interface Synthesis {
  readonly status: number;
  readonly output: string;
}

/** Synthesizes in a process of its own, where the CloudFormation rules are on. */
function synthesize(code: string, folder: string): Promise<Synthesis> {
  const output = join(outdir, folder);
  const env = { PATH: process.env.PATH, HOME: outdir, CDK_OUTDIR: output, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', '--eval', code],
      { cwd: ROOT, env },
      (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` }),
    );
  });
}

const FAULTY = `
  const { App, CfnResource, Stack } = require('aws-cdk-lib');
  const { CDK_CONTEXT } = require('./lib/cdk-context.ts');
  const app = new App({ context: CDK_CONTEXT });
  new CfnResource(new Stack(app, 'Faulty'), 'Service', { type: 'AWS::ECS::Service', properties: { DesiredCount: 'abc' } });
  app.synth();
`;

// All of them at once: each process has to load the CDK.
const good = synthesize("require('./bin/app.ts')", 'good');
const faulty = synthesize(FAULTY, 'faulty');
const checked = synthesize(withFaultyBucket('withSecurityChecks(app).synth()'), 'checked');
const unchecked = synthesize(withFaultyBucket('app.synth()'), 'unchecked');

test(
  'CloudFormation finds no fault in the templates, with its default rules as errors',
  async () => {
    const { status, output } = await good;
    expect(output).not.toMatch(/\b[FE]\d{4}\b/);
    expect(status).toBe(0);
    // Warnings would stand here too; acknowledged ones are listed apart.
    const { pluginReports } = JSON.parse(
      readFileSync(join(outdir, 'good/validation-report.json'), 'utf8'),
    ) as {
      pluginReports: { violations: unknown[] }[];
    };
    expect(pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
  },
  LIMIT,
);

test(
  'a fault in a template stops the synthesis',
  async () => {
    const { status, output } = await faulty;
    expect(status).not.toBe(0);
    expect(output).toMatch(/DesiredCount/);
  },
  LIMIT,
);

describe('cdk-nag', () => {
  test('has at most 24 kinds of exceptions, each of them with a reason that names what makes up for it', () => {
    const { app } = buildPlatform(platform);
    const exceptions = app.node.findAll().flatMap((construct) =>
      construct.node.metadata
        .filter(({ type }) => type.includes('acknowledge'))
        .flatMap(({ data }) => Object.entries(data as Record<string, unknown>))
        .map(([id, reason]) => ({ at: construct.node.path, id, reason })),
    );
    expect(exceptions.length).toBeGreaterThan(0);
    const poor = exceptions.filter(({ reason }) => typeof reason !== 'string' || !REASON.test(reason));
    expect(poor).toEqual([]);
    // Thirteen for services and networks; an endpoint adds its versions, its models, and reading templates; nodes add
    // that they can be deleted, their instances, volumes and snapshots, and two buckets of runs; services have two more for
    // strategies, which take no circuit breaker, and for the Node.js of the function that asks them; mixed
    // instances hide their launch template from one rule.
    expect(new Set(exceptions.map(({ id }) => kindOf(id))).size).toBeLessThanOrEqual(24);
  });

  test(
    'stops the synthesis of an app that is passed through the checks, and of no other',
    async () => {
      expect((await checked).output).toContain('AwsSolutions-S1');
      expect((await checked).status).not.toBe(0);
      expect(await unchecked).toEqual({ status: 0, output: expect.not.stringContaining('AwsSolutions') });
    },
    LIMIT,
  );
});

/** A sentence of several words, not a mark that it was looked at. */
const REASON = /^(?=.{30})\S+( \S+){4,}$/;

/** An app with a bucket that cdk-nag has objections to. The CloudFormation rules have none, and stay off. */
function withFaultyBucket(synthesis: string): string {
  return `
    process.env.CDK_VALIDATION = 'false';
    const { App, Stack } = require('aws-cdk-lib');
    const { CfnBucket } = require('aws-cdk-lib/aws-s3');
    const { CDK_CONTEXT } = require('./lib/cdk-context.ts');
    const { withSecurityChecks } = require('./lib/security-checks.ts');
    const app = new App({ context: CDK_CONTEXT });
    new CfnBucket(new Stack(app, 'Faulty'), 'Bucket');
    ${synthesis};
  `;
}

/** `IAM5[Resource::arn:aws:ecs:…:task/a-production/*]` → `IAM5[Resource::ecs task]`: the exception, not where it is used. */
function kindOf(id: string): string {
  return id.replace(/arn:aws:([a-z0-9-]+):[^:]*:\d*:([a-z-]+)[^\]]*/, '$1 $2');
}
