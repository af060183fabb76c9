import type { NodeQuality } from '../../contract';
import { planPipelines } from '../../workflows';
import { manifest, withImage, withWorkload } from '../fixtures/manifest';
import {
  commandsOf,
  deliveryOf,
  edges,
  inputsOf,
  jobOf,
  permissionsOf,
  pythonOf,
  scriptsOf,
  stepNames,
} from './planned';

const REPOSITORY = '222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/kvs-infer';

const NODE = {
  language: 'node',
  version: '22',
  directory: 'services/devops-day3-app',
  scripts: ['lint', 'test'],
} as const satisfies NodeQuality;

describe('the delivery up to the image', () => {
  test('A01 starts on the branch, on release tags and by hand', () => {
    expect(deliveryOf().triggers).toEqual({
      push: {
        branches: ['main'],
        tags: ['v*'],
        paths: ['services/kvs-infer/**', 'platform.config.ts', '.github/workflows/kvs-infer-deploy.yml'],
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
      'deploy-staging': ['build', 'scan'],
      'rollback-staging': ['deploy-staging'],
      'deploy-production': ['build', 'scan', 'deploy-staging'],
      'rollback-production': ['deploy-production'],
    });
  });

  test('A04 lets a finding stop the deployments when the policy says so, and only then', () => {
    const scan = { severities: ['HIGH', 'MEDIUM'], codeScanning: true } as const;
    const blocking = deliveryOf(withImage({ scan: { ...scan, blocks: true } }));
    expect(edges(blocking)).toMatchObject({
      'deploy-staging': ['build', 'scan'],
      'deploy-production': ['build', 'scan', 'deploy-staging'],
    });
    const [exits] = inputsOf(jobOf(blocking, 'scan'), 'aquasecurity/trivy-action');
    expect(exits).toMatchObject({ 'exit-code': '1', severity: 'HIGH,MEDIUM' });
    const reporting = deliveryOf(withImage({ scan: { ...scan, blocks: false } }));
    expect(edges(reporting)).toMatchObject({
      'deploy-staging': ['build'],
      'deploy-production': ['build', 'deploy-staging'],
    });
    const [reports] = inputsOf(jobOf(reporting, 'scan'), 'aquasecurity/trivy-action');
    expect(reports).toMatchObject({ 'exit-code': '0', severity: 'HIGH,MEDIUM' });
  });

  test('A04 scans the digest that was built, for each severity of the policy, with or without a fix', () => {
    const [scan] = inputsOf(jobOf(deliveryOf(), 'scan'), 'aquasecurity/trivy-action');
    expect(scan).toEqual({
      version: 'v0.70.0',
      'image-ref': `${REPOSITORY}@\${{ needs.build.outputs.digest }}`,
      format: 'sarif',
      output: 'trivy.sarif',
      severity: 'CRITICAL,HIGH',
      'limit-severities-for-sarif': true,
      'exit-code': '1',
      cache: false,
    });
  });

  test('A04 writes the bill of materials of that digest with the scanner that is set up already', () => {
    const [, bill] = inputsOf(jobOf(deliveryOf(), 'scan'), 'aquasecurity/trivy-action');
    expect(bill).toEqual({
      'image-ref': `${REPOSITORY}@\${{ needs.build.outputs.digest }}`,
      format: 'cyclonedx',
      output: 'sbom.cdx.json',
      'skip-setup-trivy': true,
      cache: false,
    });
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
    const subject = {
      'subject-name': REPOSITORY,
      'subject-digest': '${{ needs.build.outputs.digest }}',
      'push-to-registry': false,
      'create-storage-record': false,
    };
    const attest = jobOf(deliveryOf(), 'attest');
    expect(inputsOf(attest, 'actions/attest')).toEqual([
      subject,
      { ...subject, 'sbom-path': 'sbom.cdx.json' },
    ]);
    expect(attest.needs).toContain('build');
    expect(attest.role).toBeUndefined();
    expect(permissionsOf(attest)).toEqual(['id-token: write', 'attestations: write']);
    const without = deliveryOf(withImage({ attestations: false }));
    expect(without.jobs.map(({ id }) => id)).not.toContain('attest');
    expect(JSON.stringify(without)).not.toContain('sbom.cdx.json');
  });

  test('A02 runs the unit tests in a job that cannot sign in', () => {
    const job = jobOf(deliveryOf(), 'test');
    expect(job.role).toBeUndefined();
    expect(permissionsOf(job)).toEqual(['contents: read']);
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

  test('A02 installs only packages whose hash is committed', () => {
    const requirements = ['services/kvs-infer/a.txt', 'services/kvs-infer/b.txt'];
    const plan = deliveryOf(withWorkload({ quality: { ...pythonOf(manifest()), requirements } }));
    const [install, ...others] = scriptsOf(jobOf(plan, 'test')).filter((text) => text.includes('pip'));
    expect(others).toEqual([]);
    expect(install?.split(' ')).toEqual(
      expect.arrayContaining(['install', '--require-hashes', ...requirements]),
    );
  });

  test('D01 tests a Node.js service with the packages of its lock file, a step for each script', () => {
    const plan = deliveryOf(withWorkload({ quality: NODE }));
    const job = jobOf(plan, 'test');
    expect(edges(plan)).toMatchObject({ test: [], build: ['test'] });
    expect(job.role).toBeUndefined();
    expect(permissionsOf(job)).toEqual(['contents: read']);
    expect(inputsOf(job, 'actions/setup-node')).toEqual([
      { 'node-version': '22', 'package-manager-cache': false },
    ]);
    const runs = job.steps.flatMap((step) =>
      step.kind === 'run' ? [[step.name, step.run, step.workingDirectory]] : [],
    );
    expect(runs).toEqual([
      ['Install the packages', 'npm ci', NODE.directory],
      ['Run the script lint', 'npm run lint', NODE.directory],
      ['Run the script test', 'npm run test', NODE.directory],
    ]);
    expect(job.steps.map(({ condition }) => condition).filter(Boolean)).toEqual([]);
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
    const cache = `type=registry,ref=${REPOSITORY}:buildcache`;
    expect(build).toEqual({
      context: 'services/kvs-infer',
      file: 'services/kvs-infer/Dockerfile',
      platforms: 'linux/amd64',
      push: true,
      tags: '${{ steps.find.outputs.tag }}',
      'cache-from': cache,
      'cache-to': `${cache},mode=max,image-manifest=true,oci-mediatypes=true`,
      // Both would wrap the image in an index, whose digest is not that of the image.
      provenance: false,
      sbom: false,
    });
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
});
