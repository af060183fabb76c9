import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGISTRY, Services } from './action-services';
import { type Job, job, lay, removeJobs, run } from './action-step';

const services = new Services();
const IMAGE = `${REGISTRY}/team/app`;

beforeAll(async () => {
  await services.start();
  services.makeRepository('team/app', 'IMMUTABLE');
  services.makeRepository('team/cache', 'MUTABLE');
});
beforeEach(() => {
  services.sts = ['session'];
  services.denied = [];
  services.asked.length = 0;
  services.registryCalls.length = 0;
});
afterAll(async () => {
  await services.stop();
  removeJobs();
});

describe('aws-actions/configure-aws-credentials', () => {
  const ACTION = 'aws-actions/configure-aws-credentials';
  const inputs = {
    'role-to-assume': 'arn:aws:iam::222222222222:role/deploy',
    'aws-region': 'us-east-1',
    'role-session-name': 'kvs-17',
    'role-duration-seconds': '2700',
    'allowed-account-ids': '222222222222',
    'mask-aws-account-id': 'true',
  };

  test('signs in with the token of the job, and signs out when it ends', async () => {
    const on = job(services.tokenEnv);
    await run(on, ACTION, inputs);
    expect(services.asked).toEqual([
      'AssumeRoleWithWebIdentity arn:aws:iam::222222222222:role/deploy kvs-17 2700 token for sts.amazonaws.com',
      'GetCallerIdentity',
    ]);
    expect(on.env).toMatchObject({
      AWS_ACCESS_KEY_ID: 'ASIA7',
      AWS_SESSION_TOKEN: 'session token',
      AWS_REGION: 'us-east-1',
    });
    expect(on.outputs).toEqual({ 'aws-account-id': '222222222222' });
    expect(on.masks).toEqual(
      expect.arrayContaining(['secret key', 'session token', 'ASIA7', '222222222222']),
    );
    await on.end();
    expect(on.env).toMatchObject({
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SESSION_TOKEN: '',
      AWS_REGION: '',
    });
  });

  test('uses the defaults of the action', async () => {
    await run(job(services.tokenEnv), ACTION, {
      'role-to-assume': 'arn:aws:iam::1:role/r',
      'aws-region': 'us-east-1',
    });
    expect(services.asked[0]).toContain('GitHubActions 3600');
  });

  test('tells what is missing without `id-token: write`', async () => {
    const on = job({ AWS_ENDPOINT_URL: services.tokenEnv.AWS_ENDPOINT_URL! });
    await expect(run(on, ACTION, inputs)).rejects.toThrow(
      'Credentials could not be loaded, please check your action inputs: Could not load credentials from any providers',
    );
    expect(on.log.join()).toContain('Did you mean to set the `id-token` permission?');
  });

  test('tries a refusal twelve times in virtual time, then gives up', async () => {
    services.sts = ['denied'];
    const on = job(services.tokenEnv);
    await expect(run(on, ACTION, inputs)).rejects.toThrow(
      'Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    );
    expect(services.asked).toHaveLength(12);
    expect(on.env.AWS_ACCESS_KEY_ID).toBeUndefined();
    services.asked.length = 0;
    await expect(run(on, ACTION, { ...inputs, 'disable-retry': 'true' })).rejects.toThrow(
      'Could not assume role',
    );
    expect(services.asked).toHaveLength(1);
  });

  test('gets over throttling', async () => {
    services.sts = ['throttled', 'throttled', 'throttled', 'throttled', 'session'];
    const on = job(services.tokenEnv);
    const start = on.clock.now();
    await run(on, ACTION, inputs);
    expect(services.asked).toHaveLength(6);
    expect(on.clock.now()).toBeGreaterThan(start + 2_000);
  });

  test('refuses another account than those that are allowed', async () => {
    await expect(
      run(job(services.tokenEnv), ACTION, { ...inputs, 'allowed-account-ids': '111111111111' }),
    ).rejects.toThrow(
      'The account ID of the provided credentials (222222222222) does not match any of the expected account IDs: 111111111111',
    );
  });

  test.each([
    [{ 'aws-region': 'us east' }, 'Region is not valid: us east'],
    [{ 'aws-region': '' }, 'Input required and not supplied: aws-region'],
    [{ 'role-to-assume': 'deploy' }, 'Source Account ID is needed'],
    [{ 'inline-session-policy': '{}' }, 'not rehearsed: aws-actions/configure-aws-credentials'],
  ])('refuses %j', async (wrong, message) => {
    await expect(run(job(services.tokenEnv), ACTION, { ...inputs, ...wrong })).rejects.toThrow(message);
  });

  test('speaks to this machine only', async () => {
    const env = { ...services.tokenEnv, AWS_ENDPOINT_URL: 'https://sts.amazonaws.com' };
    await expect(run(job(env), ACTION, { ...inputs, 'disable-retry': 'true' })).rejects.toThrow(
      'this machine only',
    );
    const secret = { ...services.tokenEnv, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'wrong' };
    await expect(run(job(secret), ACTION, { ...inputs, 'disable-retry': 'true' })).rejects.toThrow(
      'getIDToken call failed',
    );
  });
});

describe('images', () => {
  const ACTION = 'docker/build-push-action';
  const cache = `type=registry,ref=${REGISTRY}/team/cache:buildcache`;
  const inputs = {
    context: 'app',
    file: 'app/Dockerfile',
    push: 'true',
    provenance: 'false',
    tags: `${IMAGE}:one`,
  };

  /** A job with a build context, signed in to AWS and the registry. */
  async function builder(files: Readonly<Record<string, string>> = {}): Promise<Job> {
    const on = job(services.signedIn);
    lay(on.workspace, { 'app/Dockerfile': 'FROM scratch\n', 'app/main.py': 'print()', ...files });
    await run(on, 'aws-actions/amazon-ecr-login', { registries: '222222222222' });
    await run(on, 'docker/setup-buildx-action');
    return on;
  }

  test('are pushed, found by the digest that the build names, and scanned', async () => {
    const on = await builder();
    expect(on.outputs.registry).toBe(REGISTRY);
    await run(on, ACTION, { ...inputs, 'cache-from': cache, 'cache-to': `${cache},mode=max` });
    const { digest = '' } = on.outputs;
    expect(services.ecr.tags(IMAGE).get('one')).toBe(digest);
    expect(services.ecr.tags(`${REGISTRY}/team/cache`).has('buildcache')).toBe(true);
    expect(new Set(services.asked)).toEqual(
      new Set([
        'ecr:GetAuthorizationToken',
        ...['BatchCheckLayerAvailability', 'BatchGetImage'].map((name) => `ecr:${name}`),
        ...['InitiateLayerUpload', 'UploadLayerPart', 'CompleteLayerUpload', 'PutImage'].map(
          (name) => `ecr:${name}`,
        ),
      ]),
    );
    expect(JSON.parse(on.outputs.metadata ?? '')).toMatchObject({
      'containerimage.digest': digest,
      'image.name': `${IMAGE}:one`,
    });
    await on.end();
    expect(readFileSync(join(on.folder, '.docker/config.json'), 'utf8')).not.toContain(REGISTRY);

    services.asked.length = 0;
    const scanner = job(services.signedIn);
    await run(scanner, 'aquasecurity/trivy-action', {
      'image-ref': `${IMAGE}@${digest}`,
      format: 'sarif',
      output: 'trivy.sarif',
      'exit-code': '1',
    });
    expect(new Set(services.asked)).toEqual(
      new Set(['ecr:GetAuthorizationToken', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']),
    );
    expect(JSON.parse(readFileSync(join(scanner.workspace, 'trivy.sarif'), 'utf8')).runs[0].results).toEqual(
      [],
    );
  });

  test('of the same files have the same digest; other files give another, and an immutable tag is refused', async () => {
    const first = await builder();
    await run(first, ACTION, inputs);
    const again = await builder();
    services.registryCalls.length = 0;
    await run(again, ACTION, inputs);
    expect(again.outputs.digest).toBe(first.outputs.digest);
    expect(services.registryCalls.filter((call) => !call.startsWith('HEAD'))).toEqual([]);
    const changed = await builder({ 'app/main.py': 'print(2)' });
    await expect(run(changed, ACTION, inputs)).rejects.toThrow(
      /^buildx failed with: ERROR: failed to build: failed to solve: failed to push .*:one: .*already exists/,
    );
    expect(changed.outputs.digest).toBeUndefined();
  });

  test('A10 tell what they were built with', async () => {
    const on = await builder();
    const tags = `${REGISTRY}/team/cache:cell`;
    await run(on, ACTION, { ...inputs, tags, 'build-args': 'CUDA=12.6.3\nFLAGS=a=b\n' });
    expect(services.ecr.buildArguments(tags)).toEqual({ CUDA: '12.6.3', FLAGS: 'a=b' });
    await run(on, ACTION, { ...inputs, tags: `${REGISTRY}/team/cache:bare` });
    expect(services.ecr.buildArguments(`${REGISTRY}/team/cache:bare`)).toEqual({});
  });

  test.each([
    [{ 'build-args': 'A=1' }],
    [{ target: 'test' }],
    [{ labels: 'a=b' }],
    [{ platforms: 'linux/arm64' }],
    [{ platforms: 'linux/amd64,linux/arm64' }],
    [{ provenance: 'true' }],
  ])('differ with %j', async (more) => {
    const plain = await builder();
    await run(plain, ACTION, { ...inputs, tags: `${REGISTRY}/team/cache:x` });
    const on = await builder();
    await run(on, ACTION, { ...inputs, tags: `${REGISTRY}/team/cache:x`, ...more });
    expect(on.outputs.digest).not.toBe(plain.outputs.digest);
    await run(on, 'aquasecurity/trivy-action', { 'image-ref': `${REGISTRY}/team/cache:x` });
    expect(on.log.at(-1)).toContain('0 vulnerabilities');
  });

  test.each([
    [{ context: 'nowhere' }, 'unable to prepare context: path "nowhere" not found'],
    [
      { file: 'app/Containerfile' },
      'failed to read dockerfile: open Containerfile: no such file or directory',
    ],
    [{ file: 'app/main.py' }, 'file with no instructions'],
    [{ context: '' }, 'not rehearsed: docker/build-push-action with a Git context'],
    [{ tags: '' }, 'tag is needed when pushing to registry'],
    [{ tags: 'ghcr.io/acme/app:1' }, 'not rehearsed: the registry ghcr.io'],
    [{ tags: `${REGISTRY}/Team/App` }, 'invalid reference format'],
    [{ tags: `${REGISTRY}/team/unknown:1` }, 'name unknown'],
    [{ 'cache-to': 'type=gha' }, 'a cache of type "gha"'],
    [{ load: 'true' }, 'not rehearsed: docker/build-push-action with the input "load"'],
  ])('fail with %j', async (wrong, message) => {
    await expect(run(await builder(), ACTION, { ...inputs, ...wrong })).rejects.toThrow(message);
  });

  test('are not pushed without login, permission or registry', async () => {
    const stranger = job(services.signedIn);
    lay(stranger.workspace, { 'app/Dockerfile': 'FROM scratch\n' });
    await expect(run(stranger, ACTION, inputs)).rejects.toThrow(/failed to push .*401|unauthorized/);
    const on = await builder({ 'app/main.py': 'print(3)' });
    services.denied = ['ecr:UploadLayerPart'];
    await expect(run(on, ACTION, { ...inputs, tags: `${IMAGE}:three` })).rejects.toThrow(
      /failed to push .*ecr:UploadLayerPart/,
    );
    services.denied = [];
  });

  test('need a builder for caches and several platforms', async () => {
    const on = job(services.signedIn);
    lay(on.workspace, { 'app/Dockerfile': 'FROM scratch\n' });
    await expect(run(on, ACTION, { ...inputs, 'cache-to': cache })).rejects.toThrow(
      'Cache export is not supported',
    );
    const two = { ...inputs, platforms: 'linux/amd64,linux/arm64' };
    await expect(run(on, ACTION, two)).rejects.toThrow('Multi-platform build is not supported');
  });

  test('are built without a cache that is refused, but not without one that cannot be written', async () => {
    const on = await builder();
    services.denied = ['ecr:BatchGetImage'];
    await run(on, ACTION, { ...inputs, push: 'false', 'cache-from': cache });
    expect(on.log.join('\n')).toContain('failed to configure registry cache importer');
    expect(on.outputs.digest).toBeUndefined();
    services.denied = ['ecr:BatchCheckLayerAvailability'];
    const written = { ...inputs, push: 'false', 'cache-to': cache };
    await expect(run(on, ACTION, written)).rejects.toThrow('error writing manifest blob');
    await run(on, ACTION, { ...written, 'cache-to': `${cache},ignore-error=true` });
  });

  test('cannot be logged in for without permission', async () => {
    services.denied = ['ecr:GetAuthorizationToken'];
    await expect(run(job(services.signedIn), 'aws-actions/amazon-ecr-login')).rejects.toThrow(
      'not authorized',
    );
    const nobody = job({ AWS_ENDPOINT_URL: services.signedIn.AWS_ENDPOINT_URL!, AWS_REGION: 'us-east-1' });
    await expect(run(nobody, 'aws-actions/amazon-ecr-login')).rejects.toThrow('Could not load credentials');
  });

  describe('with findings', () => {
    const SCAN = 'aquasecurity/trivy-action';
    const findings = [
      { id: 'CVE-2026-1', severity: 'HIGH' },
      { id: 'CVE-2026-2', severity: 'LOW' },
    ] as const;
    const scan = {
      'image-ref': `${IMAGE}:one`,
      format: 'sarif',
      output: 't.sarif',
      severity: 'CRITICAL,HIGH',
      'exit-code': '1',
    };
    const ids = (on: Job): string[] =>
      JSON.parse(readFileSync(join(on.workspace, 't.sarif'), 'utf8')).runs[0].results.map(
        (result: { ruleId: string }) => result.ruleId,
      );

    test('the scan fails, and writes those that count', async () => {
      const on = job(services.signedIn);
      const limited = { ...scan, 'limit-severities-for-sarif': 'true' };
      await expect(run(on, SCAN, limited, { findings })).rejects.toThrow(
        'Process completed with exit code 1.',
      );
      expect(ids(on)).toEqual(['CVE-2026-1']);
      await run(on, SCAN, { ...limited, severity: 'CRITICAL' }, { findings });
      await run(on, SCAN, { ...limited, 'exit-code': '0' }, { findings });
    });

    test('severities mean nothing for SARIF unless the step says so', async () => {
      const on = job(services.signedIn);
      await expect(run(on, SCAN, { ...scan, severity: 'CRITICAL' }, { findings })).rejects.toThrow(
        'exit code 1',
      );
      expect(ids(on)).toEqual(['CVE-2026-1', 'CVE-2026-2']);
    });

    test('the bill of materials is written whatever was found, with the Trivy of an earlier step', async () => {
      const on = job(services.signedIn);
      const sbom = {
        'image-ref': `${IMAGE}:one`,
        format: 'cyclonedx',
        output: 'sbom.json',
        'skip-setup-trivy': 'true',
      };
      await expect(run(on, SCAN, sbom, { findings })).rejects.toThrow('exit code 127');
      await run(on, SCAN, { ...sbom, 'skip-setup-trivy': 'false' }, { findings });
      await run(on, SCAN, sbom, { findings });
      expect(JSON.parse(readFileSync(join(on.workspace, 'sbom.json'), 'utf8')).components).toHaveLength(2);
    });

    test.each([
      [{ severity: 'URGENT' }, 'unknown severity option: URGENT'],
      [{ format: 'spdx' }, 'the format "spdx"'],
      [{ 'image-ref': `${IMAGE}:gone` }, 'exit code 1'],
      [{ 'scan-type': 'fs' }, 'not rehearsed'],
    ])('refuses %j', async (wrong, message) => {
      const more = { ...scan, 'limit-severities-for-sarif': 'true', ...wrong };
      await expect(run(job(services.signedIn), SCAN, more)).rejects.toThrow(message);
    });
  });
});

describe('actions/attest', () => {
  const digest = `sha256:${'b'.repeat(64)}`;
  const inputs = { 'subject-name': IMAGE, 'subject-digest': digest };
  const allowed = { 'id-token': 'write', attestations: 'write' };

  test('names what it attested', async () => {
    const on = job(services.tokenEnv, allowed);
    await run(on, 'actions/attest', inputs);
    expect(on.outputs['attestation-url']).toBe('https://github.com/acme/platform/attestations/1');
    expect(on.summaries.join()).toContain('attestations/1');
    lay(on.workspace, { 'sbom.json': '{"bomFormat":"CycloneDX"}' });
    await run(on, 'actions/attest', { ...inputs, 'sbom-path': 'sbom.json' });
    expect(readFileSync(on.outputs['bundle-path'] ?? '', 'utf8')).toContain('https://cyclonedx.org/bom');
  });

  test.each([
    [{ 'subject-digest': '' }, 'One of subject-path, subject-digest, or subject-checksums must be provided'],
    [{ 'subject-digest': 'latest' }, 'subject-digest must be in the format'],
    [{ 'subject-name': '' }, 'subject-name must be provided'],
    [{ 'sbom-path': 'gone.json' }, 'SBOM file not found: gone.json'],
    [{ 'sbom-path': 'other.json' }, 'Unsupported SBOM format'],
    [{ 'push-to-registry': 'true' }, 'not rehearsed'],
  ])('refuses %j', async (wrong, message) => {
    const on = job(services.tokenEnv, allowed);
    lay(on.workspace, { 'other.json': '[]' });
    await expect(run(on, 'actions/attest', { ...inputs, ...wrong })).rejects.toThrow(message);
  });

  test('needs both of its permissions', async () => {
    await expect(run(job({}, allowed), 'actions/attest', inputs)).rejects.toThrow(
      'missing "id-token" permission',
    );
    const reader = job(services.tokenEnv, { attestations: 'read' });
    await expect(run(reader, 'actions/attest', inputs)).rejects.toThrow(
      'Resource not accessible by integration',
    );
  });
});
