import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployManifest } from '../../contract';
import { type PlannedJob, planPipelines, renderWorkflow } from '../../workflows';
import { byPromotion } from './by-promotion';
import {
  actionsOf,
  commandLines,
  commandsOf,
  edges,
  inputsOf,
  jobOf,
  permissionsOf,
  planOf,
  scriptsOf,
  stepNames,
} from './planned';
import { severalImages, TOKEN, withImages } from './several-images';

const ECR = '222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/production-platform';
const HUB = 'docker.io/octo-org/worker';

const deliveryOf = (whole: DeployManifest = severalImages()) =>
  planOf(whole, 'production-platform-deploy.yml');
const onDockerHub = () => deliveryOf(severalImages({ worker: 'dockerHub', attestations: true }));

describe('a workload that people start', () => {
  test('E01 is delivered by hand alone, up to the environment that was chosen', () => {
    const plan = deliveryOf();
    expect(plan.triggers).toEqual({
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
    expect(jobOf(plan, 'deploy-staging').condition).toBeUndefined();
    expect(jobOf(plan, 'deploy-production').condition).toBe("inputs.environment == 'production'");
    expect(plan.comment).toContainEqual('People start it, a push does not.');
    expect(JSON.stringify(plan)).not.toContain("event_name == 'push'");
  });

  test('E01 is delivered by pushes that touch it too, when the platform file says so', () => {
    const plan = deliveryOf(severalImages({ starts: 'onPush' }));
    expect(plan.triggers).toMatchObject({
      push: {
        branches: ['main'],
        tags: [],
        paths: [
          'services/production-platform/**',
          'platform.config.ts',
          '.github/workflows/production-platform-deploy.yml',
        ],
      },
      dispatch: { inputs: { environment: { options: ['staging', 'production'] } } },
    });
    expect(jobOf(plan, 'deploy-production').condition).toBe(
      "github.event_name == 'push' || inputs.environment == 'production'",
    );
    expect(plan.comment.join(' ')).not.toContain('People start it');
  });

  test('E01 asks for no environment where there is one', () => {
    const whole = severalImages();
    const one = {
      ...whole,
      workloads: whole.workloads.map((entry) => ({ ...entry, environments: ['staging'] })),
    };
    expect(deliveryOf(one).triggers).toEqual({ dispatch: { inputs: {} } });
  });
});

test('E01 a workload by promotion may wait for people too', () => {
  const whole = byPromotion();
  const byHand = {
    ...whole,
    workloads: whole.workloads.map((entry) => ({ ...entry, starts: 'byHand' as const })),
  };
  const plan = planOf(byHand, 'bikeshare-cd-staging.yml');
  expect(plan.triggers.push).toBeUndefined();
  expect(plan.comment).toContainEqual(
    'People start it, a push does not; bikeshare-promote-production.yml takes over from there.',
  );
});

test('E04 E06 only the deployment checks out the manifests: a rollback takes nothing of the commit', () => {
  const files = ['k8s/production-platform/production/30-deployments/worker.yaml'];
  const whole = severalImages();
  const targets = whole.targets.map((target) => ({ ...target, files: { deploy: files, rollback: [] } }));
  const sparse = (file: string, job: string) =>
    inputsOf(jobOf(planOf({ ...whole, targets }, file), job), 'actions/checkout').map(
      (inputs) => inputs?.['sparse-checkout'],
    );
  const [deploy, byHand] = ['production-platform-deploy.yml', 'production-platform-rollback.yml'];
  expect(sparse(deploy, 'deploy-production')).toEqual([`/.lockstep/\n/${files[0]}\n`]);
  expect(sparse(deploy, 'rollback-production')).toEqual(['.lockstep']);
  expect(sparse(byHand, 'rollback-production')).toEqual(['.lockstep']);
});

describe('a workload in Go', () => {
  test('E02 vets and tests each module with the race detector before anything is built', () => {
    const job = jobOf(deliveryOf(), 'test');
    const modules = ['services/production-platform/api', 'services/production-platform/worker'];
    expect(job.steps.slice(2)).toMatchObject(
      modules.flatMap((workingDirectory) => [
        { run: 'go vet ./...', workingDirectory },
        { run: 'go test -race ./...', workingDirectory },
      ]),
    );
    for (const { condition } of job.steps) expect(condition).toBeUndefined();
    expect(edges(deliveryOf())).toMatchObject({ 'build-api': ['test'], 'build-worker': ['test'] });
  });

  test('E02 is tested without a way to AWS, with the Go that it names and without a cache', () => {
    const job = jobOf(deliveryOf(), 'test');
    expect(job.role).toBeUndefined();
    expect(permissionsOf(job)).toEqual(['contents: read']);
    expect(inputsOf(job, 'actions/setup-go')).toEqual([
      { 'go-version': '1.26', cache: { value: false, remark: expect.any(String) } },
    ]);
  });

  test('E02 has no workflow of checks of its own', () => {
    expect(planPipelines(severalImages()).map(({ file }) => file)).toEqual([
      '.github/workflows/production-platform-deploy.yml',
      '.github/workflows/production-platform-rollback.yml',
      '.github/workflows/ci.yml',
      '.github/workflows/delivery-metrics.yml',
    ]);
  });
});

describe('several images', () => {
  const plan = deliveryOf(severalImages({ attestations: true }));

  test('E03 are built, scanned and attested each in jobs of their own, then deployed together', () => {
    const all = ['build-api', 'build-worker', 'scan-api', 'scan-worker'];
    expect(edges(plan)).toEqual({
      test: [],
      'build-api': ['test'],
      'build-worker': ['test'],
      'scan-api': ['build-api'],
      'scan-worker': ['build-worker'],
      'attest-api': ['build-api', 'scan-api'],
      'attest-worker': ['build-worker', 'scan-worker'],
      'deploy-staging': all,
      'rollback-staging': ['deploy-staging'],
      'deploy-production': [...all, 'deploy-staging'],
      'rollback-production': ['deploy-production'],
    });
  });

  test('E03 wait for the scans that may stop them, and for no other', () => {
    const whole = withImages(severalImages(), (image) => ({
      ...image,
      scan: { ...image.scan, blocks: image.name === 'api' },
    }));
    expect(edges(deliveryOf(whole))['deploy-staging']).toEqual(['build-api', 'build-worker', 'scan-api']);
  });

  test.each(['api', 'worker'])(
    'E03 %s is built with its layer cache, and tagged after the commit',
    (name) => {
      const job = jobOf(plan, `build-${name}`);
      expect(job.name).toBe(`Build production-platform-${name}`);
      expect(job.role?.id).toBe(`production-platform-${name}-publish`);
      expect(commandLines(job)).toEqual([
        `exec node .lockstep/cli.mjs image find production-platform-${name}`,
        `exec node .lockstep/cli.mjs image tag production-platform-${name} --image "$IMAGE"`,
      ]);
      expect(inputsOf(job, 'docker/build-push-action')).toMatchObject([
        {
          context: `services/production-platform/${name}`,
          file: `services/production-platform/${name}/Dockerfile`,
          tags: '${{ steps.find.outputs.tag }}',
          'cache-from': `type=registry,ref=${ECR}-${name}:buildcache`,
        },
      ]);
      const scanned = `${ECR}-${name}@\${{ needs.build-${name}.outputs.digest }}`;
      for (const step of inputsOf(jobOf(plan, `scan-${name}`), 'aquasecurity/trivy-action'))
        expect(step['image-ref']).toBe(scanned);
      expect(inputsOf(jobOf(plan, `attest-${name}`), 'actions/attest')[0]).toMatchObject({
        'subject-name': `${ECR}-${name}`,
        'subject-digest': `\${{ needs.build-${name}.outputs.digest }}`,
      });
    },
  );

  test('E03 go to each environment by the digests of the same run, one option each', () => {
    for (const environment of ['staging', 'production']) {
      const job = jobOf(plan, `deploy-${environment}`);
      expect(commandLines(job)).toEqual([
        `exec node .lockstep/cli.mjs deploy production-platform --environment ${environment} --image "$IMAGE_API" --image "$IMAGE_WORKER"`,
      ]);
      expect(job.steps.at(-1)?.env).toEqual({
        IMAGE_API: `${ECR}-api@\${{ needs.build-api.outputs.digest }}`,
        IMAGE_WORKER: `${ECR}-worker@\${{ needs.build-worker.outputs.digest }}`,
      });
    }
  });

  test('E03 share no concurrency group, no artifact and no category of findings', () => {
    const unique = (values: readonly unknown[]) => expect(new Set(values).size).toBe(values.length);
    unique(plan.jobs.map(({ concurrency }) => concurrency.group));
    const kept = (whole: DeployManifest) =>
      deliveryOf(whole).jobs.flatMap((job) =>
        inputsOf(job, 'actions/upload-artifact').map(({ name }) => name),
      );
    expect(kept(severalImages({ attestations: true }))).toEqual(['sbom-api', 'sbom-worker']);
    const withoutCodeScanning = withImages(severalImages(), (image) => ({
      ...image,
      scan: { ...image.scan, codeScanning: false },
    }));
    expect(kept(withoutCodeScanning)).toEqual(['findings-api', 'findings-worker']);
    const categories = plan.jobs.flatMap((job) =>
      inputsOf(job, 'github/codeql-action/upload-sarif').map(({ category }) => category),
    );
    expect(categories).toEqual(['production-platform-api-image', 'production-platform-worker-image']);
    expect(
      plan.jobs.flatMap((job) => inputsOf(job, 'actions/download-artifact').map(({ name }) => name)),
    ).toEqual(['sbom-api', 'sbom-worker']);
  });

  test('E03 call with each role what its registry grants, no more and no fewer', () => {
    const images = severalImages().images.flatMap((image) => (image.registry === 'ecr' ? [image] : []));
    expect(images).toHaveLength(2);
    for (const image of images) {
      const granted = (calls: typeof image.calls.publish) =>
        [...new Set(calls.map(({ action }) => action))].sort();
      expect(actionsOf([jobOf(plan, `build-${image.name}`)])).toEqual(granted(image.calls.publish));
      expect(actionsOf([jobOf(plan, `scan-${image.name}`)])).toEqual(granted(image.calls.scan));
    }
  });

  test('E03 keep their variables apart when a name has hyphens', () => {
    const renamed = withImages(severalImages(), (image) =>
      image.name === 'api' ? { ...image, name: 'public-api' } : image,
    );
    expect(commandLines(jobOf(deliveryOf(renamed), 'deploy-staging'))[0]).toContain('"$IMAGE_PUBLIC_API"');
  });
});

describe('an image on Docker Hub', () => {
  const build = jobOf(onDockerHub(), 'build-worker');
  const withoutAws = (job: PlannedJob) => {
    expect(job.role).toBeUndefined();
    expect(actionsOf([job])).toEqual([]);
    expect(commandsOf(job)).toEqual([]);
    expect(inputsOf(job, 'aws-actions/configure-aws-credentials')).toEqual([]);
  };

  test('E03 is built in a job with its declared token and no way to AWS', () => {
    withoutAws(build);
    expect(permissionsOf(build)).toEqual(['contents: read']);
    expect(inputsOf(build, 'docker/login-action')).toEqual([
      { username: 'octo-bot', password: `\${{ secrets.${TOKEN.name} }}` },
    ]);
    const [push] = inputsOf(build, 'docker/build-push-action');
    expect(push).toMatchObject({
      push: true,
      tags: '${{ steps.name.outputs.tag }}',
      'cache-from': `type=registry,ref=${HUB}:buildcache`,
      'cache-to': `type=registry,ref=${HUB}:buildcache,mode=max,image-manifest=true,oci-mediatypes=true`,
      provenance: false,
    });
    expect(build.outputs).toEqual({ digest: '${{ steps.build.outputs.digest }}' });
    for (const { condition } of build.steps) expect(condition).toBeUndefined();
  });

  test('E03 is refused on another ref before the token is used', () => {
    const names = stepNames(build);
    expect(names.indexOf('Refuse a ref that may not be released')).toBe(0);
    expect(names.indexOf('Log in to Docker Hub')).toBeGreaterThan(0);
  });

  test('E03 bears the commit as its tag', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'lockstep-tag-'));
    const [script] = scriptsOf(build).filter((text) => text.includes('GITHUB_SHA'));
    const env = {
      REPOSITORY: HUB,
      GITHUB_SHA: '0123456789abcdef'.repeat(2),
      GITHUB_OUTPUT: join(scratch, 'o'),
    };
    expect(spawnSync('bash', ['-eo', 'pipefail', '-c', script ?? 'exit 1'], { env }).status).toBe(0);
    expect(readFileSync(env.GITHUB_OUTPUT, 'utf8')).toBe(`tag=${HUB}:sha-0123456789ab\n`);
    rmSync(scratch, { recursive: true });
  });

  test('E03 is scanned and attested as the others are, without AWS', () => {
    const scan = jobOf(onDockerHub(), 'scan-worker');
    withoutAws(scan);
    expect(permissionsOf(scan)).toEqual(['security-events: write', 'actions: read']);
    expect(inputsOf(scan, 'aquasecurity/trivy-action')).toMatchObject([
      { 'image-ref': `${HUB}@\${{ needs.build-worker.outputs.digest }}` },
      { 'image-ref': `${HUB}@\${{ needs.build-worker.outputs.digest }}` },
    ]);
    expect(inputsOf(jobOf(onDockerHub(), 'attest-worker'), 'actions/attest')[0]).toMatchObject({
      'subject-name': HUB,
    });
  });

  test('E03 leaves the image beside it, and the deployments, as they are', () => {
    expect(jobOf(onDockerHub(), 'build-api')).toEqual(
      jobOf(deliveryOf(severalImages({ attestations: true })), 'build-api'),
    );
    expect(jobOf(onDockerHub(), 'deploy-staging').steps.at(-1)?.env).toEqual({
      IMAGE_API: `${ECR}-api@\${{ needs.build-api.outputs.digest }}`,
      IMAGE_WORKER: `${HUB}@\${{ needs.build-worker.outputs.digest }}`,
    });
  });

  test('E03 has its secret named at the head of the file that reads it, and in no other file', () => {
    const whole = severalImages({ worker: 'dockerHub' });
    const head = `It needs the secret ${TOKEN.name} of the repository (${TOKEN.purpose}).`;
    expect(deliveryOf(whole).comment).toContainEqual(head);
    const readers = planPipelines(whole).filter((plan) => renderWorkflow(plan).includes('secrets.'));
    expect(readers.map(({ file }) => file)).toEqual(['.github/workflows/production-platform-deploy.yml']);
    for (const plan of planPipelines(severalImages())) expect(renderWorkflow(plan)).not.toContain('secret ');
  });
});

test('E01 E02 E03 the text of both ways to start and both registries stays as it was read', () => {
  const whole = severalImages({ worker: 'dockerHub', starts: 'onPush' });
  expect(renderWorkflow(deliveryOf(whole))).toMatchSnapshot();
});
