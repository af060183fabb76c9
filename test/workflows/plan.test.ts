import type { DeployManifest } from '../../contract';
import { planPipelines, type PipelinePlan, type PlannedJob } from '../../workflows';
import { manifest, withImage, withWorkload } from '../fixtures/manifest';

const planOf = (whole: DeployManifest, file: string): PipelinePlan => {
  const found = planPipelines(whole).find((plan) => plan.file === `.github/workflows/${file}`);
  if (!found) throw new Error(`no ${file}`);
  return found;
};
const deliveryOf = (whole: DeployManifest = manifest()) => planOf(whole, 'kvs-infer-deploy.yml');
const rollbackOf = (whole: DeployManifest = manifest()) => planOf(whole, 'kvs-infer-rollback.yml');
const jobOf = (plan: PipelinePlan, id: string): PlannedJob => {
  const found = plan.jobs.find((job) => job.id === id);
  if (!found) throw new Error(`no job ${id} in ${plan.file}`);
  return found;
};
const edges = (plan: PipelinePlan) => Object.fromEntries(plan.jobs.map(({ id, needs }) => [id, needs]));
const stepNames = (job: PlannedJob) => job.steps.map(({ name }) => name);
const inputsOf = (job: PlannedJob, action: string) =>
  job.steps.flatMap((step) => (step.kind === 'uses' && step.uses === action ? [step.with] : []));
const commandsOf = (job: PlannedJob) =>
  job.steps.flatMap((step) => (step.kind === 'command' ? [step.command.verb] : []));
const actionsOf = (jobs: readonly PlannedJob[]) =>
  [
    ...new Set(jobs.flatMap((job) => job.steps.flatMap((step) => step.calls.map(({ action }) => action)))),
  ].sort();

describe('the delivery', () => {
  test('A01 starts on the branch, on release tags and by hand', () => {
    expect(deliveryOf().triggers).toEqual({
      push: {
        branches: ['main'],
        tags: ['v*'],
        paths: [
          'services/kvs-infer/**',
          'platform.config.ts',
          '.lockstep/**',
          '.github/workflows/kvs-infer-deploy.yml',
        ],
      },
      dispatch: {
        inputs: {
          environment: {
            type: 'choice',
            description: expect.stringContaining('up to and including'),
            options: ['staging', 'production'],
          },
        },
      },
    });
  });

  test('A05 A06 orders its jobs: build once, then staging before production, each with a way back', () => {
    expect(edges(deliveryOf())).toEqual({
      test: [],
      build: ['test'],
      scan: ['build'],
      attest: ['build', 'scan'],
      'deploy-staging': ['build'],
      'rollback-staging': ['deploy-staging'],
      'deploy-production': ['build', 'deploy-staging'],
      'rollback-production': ['deploy-production'],
    });
  });

  test('A04 lets a finding stop the deployments when the policy says so', () => {
    const blocking = deliveryOf(
      withImage({ scan: { severities: ['HIGH'], blocks: true, codeScanning: true } }),
    );
    expect(edges(blocking)).toMatchObject({
      'deploy-staging': ['build', 'scan'],
      'deploy-production': ['build', 'scan', 'deploy-staging'],
    });
    const [exits] = inputsOf(jobOf(blocking, 'scan'), 'aquasecurity/trivy-action');
    expect(exits).toMatchObject({ 'exit-code': '1', severity: 'HIGH', 'limit-severities-for-sarif': true });
    const [reports] = inputsOf(jobOf(deliveryOf(), 'scan'), 'aquasecurity/trivy-action');
    expect(reports).toMatchObject({ 'exit-code': '0', severity: 'CRITICAL,HIGH' });
  });

  test('A04 uploads findings that stop the delivery too', () => {
    const upload = jobOf(deliveryOf(), 'scan').steps.find(
      (step) => step.kind === 'uses' && step.uses === 'github/codeql-action/upload-sarif',
    );
    expect(upload?.condition).toBe("success() || steps.scan.outcome == 'failure'");
  });

  test('A04 keeps findings as an artifact where code scanning is not to be had', () => {
    const scan = jobOf(
      deliveryOf(withImage({ scan: { severities: ['HIGH'], blocks: true, codeScanning: false } })),
      'scan',
    );
    expect(scan.permissions.map(({ scope }) => scope)).toEqual(['id-token']);
    expect(inputsOf(scan, 'actions/upload-artifact')[0]).toMatchObject({ path: 'trivy.sarif' });
    expect(inputsOf(scan, 'github/codeql-action/upload-sarif')).toEqual([]);
  });

  test('A04 attests provenance and bill of materials only where the plan of the account allows it', () => {
    expect(inputsOf(jobOf(deliveryOf(), 'attest'), 'actions/attest')).toEqual([
      expect.not.objectContaining({ 'sbom-path': expect.anything() }),
      expect.objectContaining({ 'sbom-path': 'sbom.cdx.json', 'create-storage-record': false }),
    ]);
    const without = deliveryOf(withImage({ attestations: false }));
    expect(without.jobs.map(({ id }) => id)).not.toContain('attest');
    expect(JSON.stringify(without)).not.toContain('sbom.cdx.json');
  });

  test('A02 runs the unit tests in a job that cannot sign in', () => {
    const job = jobOf(deliveryOf(), 'test');
    expect(job.role).toBeUndefined();
    expect(job.permissions.map(({ scope, access }) => `${scope}: ${access}`)).toEqual(['contents: read']);
    expect(inputsOf(job, 'actions/setup-python')).toMatchObject([
      {
        'python-version': '3.11',
        cache: { value: 'pip' },
        'cache-dependency-path': 'services/kvs-infer/requirements-dev.txt',
      },
    ]);
    expect(job.steps).toContainEqual(
      expect.objectContaining({ run: 'python -m pytest', workingDirectory: 'services/kvs-infer' }),
    );
  });

  test('A02 has no test job when the workload declares no tests', () => {
    const plan = deliveryOf(withWorkload({ quality: undefined }));
    expect(edges(plan)).toMatchObject({ build: [] });
    expect(plan.jobs.map(({ id }) => id)).not.toContain('test');
  });

  test('A02 A03 builds once with full history and a layer cache, and tags by the command', () => {
    const job = jobOf(deliveryOf(), 'build');
    expect(commandsOf(job)).toEqual(['image find', 'image tag']);
    expect(inputsOf(job, 'actions/checkout')).toEqual([{ 'fetch-depth': 0, 'persist-credentials': false }]);
    const [build] = inputsOf(job, 'docker/build-push-action');
    expect(build).toMatchObject({
      platforms: 'linux/amd64',
      push: true,
      tags: '${{ steps.find.outputs.tag }}',
    });
    expect(build?.['cache-to']).toBe(
      `${String(build?.['cache-from'])},mode=max,image-manifest=true,oci-mediatypes=true`,
    );
    expect(job.concurrency).toEqual({ group: 'kvs-infer-build-${{ github.sha }}', cancelInProgress: false });
    const conditional = job.steps.filter(
      ({ condition }) => condition === "steps.find.outputs.found != 'true'",
    );
    expect(conditional.map(({ name }) => name)).toEqual(['Set up Buildx', 'Build and push kvs-infer']);
  });

  test('A02 checks the ref before it signs in', () => {
    const names = stepNames(jobOf(deliveryOf(), 'build'));
    expect(names.indexOf('Refuse a ref that may not be released')).toBe(0);
    expect(names.indexOf('Sign in to AWS')).toBeGreaterThan(0);
  });

  test('A03 hands on the digest alone, for GitHub drops outputs with a masked account id', () => {
    expect(jobOf(deliveryOf(), 'build').outputs).toEqual({ digest: '${{ steps.image.outputs.digest }}' });
    for (const plan of planPipelines(manifest())) {
      for (const job of plan.jobs) expect(JSON.stringify(job.outputs)).not.toMatch(/\d{12}/);
    }
  });

  test('A05 deploys the same digest everywhere', () => {
    const image = '111111111111.dkr.ecr.us-east-1.amazonaws.com/kvs-infer@${{ needs.build.outputs.digest }}';
    for (const id of ['deploy-staging', 'deploy-production']) {
      const step = jobOf(deliveryOf(), id).steps.find(({ kind }) => kind === 'command');
      expect(step?.env).toEqual({ IMAGE: image });
    }
  });

  test('A05 goes up to the chosen environment and no further', () => {
    const three = manifest();
    const extended: DeployManifest = {
      ...three,
      environments: [...three.environments, { ...three.environments[1]!, name: 'canada' }],
      targets: [...three.targets, { ...three.targets[1]!, id: 'kvs-infer-canada', environment: 'canada' }],
      workloads: [{ ...three.workloads[0]!, environments: ['staging', 'production', 'canada'] }],
    };
    const plan = deliveryOf(extended);
    expect(jobOf(plan, 'deploy-staging').condition).toBeUndefined();
    expect(jobOf(plan, 'deploy-production').condition).toBe(
      "github.event_name == 'push' || inputs.environment == 'production' || inputs.environment == 'canada'",
    );
    expect(jobOf(plan, 'deploy-canada').condition).toBe(
      "github.event_name == 'push' || inputs.environment == 'canada'",
    );
  });

  test('A05 enters each environment by its own role and protection', () => {
    expect(jobOf(deliveryOf(), 'deploy-production')).toMatchObject({
      environment: 'production',
      role: { id: 'kvs-infer-deploy-production', sessionMinutes: 45 },
      timeoutMinutes: 45,
      concurrency: { group: 'kvs-infer-production', cancelInProgress: false },
    });
  });

  test('A06 rolls back exactly when that deployment failed, and waits for nobody', () => {
    const job = jobOf(deliveryOf(), 'rollback-production');
    expect(job).toMatchObject({
      condition: "failure() && needs.deploy-production.result == 'failure'",
      environment: 'production-rollback',
      role: { id: 'kvs-infer-rollback-production' },
    });
    expect(commandsOf(job)).toEqual(['rollback', 'verify']);
    expect(jobOf(deliveryOf(), 'rollback-staging')).toMatchObject({
      environment: 'staging',
      role: { id: 'kvs-infer-deploy-staging' },
    });
  });

  test('A06 never shares a group with a deployment that may wait for approval', () => {
    const groups = [...deliveryOf().jobs, ...rollbackOf().jobs].map(({ concurrency }) => concurrency.group);
    expect(new Set(groups).size).toBe(groups.length);
  });
});

describe('the rollback by hand', () => {
  test('A07 takes environment and revision, and fixes role and environment in the file', () => {
    const plan = rollbackOf();
    expect(plan.triggers).toMatchObject({
      dispatch: {
        inputs: { environment: { options: ['staging', 'production'] }, revision: { type: 'string' } },
      },
    });
    expect(
      plan.jobs.map(({ id, condition, environment, role }) => [id, condition, environment, role?.id]),
    ).toEqual([
      ['rollback-staging', "inputs.environment == 'staging'", 'staging', 'kvs-infer-deploy-staging'],
      [
        'rollback-production',
        "inputs.environment == 'production'",
        'production',
        'kvs-infer-deploy-production',
      ],
    ]);
  });

  test('A07 lists the stable revisions without one, and goes back and verifies with one', () => {
    const steps = jobOf(rollbackOf(), 'rollback-production').steps.filter(({ kind }) => kind === 'command');
    expect(steps.map(({ name, condition }) => [name, condition])).toEqual([
      ['List the stable revisions in the summary', "inputs.revision == ''"],
      ['Roll back to the revision', "inputs.revision != ''"],
      ['Verify what runs now', "inputs.revision != ''"],
    ]);
    expect(steps[0]?.calls.map(({ action }) => action)).toEqual(['toy:Status']);
  });
});

describe('every planned job', () => {
  const jobs = planPipelines(manifest()).flatMap((plan) => plan.jobs.map((job) => ({ plan, job })));

  test.each(jobs.map(({ plan, job }) => [`${plan.file} ${job.id}`, job] as const))(
    '%s is well formed',
    (_, job) => {
      expect(job.name).not.toBe('');
      expect(job.timeoutMinutes).toBeGreaterThan(0);
      expect(job.permissions.map(({ scope }) => scope)).toHaveLength(
        new Set(job.permissions.map(({ scope }) => scope)).size,
      );
      for (const { reason } of job.permissions) expect(reason).toMatch(/^\S.{9,}$/);
      const signIns = inputsOf(job, 'aws-actions/configure-aws-credentials');
      expect(signIns).toHaveLength(job.role ? 1 : 0);
      if (job.role) {
        expect(job.permissions.map(({ scope }) => scope)).toContain('id-token');
        expect(job.role.sessionMinutes).toBeGreaterThanOrEqual(job.timeoutMinutes);
        expect(signIns[0]?.['role-duration-seconds']).toBe(job.role.sessionMinutes * 60);
        const role = manifest().roles.find(({ id }) => id === job.role?.id);
        expect(signIns[0]).toMatchObject({
          'role-to-assume': role?.arn,
          'allowed-account-ids': role?.account,
        });
        expect(role?.environment).toBe(job.environment);
      }
      if (job.steps.some(({ calls }) => calls.length > 0)) expect(job.role).toBeDefined();
      const steps = job.steps.flatMap(({ id }) => id ?? []);
      expect(new Set(steps).size).toBe(steps.length);
    },
  );

  test('nothing that deploys is cancelled by a later run', () => {
    const deploying = jobs.filter(({ job }) => job.role).map(({ job }) => job.concurrency.cancelInProgress);
    expect(new Set(deploying)).toEqual(new Set([false]));
  });

  test('the session name fits into 64 characters even for long names', () => {
    const long = 'a'.repeat(60);
    const plans = planPipelines(manifest({ workloads: [long] }));
    const names = plans.flatMap((plan) =>
      plan.jobs.flatMap((job) =>
        inputsOf(job, 'aws-actions/configure-aws-credentials').map((input) => input['role-session-name']),
      ),
    );
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect(String(name).replace('${{ github.run_id }}', '9'.repeat(20)).length).toBeLessThanOrEqual(64);
    }
  });

  test('calls of the build and scan jobs are those that the registry grants, no more and no fewer', () => {
    const image = manifest().images[0]!;
    const granted = (calls: typeof image.calls.publish) =>
      [...new Set(calls.map(({ action }) => action))].sort();
    expect(actionsOf([jobOf(deliveryOf(), 'build')])).toEqual(granted(image.calls.publish));
    expect(actionsOf([jobOf(deliveryOf(), 'scan')])).toEqual(granted(image.calls.scan));
  });

  test('calls of the commands are those of the verbs behind them', () => {
    expect(actionsOf([jobOf(deliveryOf(), 'deploy-staging')])).toEqual([
      'toy:Deploy',
      'toy:Diagnose',
      'toy:Verify',
      'toy:Wait',
    ]);
    expect(actionsOf([jobOf(deliveryOf(), 'rollback-staging')])).toEqual([
      'toy:Diagnose',
      'toy:Rollback',
      'toy:Verify',
    ]);
  });
});

describe('fails', () => {
  const whole = manifest();
  const [first] = whole.targets;

  test.each<[string, DeployManifest, string, RegExp]>([
    [
      'when the image is not declared',
      withWorkload({ image: 'other' }),
      'DanglingReference',
      /got other; allowed: kvs-infer/,
    ],
    ['when a workload has no image', withWorkload({ image: undefined }), 'DanglingReference', /got nothing/],
    [
      'when a role is not declared',
      withImage({ publishRole: 'nobody' }),
      'DanglingReference',
      /publishRole: got nobody/,
    ],
    [
      'when an environment has no target',
      withWorkload({ environments: ['moon'] }),
      'DanglingReference',
      /got moon/,
    ],
    [
      'when two targets answer to one environment',
      { ...whole, targets: [...whole.targets, { ...first!, id: 'twin', constructPath: 'Twin' }] },
      'DuplicateEntry',
      /Service\/staging\/kvs-infer and Twin/,
    ],
    [
      'when a job outlives the longest session of its role',
      { ...whole, targets: whole.targets.map((target) => ({ ...target, deployTimeoutMinutes: 50 })) },
      'SessionTooShort',
      /timeout of 65 minutes; allowed: at most 60 minutes/,
    ],
    [
      'when a tag pattern is read in different ways',
      withWorkload({ releaseTags: ['v[0-9]+'] }),
      'UnsupportedTagPattern',
      /v\[0-9\]\+/,
    ],
    [
      'when the registry freezes the tag of the cache',
      withImage({ immutableTags: ['sha-*', 'build*'] }),
      'CacheTagNotMovable',
      /got build\*/,
    ],
  ])('%s', (_, faulty, code, message) => {
    expect(() => planPipelines(faulty)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});
