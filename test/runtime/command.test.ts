import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { encodeManifest } from '../../contract';
import { image, REPOSITORY, World, type WorldOptions } from '../constructs/ecs-service/runtime/world';
import { deployArgs, manifest, outputsOf, runCommand } from './harness';

const worlds: World[] = [];

async function start(options?: WorldOptions): Promise<World> {
  const world = await new World(options).start();
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.stop();
});

const target = ['kvs-infer', '--environment', 'production'] as const;

describe('deploy', () => {
  test('A05 deploys, waits, verifies and ends with 0', async () => {
    const world = await start();
    const { code, stdout, stderr, output } = await runCommand(world, deployArgs('1'));
    expect(code).toBe(0);
    expect(stdout).toContain('kvs-infer in production: kvs-infer-production:2 runs');
    expect(stdout).toContain('✔ image of each task: 2 tasks run sha256:1111');
    expect(stderr).toContain('Wait for kvs-infer-production:2');
    // No terminal: plain lines, without colours or spinner frames.
    expect(stdout + stderr).not.toContain('\u001b');
    expect(outputsOf(output)).toEqual({
      // No account id: GitHub would drop the output, for the account id is masked.
      deployment: expect.stringMatching(/^[A-Za-z0-9_-]+$/) as unknown,
      version: 'kvs-infer-production:2',
      previous: '',
    });
  });

  test('A08 the summary shows image, version, what ran before, checks and timeline', async () => {
    const world = await start();
    await world.release(image('1'));
    const { summary } = await runCommand(world, deployArgs('2'));
    expect(summary).toContain('## ✅');
    expect(summary).toContain(`sha256:${'2'.repeat(64)}`);
    expect(summary).toContain('| before | <code>kvs-infer-production:2</code> |');
    expect(summary).toContain('| ✅ | health of each task | all healthy |');
    expect(summary).toContain('<details><summary>Timeline</summary>');
    expect(summary).toMatch(/\| 12:\d\d:\d\d \| registered kvs-infer-production:3/);
  });

  test('A08 a failure is diagnosed, in the log, as annotation and in the summary', async () => {
    const world = await start();
    await world.release(image('1'));
    world.behaves(image('f'), {
      kind: 'exits',
      code: 1,
      lines: ['::add-mask::x', '##[error]y', '| <script>```[a](http://evil.example)'],
    });
    const run = await runCommand(world, deployArgs('f'), { env: { GITHUB_ACTIONS: 'true' } });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(
      /^::error title=\d tasks%3A a container ended with exit code 1::read its last lines/m,
    );
    expect(run.stdout).toMatch(/^::error title=DeploymentFailed::/m);
    expect(run.stdout).toContain('::group::Diagnose\n');
    // What a container logs must not act as a workflow command, nor as Markdown.
    expect(run.stdout).not.toMatch(/^\s*::add-mask::/m);
    expect(run.stdout).not.toContain('##[');
    expect(run.summary).toContain('````text\n');
    expect(run.summary).toContain('**What to do:** read its last lines below');
    expect(outputsOf(run.output)).toMatchObject({
      previous: 'kvs-infer-production:2',
      version: 'kvs-infer-production:3',
    });
    expect(world.running).toEqual([image('1').toString()]);
  });

  test.each([
    [{ spec: { deployTimeoutMinutes: 5 } }, 'pullsForEver', 'DeploymentTimedOut'],
    [
      {
        instances: [
          { id: 'i-a', gpus: 1 },
          { id: 'i-b', gpus: 1 },
        ],
      },
      'healthy',
      'CapacityMissing',
    ],
  ] as const)('A05 ends with 1 and its own code (%#)', async (options, kind, expected) => {
    const world = await start(options);
    const spec = { ...world.spec, capacity: { ...(world.spec.capacity ?? never()), maxInstances: 2 } };
    await world.release(image('1'));
    world.behaves(image('2'), { kind });
    const targets = manifest().targets.map((entry) => ({ ...entry, spec }));
    const { code, stderr } = await runCommand(world, deployArgs('2'), {
      manifest: encodeManifest(manifest({ targets })),
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`✖ ${expected}`);
  });

  test('A05 fails when what runs is not what was deployed', async () => {
    const world = await start();
    const before = world.clock.now();
    // As soon as ECS calls it a success, one task more is wanted than there is room for.
    world.clock.onStep(() => {
      if (world.model.deployments.length < 2 || world.model.current?.status !== 'SUCCESSFUL') return;
      world.model.service.desired = 3;
      world.model.instances.splice(2);
    });
    const { code, stderr } = await runCommand(world, deployArgs('1'));
    expect(code).toBe(1);
    expect(stderr).toContain('✖ VerificationFailed');
    expect(stderr).toContain('running tasks: got 2 of 3 run');
    expect(world.clock.now() - before).toBeGreaterThan(2 * 60_000);
  });

  test('--json prints one document on stdout and events as lines on stderr', async () => {
    const world = await start();
    const { code, stdout, stderr } = await runCommand(world, [...deployArgs('1'), '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'deploy',
      passed: true,
      receipt: { state: 'started', version: { name: 'kvs-infer-production:2' } },
      outcome: { result: 'succeeded' },
      checks: expect.arrayContaining([
        { name: 'deployed version', passed: true, detail: expect.any(String) as unknown },
      ]) as unknown,
    });
    const events = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { code: string });
    expect(events.map(({ code: each }) => each)).toContain('deployment.started');
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('A05 %s ends it with %d; the next run takes the deployment up', async (name, expected) => {
    const world = await start();
    const first = await runCommand(world, deployArgs('1'), { signal: { name, after: 12 } });
    expect(first.code).toBe(expected);
    expect(first.stderr).toContain('✖ Interrupted');
    expect(first.stderr).toContain('it takes up the deployment where it is');
    const second = await runCommand(world, deployArgs('1'));
    expect(second.code).toBe(0);
    expect(outputsOf(second.output).deployment).toBe(outputsOf(first.output).deployment);
  });
});

describe('the other verbs', () => {
  test('A06 rollback after a failed deployment, with the outputs of the deploy job', async () => {
    const world = await start({ service: { breaker: { enable: true, rollback: false } } });
    await world.release(image('1'));
    world.behaves(image('f'), { kind: 'exits', code: 1 });
    const { deployment = '' } = outputsOf((await runCommand(world, deployArgs('f'))).output);
    const { code, stdout, summary } = await runCommand(world, [
      'rollback',
      ...target,
      '--deployment',
      deployment,
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('kvs-infer-production:2 runs again');
    expect(summary).toContain('| from | <code>kvs-infer-production:3</code> |');
    expect((await runCommand(world, ['verify', ...target])).code).toBe(0);
  });

  test('A06 a rollback that fails is diagnosed', async () => {
    const world = await start({ service: { breaker: { enable: true, rollback: false } } });
    await world.release(image('1'));
    world.behaves(image('f'), { kind: 'exits', code: 1 });
    await runCommand(world, deployArgs('f'));
    world.model.tasks = [];
    world.behaves(image('1'), { kind: 'cannotPull' });
    const { code, stdout, stderr, summary } = await runCommand(world, ['rollback', ...target]);
    expect(code).toBe(1);
    expect(stdout).toContain('tasks: the image does not exist in the registry');
    expect(stderr).toContain('✖ RollbackFailed');
    expect(summary).toContain('**RollbackFailed**');
  });

  test('A07 --list only lists the stable versions', async () => {
    const world = await start();
    for (const digit of ['1', '2']) await world.release(image(digit));
    const start_ = world.calls.length;
    const { code, stdout, summary } = await runCommand(world, ['rollback', ...target, '--list', '--json']);
    expect(code).toBe(0);
    expect(world.changesSince(start_)).toEqual([]);
    const { history } = JSON.parse(stdout) as { history: { version: { name: string } }[] };
    expect(history.map(({ version }) => version.name)).toEqual([
      'kvs-infer-production:3',
      'kvs-infer-production:2',
    ]);
    expect(summary).toContain('2 stable versions to go back to');
  });

  test('A07 an input that was left empty means the last stable version', async () => {
    const world = await start();
    await world.release(image('1'));
    const { code, stdout } = await runCommand(world, [
      'rollback',
      ...target,
      '--revision',
      '',
      '--deployment',
      '',
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain('nothing to do');
  });

  test('D03 an image that ran here is gone back to, and one that never did is refused with what to do', async () => {
    const world = await start();
    for (const digit of ['1', '2', '3']) await world.release(image(digit));
    const to = (digit: string) =>
      runCommand(world, ['rollback', ...target, '--revision', '', '--image', image(digit).toString()]);
    const back = await to('1');
    expect(back.code).toBe(0);
    expect(back.stdout).toContain('kvs-infer-production:2 runs again');
    expect(world.running).toEqual([image('1').toString()]);
    const unknown = await to('9');
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toContain('NoVersionOfImage');
    expect(unknown.stderr).toContain('it was never deployed here');
    expect(world.running).toEqual([image('1').toString()]);
  });

  test('wait follows the newest deployment, and refuses to wait for another', async () => {
    const world = await start();
    await world.deployer().deploy({ images: [image('1')] }, world.context());
    const other = await runCommand(world, ['wait', ...target, '--deployment', 'deployment9999']);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('✖ DeploymentSuperseded');
    expect((await runCommand(world, ['wait', ...target])).code).toBe(0);
  });

  test('B09 logs prints what the containers of a service wrote', async () => {
    const world = await start();
    await world.release(image('1'));
    world.behaves(image('f'), { kind: 'exits', code: 1, lines: ['no model here'] });
    await runCommand(world, deployArgs('f'));
    const { code, stdout } = await runCommand(world, ['logs', ...target, '--since', '1h', '--limit', '1']);
    expect(code).toBe(0);
    expect(stdout).toContain('1 line of the last 1h');
    expect(stdout).toMatch(/^ {2}2026-\S+Z app\/app\/\S+ no model here$/m);
  });

  test('status and diagnose', async () => {
    const world = await start();
    await world.release(image('1'));
    expect((await runCommand(world, ['status', ...target])).stdout).toContain('kvs-infer-production:2 runs');
    expect((await runCommand(world, ['diagnose', ...target])).stdout).toContain('nothing wrong was found');
    world.model.service.desired = 0;
    world.clock.pass(30);
    const verify = await runCommand(world, ['verify', ...target]);
    expect(verify.code).toBe(1);
    expect(verify.stderr).toContain('VerificationFailed');
  });

  test('status says which image was released, and where that is recorded', async () => {
    const world = await start();
    await world.release(image('1'));
    const { stdout } = await runCommand(world, ['status', ...target, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      facts: {
        'released image': image('1').toString(),
        'recorded in': 'SSM parameter /lockstep/production/kvs-infer/released-image',
      },
    });
  });

  test('an error that nobody has foreseen has a code of its own, and AWS is not blamed', async () => {
    const { code, stderr } = await runCommand(await start(), deployArgs('1'), { fullDisk: '/output' });
    expect(code).toBe(1);
    expect(stderr).toContain('✖ Unforeseen');
    expect(stderr).toContain('deploy: got Error: no space left');
    expect(stderr).not.toContain('AwsCallFailed');
  });

  test('a failure of AWS names the call, never a stack', async () => {
    const world = await start();
    world.server.faults.push({ action: /DescribeServices/, times: 9, kind: 'denied' });
    const { code, stderr, summary } = await runCommand(world, ['status', ...target]);
    expect(code).toBe(1);
    expect(stderr).toContain('ecs:DescribeServices: got AccessDeniedException');
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(summary).toContain('## ❌ AwsCallFailed');
    world.server.faults.push({ action: /DescribeServices/, times: 9, kind: 'denied' });
    const debug = await runCommand(world, ['status', ...target], { env: { LOCKSTEP_DEBUG: '1' } });
    expect(debug.stderr).toMatch(/^\s+at /m);
  });
});

const HUB = 'docker.io/octo-org/hub';

/** The workload has a second image, which Docker Hub keeps. */
const twoImages = ((): string => {
  const { images, targets, ...rest } = manifest();
  const second = images.map(({ context, dockerfile, platform, scan, attestations, constructPath }) => ({
    ...{ id: 'kvs-infer-hub', name: 'hub', context, dockerfile, platform, scan, attestations, constructPath },
    registry: 'dockerHub' as const,
    repository: { name: 'octo-org/hub', uri: HUB },
    username: 'octocat',
    tokenSecret: 'DOCKERHUB_TOKEN',
  }));
  return encodeManifest({
    ...rest,
    images: [...images, ...second],
    targets: targets.map((entry) => ({ ...entry, images: ['kvs-infer', 'kvs-infer-hub'] })),
  });
})();

describe('wrong usage', () => {
  const newer = JSON.stringify({ ...manifest(), schemaRevision: 99 });
  const otherKind = encodeManifest(
    manifest({ targets: manifest().targets.map((entry) => ({ ...entry, kind: 'abacus' })) }),
  );
  const noSpec = encodeManifest(
    manifest({ targets: manifest().targets.map((entry) => ({ ...entry, spec: { cluster: 1 } })) }),
  );
  const byRevisionOnly = encodeManifest(
    manifest({
      workloads: manifest().workloads.map((entry) => ({ ...entry, rollbackByCommit: false })),
    }),
  );
  test.each([
    [['status', 'nobody', '-e', 'production'], {}, 'UnknownWorkload', 'allowed: kvs-infer'],
    [['status', 'kvs-infer', '-e', 'moon'], {}, 'UnknownEnvironment', 'allowed: production'],
    [['status', ...target], { manifest: null }, 'ManifestMissing', 'root of the repository'],
    [['status', ...target], { manifest: '{' }, 'ManifestUnreadable', 'not JSON'],
    [['status', ...target], { manifest: newer }, 'ManifestTooNew', 'got 99'],
    [['status', ...target], { manifest: otherKind }, 'UnknownTargetKind', 'allowed: ecs-service'],
    [['status', ...target], { manifest: noSpec }, 'InvalidSpec', 'spec.cluster'],
    [['deploy', ...target, '--image', 'repo:latest'], {}, 'ImageWithoutDigest', 'got "repo:latest"'],
    [
      ['deploy', ...target, '--image', `other/repo@sha256:${'a'.repeat(64)}`],
      {},
      'ForeignImage',
      `allowed: ${REPOSITORY}`,
    ],
    [
      [...deployArgs('1'), '--model', 's3://models/model.tar.gz'],
      {},
      'InvalidArgument',
      'kvs-infer keeps no model apart from its image',
    ],
    [['invoke', ...target], {}, 'VerbNotSupported', 'kind ecs-service'],
    [['identity', ...target], {}, 'VerbNotSupported', 'allowed: deploy, rollback'],
    [['diff', ...target], {}, 'VerbNotSupported', '`npx cdk diff`'],
    [['logs', ...target, '--since', '15'], {}, 'InvalidArgument', 'a unit of s, m, h or d'],
    [['logs', ...target, '--limit', '0'], {}, 'InvalidArgument', 'from 1 to 10000'],
    [['image', 'find', 'kvs-infer'], {}, 'InvalidArgument', '--commit: got nothing'],
    [['image', 'find', 'kvs-infer', '-c', 'abcdef01234'], {}, 'InvalidArgument', 'twelve digits or more'],
    [
      ['rollback', ...target, '--revision', '2', '--image', image('1').toString()],
      {},
      'InvalidArgument',
      'allowed: one of them',
    ],
    [['rollback', ...target, '--image', `${REPOSITORY}:latest`], {}, 'ImageWithoutDigest', 'sha256'],
    [
      ['rollback', ...target, '--image', `other/repo@sha256:${'a'.repeat(64)}`],
      {},
      'ForeignImage',
      `allowed: ${REPOSITORY}`,
    ],
    [
      ['rollback', ...target, '--image', image('1').toString()],
      { manifest: byRevisionOnly },
      'InvalidArgument',
      'kvs-infer goes back by revision',
    ],
    [
      ['image', 'tag', 'kvs-infer', '-i', image('1').toString(), '--ref', 'main'],
      {},
      'InvalidArgument',
      'a full ref',
    ],
    [['image', 'find', 'nobody', '-c', 'abcdef012345'], {}, 'UnknownImage', 'allowed: kvs-infer'],
    [
      ['image', 'find', 'kvs-infer-hub', '-c', 'abcdef012345'],
      { manifest: twoImages },
      'VerbNotSupported',
      'an image that ECR keeps: kvs-infer',
    ],
    [
      [...deployArgs('1'), '--image', image('2').toString()],
      {},
      'InvalidArgument',
      `${REPOSITORY} more than once`,
    ],
    [deployArgs('1'), { manifest: twoImages }, 'InvalidArgument', `nothing of ${HUB}`],
    [
      [...deployArgs('1'), '--image', `other/repo@sha256:${'a'.repeat(64)}`],
      { manifest: twoImages },
      'ForeignImage',
      `allowed: ${HUB}`,
    ],
    [
      [
        'deploy',
        ...target,
        '--image',
        `a/a@sha256:${'a'.repeat(64)}`,
        '--image',
        `b/b@sha256:${'b'.repeat(64)}`,
      ],
      { manifest: twoImages },
      'ForeignImage',
      'got b/b',
    ],
    [['backup', ...target], {}, 'VerbNotSupported', 'kind ecs-service'],
  ] as const)('%j ends with 2 (%#)', async (argv, options, expected, part) => {
    const world = await start();
    const { code, stderr } = await runCommand(world, argv, options);
    expect(code).toBe(2);
    expect(stderr).toContain(`✖ ${expected}`);
    expect(stderr).toContain(part);
    expect(world.calls).toEqual([]);
  });

  test.each([
    [['deploy', 'kvs-infer']],
    [['status']],
    [['no-such-command']],
    [['status', ...target, '--wat']],
  ])('%j is refused with a hint at --help', async (argv) => {
    const { code, stderr } = await runCommand(await start(), argv);
    expect(code).toBe(2);
    expect(stderr).toContain('--help');
  });

  test.each([
    'deploy',
    'wait',
    'rollback',
    'diagnose',
    'verify',
    'status',
    'resolve',
    'identity',
    'diff',
    'logs',
    'invoke',
    'image find',
    'image tag',
  ])('%s --help has an example, its JSON form and its exit codes', async (command) => {
    const { code, stdout } = await runCommand(await start(), [...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`$ node .lockstep/cli.mjs ${command}`);
    expect(stdout).toContain('{ command, passed');
    expect(stdout).toMatch(/^ {2}0 +\S.*\n {2}1 +\S.*\n {2}2 {9}wrong usage/m);
  });
});

describe('image', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';

  test('A03 find says whether the image of a commit exists, and under which tag to push it', async () => {
    const world = await start();
    const env = { GITHUB_SHA: commit };
    const before = await runCommand(world, ['image', 'find', 'kvs-infer'], { env });
    expect(outputsOf(before.output)).toEqual({
      found: 'false',
      tag: `${REPOSITORY}:sha-0123456789ab`,
      image: '',
      digest: '',
    });
    const digest = world.registry.push('manifest', 'sha-0123456789ab');
    const after = await runCommand(world, ['image', 'find', 'kvs-infer'], { env });
    expect(outputsOf(after.output)).toEqual({
      found: 'true',
      tag: `${REPOSITORY}:sha-0123456789ab`,
      image: `${REPOSITORY}@${digest}`,
      digest,
    });
    expect([before.code, after.code]).toEqual([0, 0]);
  });

  test('D03 find fails for a commit without image where one is required', async () => {
    const world = await start();
    const find = () =>
      runCommand(world, ['image', 'find', 'kvs-infer', '--commit', '0123456789AB', '--required']);
    const missing = await find();
    expect([missing.code, missing.output]).toEqual([1, '']);
    expect(missing.stderr).toContain(`there is no ${REPOSITORY}:sha-0123456789ab`);
    const digest = world.registry.push('manifest', 'sha-0123456789ab');
    const found = await find();
    expect([found.code, outputsOf(found.output).digest]).toEqual([0, digest]);
  });

  test('A03 tag gives a release its tags, moves 1.2, and is harmless when it runs twice', async () => {
    const world = await start();
    const tag = (digest: string, ref: string) =>
      runCommand(world, ['image', 'tag', 'kvs-infer', '-i', `${REPOSITORY}@${digest}`], {
        env: { GITHUB_REF: ref },
      });
    const first = world.registry.push('one', 'sha-1111111');
    const second = world.registry.push('two', 'sha-2222222');
    expect((await tag(first, 'refs/tags/v1.2.3')).stdout).toContain('tagged v1.2.3, 1.2');
    expect((await tag(first, 'refs/tags/v1.2.3')).stderr).toContain('v1.2.3 was there already');
    expect((await tag(second, 'refs/tags/v1.2.4')).code).toBe(0);
    expect((await tag(second, 'refs/heads/main')).code).toBe(0);
    expect((await tag(second, 'refs/heads/feature')).stdout).toContain('gives no further tags');
    expect(Object.fromEntries(world.registry.tags)).toEqual({
      'sha-1111111': first,
      'sha-2222222': second,
      'v1.2.3': first,
      '1.2': second,
      'v1.2.4': second,
      latest: second,
    });
    const taken = await tag(second, 'refs/tags/v1.2.3');
    expect(taken.code).toBe(1);
    expect(taken.stderr).toContain('✖ TagTaken');
    const missing = await tag(`sha256:${'0'.repeat(64)}`, 'refs/heads/main');
    expect(missing.stderr).toContain('✖ ImageNotFound');
    expect(new Set(world.server.actions())).toEqual(
      new Set(['ecr:BatchGetImage', 'ecr:ListImages', 'ecr:PutImage']),
    );
  });
});

describe('the bundled program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('ends by itself, and with 143 after SIGTERM', async () => {
    const world = await start();
    mkdirSync(join(folder, '.lockstep'));
    writeFileSync(join(folder, '.lockstep/manifest.json'), encodeManifest(manifest()));
    buildSync({
      entryPoints: ['runtime/main.ts'],
      bundle: true,
      platform: 'node',
      target: 'node20',
      outfile: join(folder, 'cli.cjs'),
      logLevel: 'silent',
    });
    const environment = {
      PATH: process.env.PATH,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_ENDPOINT_URL: world.connection.endpoint,
    };
    const launch = (argv: readonly string[]) => {
      const child = spawn(process.execPath, [join(folder, 'cli.cjs'), ...argv], {
        cwd: folder,
        env: environment,
      });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
        if (stderr.includes('tasks run') && !child.killed) child.kill('SIGTERM');
      });
      return new Promise<{ code: number | null; stderr: string }>((resolve) =>
        child.on('close', (code) => resolve({ code, stderr })),
      );
    };
    expect(await launch(['status', ...target])).toEqual({ code: 0, stderr: '' });
    world.behaves(image('1'), { kind: 'pullsForEver' });
    const time = setInterval(() => world.clock.pass(1), 20);
    const stopped = await launch(deployArgs('1'));
    clearInterval(time);
    expect(stopped).toMatchObject({ code: 143, stderr: expect.stringContaining('✖ Interrupted') as unknown });
  }, 20_000);
});

function never(): never {
  throw new Error('the spec has a capacity');
}
