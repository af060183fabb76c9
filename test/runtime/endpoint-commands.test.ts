import * as stsSchemas from '@aws-sdk/client-sts';
import { encodeManifest, type DeployManifest, type RoleEntry } from '../../contract';
import { differences } from '../../runtime/template-differences';
import { CloudFormationService } from '../../rehearsal/aws/cloudformation';
import type { AwsService } from '../../rehearsal/aws/service';
import {
  ACCOUNT,
  BUCKET,
  image,
  LOG_GROUP,
  MODEL,
  REGION,
  REPOSITORY,
  targetOf,
  World,
} from '../constructs/sagemaker-endpoint/world';
import { manifest as sampleManifest } from '../fixtures/manifest';
import { type Finished, outputsOf, runCommand, type RunOptions } from './harness';

const target = ['bikeshare', '--environment', 'production'] as const;
const STACKS = ['ml-bikeshare-production', 'ml-bikeshare-models'] as const;
const OTHER_MODEL = MODEL.replace('/1/', '/2/');

const worlds: Endpoint[] = [];

afterEach(async () => {
  for (const { world } of worlds.splice(0)) await world.stop();
});

/** The account of an endpoint, and the command as somebody runs it there. */
class Endpoint {
  readonly stacks = new CloudFormationService();
  /** ARN of whoever signs in. */
  caller = `arn:aws:sts::${ACCOUNT}:assumed-role/bikeshare-production-inspect/run-1`;
  readonly world: World;

  constructor() {
    const sts: AwsService = {
      signingName: 'sts',
      protocol: 'query',
      schemas: stsSchemas,
      operations: {
        GetCallerIdentity: {
          source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html',
          questions: () => [{ action: 'sts:GetCallerIdentity', resource: '*' }],
          handle: () => ({ Arn: this.caller, Account: this.caller.split(':')[4], UserId: 'AROA:run-1' }),
        },
      },
      makes: {},
      state: {},
      leftovers: () => [],
    };
    this.world = new World({}, [this.stacks, sts]);
  }

  run(
    argv: readonly string[],
    options: RunOptions = {},
    changes: Partial<DeployManifest> = {},
  ): Promise<Finished> {
    const text = encodeManifest({ ...this.manifest(), ...changes });
    return runCommand(this.world, argv, { manifest: text, ...options });
  }

  manifest(): DeployManifest {
    const sample = sampleManifest({ workloads: ['bikeshare'] });
    const repository = { name: 'bikeshare', uri: REPOSITORY, account: ACCOUNT, region: REGION };
    const inspect: RoleEntry = {
      id: 'bikeshare-production-inspect',
      purpose: 'inspect',
      name: 'bikeshare-production-inspect',
      arn: `arn:aws:iam::${ACCOUNT}:role/bikeshare-production-inspect`,
      account: ACCOUNT,
      maxSessionMinutes: 60,
      constructPath: 'ml-bikeshare-production/Inspect',
    };
    return {
      ...sample,
      roles: [...sample.roles, inspect],
      images: sample.images.map((entry) => ({ ...entry, repository })),
      workloads: sample.workloads.map((entry) => ({
        ...entry,
        models: { bucket: BUCKET },
        delivery: 'byPromotion',
      })),
      targets: [
        { ...targetOf(this.world.spec), inspection: { role: inspect.id, stacks: [...STACKS], calls: [] } },
      ],
    };
  }
}

async function start(): Promise<Endpoint> {
  const endpoint = new Endpoint();
  worlds.push(endpoint);
  await endpoint.world.start();
  return endpoint;
}

async function serving(): Promise<Endpoint> {
  const endpoint = await start();
  await endpoint.world.release(image('1'));
  return endpoint;
}

const deploy = (reference: string, ...more: readonly string[]): readonly string[] => [
  'deploy',
  ...target,
  '--image',
  reference,
  ...more,
];

describe('deploy', () => {
  test('B04 deploys image and model, and says in the log and in the summary which', async () => {
    const endpoint = await serving();
    const run = await endpoint.run(deploy(image('2').toString(), '--model', OTHER_MODEL));
    expect(run.code).toBe(0);
    expect(endpoint.world.running).toEqual([image('2').toString()]);
    expect(endpoint.world.released('releasedModel')).toContain(`${OTHER_MODEL}?versionId=`);
    expect(run.stdout).toContain(`model       ${endpoint.world.released('releasedModel') ?? ''}`);
    expect(run.summary).toMatch(/\| model \| <code>s3&#58;\/\/ml-bikeshare-models\/models\/2\//);
    expect(outputsOf(run.output)).toMatchObject({
      previous: expect.stringMatching(/^bikeshare-production-/) as unknown,
    });
  });

  const good = image('1').toString();
  test.each([
    [deploy('bikeshare'), 'ImageWithoutDigest'],
    [deploy(`${REPOSITORY}:latest`), 'ImageWithoutDigest'],
    [deploy(` ${good}`), 'ImageWithoutDigest'],
    [deploy(`${good} `), 'ImageWithoutDigest'],
    [deploy(good.replace('@', '@\n')), 'ImageWithoutDigest'],
    [deploy(`${REPOSITORY}@sha256:${'a'.repeat(63)}`), 'ImageWithoutDigest'],
    [deploy(''), 'ImageWithoutDigest'],
    [deploy(`other/repository@sha256:${'a'.repeat(64)}`), 'ForeignImage'],
    [deploy(good, '--model', ''), 'InvalidModelArtifact'],
    [deploy(good, '--model', 'models/1/model.tar.gz'), 'InvalidModelArtifact'],
    [deploy(good, '--model', `s3://${BUCKET}/`), 'InvalidModelArtifact'],
    [deploy(good, '--model', `s3://${BUCKET}/model.zip`), 'InvalidModelArtifact'],
    [deploy(good, '--model', `${MODEL}\n`), 'InvalidModelArtifact'],
    [deploy(good, '--model', `s3://${BUCKET}/$(id).tar.gz`), 'InvalidModelArtifact'],
    [deploy(good, '--model', 's3://somewhere-else/model.tar.gz'), 'ForeignModel'],
    [['resolve', ...target, '--model', 's3://somewhere-else/model.tar.gz'], 'ForeignModel'],
    [['resolve', ...target, '--model', ''], 'InvalidModelArtifact'],
  ])('B08 %j ends with 2 before AWS is asked: %s', async (argv, code) => {
    const endpoint = await start();
    const run = await endpoint.run(argv);
    expect(run.stderr).toContain(`✖ ${code}`);
    expect(run.code).toBe(2);
    expect(endpoint.world.calls).toEqual([]);
  });

  test('B08 a model that does not exist is refused before anything is made', async () => {
    const endpoint = await start();
    const run = await endpoint.run(deploy(good, '--model', `s3://${BUCKET}/models/9/model.tar.gz`));
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('✖ ModelNotFound')]);
    expect(endpoint.world.changesSince(0)).toEqual([]);
  });
});

describe('resolve', () => {
  test('B05 names digest and model of what runs, without the account id that GitHub would mask', async () => {
    const endpoint = await serving();
    const before = endpoint.world.calls.length;
    const run = await endpoint.run(['resolve', ...target]);
    expect(run.code).toBe(0);
    const released = endpoint.world.released('releasedModel') ?? '';
    expect(outputsOf(run.output)).toEqual({
      digest: `sha256:${'1'.repeat(64)}`,
      model: released.replace(`s3://${BUCKET}/`, ''),
    });
    expect(outputsOf(run.output).model).toMatch(/^models\/1\/model\.tar\.gz\?versionId=.+$/);
    expect(run.output).not.toContain(ACCOUNT);
    // Whoever approves the next environment reads here what is promoted.
    expect(run.summary).toContain(`<code>${image('1').toString()}</code>`);
    expect(run.summary).toMatch(/\| model \| <code>s3&#58;/);
    expect(run.summary).toMatch(/\| released \| <code>2026-/);
    expect(endpoint.world.changesSince(before)).toEqual([]);
  });

  test('B05 what failed its checks is nothing to promote', async () => {
    const endpoint = await serving();
    endpoint.world.sagemaker.answer({ answer: { kind: 'answers', body: '{"predictions":["many"]}' } });
    const deployed = await endpoint.run(['deploy', ...target, '--image', image('2').toString()]);
    expect(deployed.stderr).toContain('VerificationFailed');
    expect(endpoint.world.released('releasedImage')).toBe(image('1').toString());
    const run = await endpoint.run(['resolve', ...target]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('NothingToPromote');
    expect(run.output).not.toContain('digest');
  });

  test('B05 a model is named with its version: what is approved is what is deployed', async () => {
    const endpoint = await serving();
    const run = await endpoint.run(['resolve', ...target, '--model', OTHER_MODEL]);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`allowed: ${OTHER_MODEL}?versionId=<id>`);
    expect(run.output).not.toContain('digest');
  });

  test('B05 another model may be named; the summary says which one the environment runs', async () => {
    const endpoint = await serving();
    const named = `${OTHER_MODEL}?versionId=abc`;
    const run = await endpoint.run(['resolve', ...target, '--model', named, '--json']);
    expect(outputsOf(run.output)).toMatchObject({ model: 'models/2/model.tar.gz?versionId=abc' });
    expect(JSON.parse(run.stdout)).toMatchObject({
      passed: true,
      model: named,
      image: image('1').toString(),
    });
    expect(run.summary).toMatch(
      /\| model of production \| <code>s3&#58;\/\/ml-bikeshare-models\/models\/1\//,
    );
  });

  test.each<[string, (world: World) => unknown, string]>([
    ['nothing was ever deployed', () => undefined, 'no release serves there at the moment'],
    ['a deployment is under way', (world) => world.deploy(image('2')), 'is under way'],
    [
      'the endpoint was changed by hand',
      (world) => {
        world.sagemaker.deployForeign(world.name, { name: 'by-hand', image: image('9').toString() });
        world.clock.pass(600);
      },
      'by-hand, which no deployment has brought to its end',
    ],
    [
      'the first deployment has failed',
      async (world) => {
        world.sagemaker.behave({ image: image('f').toString(), behaviour: { kind: 'unhealthy' } });
        await world.release(image('f'));
      },
      'no release serves there at the moment',
    ],
  ])('B05 there is nothing to promote where %s', async (_case, before, expected) => {
    const endpoint = await start();
    if (/under way|by hand/.test(_case)) await endpoint.world.release(image('1'));
    await before(endpoint.world);
    const run = await endpoint.run(['resolve', ...target]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('✖ NothingToPromote');
    expect(run.stderr).toContain(expected);
    expect(run.output).toBe('');
  });

  test('B05 what went back to an earlier release can be promoted again', async () => {
    const endpoint = await serving();
    endpoint.world.sagemaker.behave({ image: image('f').toString(), behaviour: { kind: 'unhealthy' } });
    await endpoint.world.release(image('f'));
    const run = await endpoint.run(['resolve', ...target]);
    expect([run.code, outputsOf(run.output).digest]).toEqual([0, `sha256:${'1'.repeat(64)}`]);
  });

  test('B05 image and model of another repository or bucket than the declared ones are not promoted', async () => {
    const endpoint = await serving();
    const { workloads, images } = endpoint.manifest();
    const otherBucket = workloads.map((entry) => ({ ...entry, models: { bucket: 'ml-other-models' } }));
    const moved = await endpoint.run(['resolve', ...target], {}, { workloads: otherBucket });
    expect([moved.code, moved.stderr]).toEqual([2, expect.stringContaining('✖ ForeignModel')]);
    const otherImages = images.flatMap((entry) =>
      entry.registry === 'ecr'
        ? [{ ...entry, repository: { ...entry.repository, uri: 'elsewhere/bikeshare' } }]
        : [],
    );
    const foreign = await endpoint.run(['resolve', ...target], {}, { images: otherImages });
    expect([foreign.code, foreign.stderr]).toEqual([
      2,
      expect.stringContaining('image of what runs in production'),
    ]);
    expect(moved.output + foreign.output).toBe('');
  });
});

describe('identity', () => {
  const role = (name: string, account = ACCOUNT) => `arn:aws:sts::${account}:assumed-role/${name}/run-1`;

  test('B02 passes with account and role of the manifest', async () => {
    const endpoint = await start();
    const run = await endpoint.run(['identity', ...target]);
    expect([run.code, run.stderr]).toEqual([0, '']);
    expect(run.summary).toContain('| ✅ | role | bikeshare-production-inspect |');
    expect(endpoint.world.calls.map(({ action }) => action)).toEqual(['sts:GetCallerIdentity']);
  });

  test.each([
    [role('bikeshare-production-inspect', '999999999999'), 'production, account: got 999999999999'],
    [role('bikeshare-production-deploy'), 'production, role: got bikeshare-production-deploy'],
    [role('bikeshare-production-inspect-x'), 'production, role: got bikeshare-production-inspect-x'],
    [`arn:aws:iam::${ACCOUNT}:user/bikeshare-production-inspect`, 'role: got arn:aws:iam::'],
    [`arn:aws:iam::${ACCOUNT}:root`, 'role: got arn:aws:iam::'],
  ])('B02 %s is somebody else', async (caller, expected) => {
    const endpoint = await start();
    endpoint.caller = caller;
    const run = await endpoint.run(['identity', ...target]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('✖ UnexpectedIdentity');
    expect(run.stderr).toContain(expected);
    expect(run.summary).toContain('❌');
  });

  test('B02 the role of another purpose can be asked for, and no credentials are a failure', async () => {
    const endpoint = await start();
    const { roles } = endpoint.manifest();
    endpoint.caller = role(roles.find(({ id }) => id === 'bikeshare-production-deploy')?.name ?? '');
    const argv = ['identity', ...target, '--role', 'deploy', '--json'];
    expect(JSON.parse((await endpoint.run(argv)).stdout)).toMatchObject({ passed: true, account: ACCOUNT });
    endpoint.world.server.faults.push({ action: /GetCallerIdentity/, times: 1, kind: 'denied' });
    expect((await endpoint.run(argv)).code).toBe(1);
    expect((await endpoint.run(['identity', ...target, '--role', 'publish'])).code).toBe(2);
  });
});

describe('diff', () => {
  const alarm = (threshold: number) => ({
    Type: 'AWS::CloudWatch::Alarm',
    Properties: { Threshold: threshold, Tags: ['a', 'b'] },
  });
  const template = { Parameters: { P: { Type: 'String' } }, Resources: { Alarm: alarm(1) } };

  /** Runs it with what is deployed and what is synthesized, in the first stack; the second is the same on both sides. */
  async function compare(deployed: unknown, synthesized: unknown, ...more: readonly string[]) {
    const endpoint = await start();
    const body = (content: unknown) => (typeof content === 'string' ? content : JSON.stringify(content));
    for (const [stack, content] of [[STACKS[0], deployed] as const, [STACKS[1], template] as const])
      if (content !== undefined)
        endpoint.stacks.deployed({ stack, account: ACCOUNT, region: REGION, body: body(content) } as never);
    const files: Record<string, string> = { [`out/${STACKS[1]}.template.json`]: body(template) };
    if (synthesized !== undefined) files[`out/${STACKS[0]}.template.json`] = body(synthesized);
    const run = await endpoint.run(['diff', ...target, '--templates', 'out/', ...more], { files });
    return { ...run, endpoint };
  }

  test('B03 the order of keys is no difference', async () => {
    const { code, output, stdout } = await compare(
      {
        Resources: { Alarm: { Properties: { Tags: ['a', 'b'], Threshold: 1 }, Type: alarm(1).Type } },
        Parameters: template.Parameters,
      },
      template,
    );
    expect([code, outputsOf(output)]).toEqual([0, { changes: '0' }]);
    expect(stdout).toContain('every stack is deployed as synthesized');
  });

  test('B03 what differs is told with its path, in the log and in the summary, and is no failure', async () => {
    const { code, output, stdout, summary } = await compare(
      { ...template, Outputs: { Gone: { Value: 'x'.repeat(41) } } },
      { Resources: { Alarm: alarm(2), New: alarm(3) }, Conditions: { C: true } },
    );
    expect([code, outputsOf(output)]).toEqual([0, { changes: '1' }]);
    expect(stdout).toContain('1 of 2 stacks are not deployed as synthesized');
    expect(stdout).toMatch(/changed +Resources\.Alarm\.Properties\.Threshold +1 +2\n/);
    expect(stdout).toMatch(/added +Resources\.New\n/);
    expect(stdout).toMatch(/removed +Parameters\.P\n/);
    expect(stdout).toMatch(/removed +Outputs\.Gone\n/);
    expect(stdout).toMatch(/added +Conditions\.C +true\n/);
    expect(summary).toContain('<code>Resources.Alarm.Properties.Threshold</code>');
    expect(summary).toContain('| ml-bikeshare-production | <code>2 added, 2 removed, 1 changed</code> |');
  });

  test('B03 a stack that is not deployed yet is said to be so', async () => {
    const { code, output, stdout, endpoint } = await compare(undefined, template);
    expect([code, outputsOf(output)]).toEqual([0, { changes: '1' }]);
    expect(stdout).toContain('not deployed yet');
    expect(new Set(endpoint.world.server.actions())).toEqual(new Set(['cloudformation:GetTemplate']));
  });

  test.each<[unknown, unknown, readonly object[]]>([
    [
      ['a', 'b'],
      ['b', 'a'],
      [{ path: 'Resources.R.0' }, { path: 'Resources.R.1' }],
    ],
    [['a'], ['a', 'x'.repeat(41)], [{ kind: 'added', path: 'Resources.R.1' }]],
    [{ P: { Q: null } }, { P: {} }, [{ kind: 'removed', path: 'Resources.R.P.Q', before: null }]],
    [{ P: { 0: 'a' } }, { P: ['a'] }, [{ kind: 'changed', path: 'Resources.R.P' }]],
    [{ P: 1 }, { P: '1' }, [{ kind: 'changed', path: 'Resources.R.P', before: 1, after: '1' }]],
    [{ P: { Q: [{ a: 1, b: 2 }] } }, { P: { Q: [{ b: 2, a: 1 }] } }, []],
  ])('B03 %j and %j differ in %j', (before, after, expected) => {
    const found = differences({ Resources: { R: before } }, { Resources: { R: after } });
    expect(found).toMatchObject(expected);
    expect(found).toHaveLength(expected.length);
    // Long values are not shown.
    expect(JSON.stringify(found)).not.toContain('x'.repeat(41));
  });

  test('B03 long lists are cut, with a count; the JSON has all', async () => {
    const many = (threshold: number) => ({
      Resources: Object.fromEntries(
        Array.from({ length: 60 }, (_, index) => [`Alarm${index}`, alarm(threshold)]),
      ),
    });
    expect((await compare(many(1), many(2))).stdout).toContain('and 20 more');
    const { stdout } = await compare(many(1), many(2), '--json');
    const { stacks } = JSON.parse(stdout) as { stacks: { differences: unknown[] }[] };
    expect(stacks[0]?.differences).toHaveLength(60);
    expect(stacks[0]?.differences[0]).toEqual({
      kind: 'changed',
      path: 'Resources.Alarm0.Properties.Threshold',
      before: 1,
      after: 2,
    });
  });

  test.each([
    [
      'a missing template',
      template,
      undefined,
      2,
      'out/ml-bikeshare-production.template.json: got no such file',
    ],
    ['a template that is no JSON', template, 'Resources: {}', 2, 'got text that is no JSON object'],
    [
      'a deployed template that is no JSON',
      'Resources: {}',
      template,
      2,
      'the deployed template of ml-bikeshare-production',
    ],
  ])('B03 %s is a failure', async (_case, deployed, synthesized, code, expected) => {
    const run = await compare(deployed, synthesized);
    expect([run.code, run.output]).toEqual([code, '']);
    expect(run.stderr).toContain('✖ NotSynthesized');
    expect(run.stderr).toContain(expected);
  });

  test('B03 a refusal of AWS is a failure, not a stack that is missing', async () => {
    const endpoint = await start();
    endpoint.world.server.faults.push({ action: /GetTemplate/, times: 1, kind: 'denied' });
    const files = { [`cdk.out/${STACKS[0]}.template.json`]: '{}' };
    const run = await endpoint.run(['diff', ...target], { files });
    expect([run.code, run.stderr]).toEqual([1, expect.stringContaining('✖ AwsCallFailed')]);
  });
});

describe('by hand', () => {
  test('B09 logs prints lines that a terminal and a summary show and never act on', async () => {
    const endpoint = await start();
    const { world } = endpoint;
    world.sagemaker.behave({ image: image('f').toString(), behaviour: { kind: 'unhealthy', lines: ['a'] } });
    await world.release(image('f'));
    world.logs.write({ account: ACCOUNT, region: REGION, group: LOG_GROUP, stream: 'AllTraffic/i-1' }, [
      '::add-mask::x',
      '\u001b[2J```[a](http://evil.example)',
    ]);
    const argv = ['logs', ...target, '--since', '1h', '--limit', '2'];
    const run = await endpoint.run(argv, { env: { GITHUB_ACTIONS: 'true' } });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('2 lines of the last 1h');
    expect(run.stdout).toMatch(/^ {4}2026-\S+Z AllTraffic\/i-1 ::add-mask::x$/m);
    expect(run.stdout).not.toMatch(/^\s*::add-mask::/m);
    expect(run.stdout + run.summary).not.toContain('\u001b');
    expect(run.summary).toContain('````text\n');
    const { lines } = JSON.parse((await endpoint.run([...argv, '--json'])).stdout) as { lines: unknown[] };
    expect(lines).toHaveLength(2);
  });

  test('B09 invoke sends the sample payload or a file, and prints the answer', async () => {
    const endpoint = await serving();
    const run = await endpoint.run(['invoke', ...target]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('answered 200');
    expect(run.stdout).toMatch(/^ {2}\{"predictions":\[\d,\d\]\}$/m);
    const file = 'test/constructs/sagemaker-endpoint/payload.json';
    const given = await endpoint.run(['invoke', ...target, '--payload', file, '--json']);
    expect(JSON.parse(given.stdout)).toMatchObject({ passed: true, answer: { status: 200 } });
    const missing = await endpoint.run(['invoke', ...target, '--payload', 'no/such.json']);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringContaining('--payload: got "no/such.json"'),
    ]);
  });

  test('B09 an error of the model is printed and ends with 1', async () => {
    const endpoint = await serving();
    endpoint.world.sagemaker.answer({ answer: { kind: 'refuses', status: 400, message: 'missing inputs' } });
    const run = await endpoint.run(['invoke', ...target]);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('missing inputs');
    expect(run.stderr).toContain('✖ InvocationRefused');
  });

  test('B09 rollback lists the releases with their models, goes to the one that is named, and verifies it', async () => {
    const endpoint = await serving();
    const first = endpoint.world.released('releasedConfig') ?? '';
    await endpoint.world.release(image('2'), OTHER_MODEL);
    const list = await endpoint.run(['rollback', ...target, '--list']);
    expect(list.stdout).toContain('2 stable versions to go back to');
    expect(list.summary).toContain('| version | time | status | stable | image | model |');
    const run = await endpoint.run(['rollback', ...target, '--revision', first]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('✔ answer schema');
    expect(endpoint.world.running).toEqual([image('1').toString()]);
    expect(endpoint.world.released('releasedModel')).toContain(MODEL);
  });
});
