import { Size, type Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { parse } from 'yaml';
import { releaseOf } from '../../constructs/k3s-node/runtime/manifests';
import { decodeManifest, encodeManifest, ImageReference } from '../../contract';
import { definePlatform } from '../../lib';
import { buildPlatform } from '../../lib/build-platform';
import { fileFaults, type K3sApp } from '../../lib/platform';
import sample from '../fixtures/sample-platform';
import { describeK3sAppFaults } from './k3s-app-faults';
import { dockerHub, inStaging, platformOf, resolved, worker } from './k3s-app-platforms';
import { type App, type AppEnvironment, appService } from './platform-props';

describe('services on K3s in a good platform file', () => {
  test('E01 E08 get every default: started by hand, on a t3.small that nothing leads to', () => {
    expect(resolved()).toMatchObject({
      starts: 'byHand',
      rollbackByCommit: false,
      delivery: 'throughEnvironments',
      releaseTags: [],
      network: 'ofEnvironment',
      k3s: { version: 'v1.35.8+k3s1' },
      rollout: { timeoutMinutes: 30 },
      logRetentionDays: 30,
      services: [
        { name: 'api', port: 8080, replicas: 1, probes: { startup: '/healthz', startupSeconds: 60 } },
        {},
      ],
      environments: [
        {
          instanceType: 't3.small',
          dataVolumeGib: 20,
          keepSnapshots: 7,
          keepBackupsDays: 30,
          strategy: { kind: 'rolling' },
          inboundCidrs: [],
        },
      ],
    });
  });

  test('E08 names follow the rule, and each can be overridden', () => {
    expect(resolved().environments[0]?.names).toEqual({
      namespace: 'shop',
      nodeTag: 'ml-shop-staging',
      document: 'ml-shop-staging',
      bucket: 'ml-shop-staging-runs-111111111111',
      logGroup: '/ml/staging/shop',
      releasedRelease: '/ml/staging/shop/released-release',
      deployRole: 'ml-shop-staging-deploy',
      rollbackRole: 'ml-shop-staging-rollback',
      inspectRole: 'ml-shop-staging-inspect',
      notifyRole: 'ml-shop-staging-notify',
      noticeTopic: 'ml-shop-staging-notices',
    });
    const names = { bucket: 'runs-of-the-shop' };
    expect(resolved(inStaging({ names })).environments[0]?.names).toMatchObject({
      bucket: 'runs-of-the-shop',
      document: 'ml-shop-staging',
    });
  });

  test.each<[AppEnvironment['update'], object]>([
    [undefined, { kind: 'rolling' }],
    [{ strategy: 'blueGreen' }, { kind: 'blueGreen', bakeSeconds: 300 }],
    [
      { strategy: 'canary', rule: { latencyRatio: 2 } },
      {
        kind: 'canary',
        steps: [10, 50],
        stepSeconds: 300,
        rule: { minimumRequests: 100, errorRateMargin: 1, latencyRatio: 2, latencyQuantile: 0.95 },
      },
    ],
  ])('the update %j has the defaults that its props document', (update, strategy) => {
    const inbound = { cidrs: ['203.0.113.0/24'] };
    expect(resolved(inStaging({ update, inbound })).environments[0]?.strategy).toEqual(strategy);
  });

  test('E01 deployOnPush starts deliveries on pushes and release tags', () => {
    expect(resolved({ deployOnPush: true })).toMatchObject({ starts: 'onPush', releaseTags: ['v*'] });
  });

  test('E08 a release of K3s may be built any number of times', () => {
    const k3s = { version: 'v1.35.8+k3s12' };
    expect(resolved({ k3s }).k3s).toEqual(k3s);
  });

  test('E02 the modules of Go are the folders of the services', () => {
    expect(resolved({ tests: { go: '1.26' } }).tests).toEqual({
      language: 'go',
      go: '1.26',
      modules: ['api', 'worker'],
    });
    const one = { ...worker, directory: 'api' };
    expect(resolved({ tests: { go: '1.26' }, services: [appService(), one] }).tests).toMatchObject({
      modules: ['api'],
    });
  });

  test('E03 several images are named after workload and service, a single one after the workload', () => {
    const of = ({ images }: K3sApp) =>
      images.map(({ id, name, context, dockerfile }) => [id, name, context, dockerfile]);
    expect(of(resolved())).toEqual([
      ['shop-api', 'api', 'services/shop/api', 'api/Dockerfile'],
      ['shop-worker', 'worker', 'services/shop/worker', 'worker/Dockerfile'],
    ]);
    expect(of(resolved({ services: [appService({ dockerfile: 'build/Dockerfile' })] }))).toEqual([
      ['shop', 'shop', 'services/shop/api', 'api/build/Dockerfile'],
    ]);
  });

  test('E03 images lie in ECR, or at Docker Hub with a token that is a secret', () => {
    const stores = (changes: Partial<App>) => resolved(changes).images.map(({ store }) => store);
    expect(stores({ services: [appService({ names: { repository: 'team/api' } }), worker] })).toMatchObject([
      { registry: 'ecr', names: { repository: 'team/api', publishRole: 'ml-shop-api-publish' } },
      { registry: 'ecr', names: { repository: 'ml/shop-worker', scanRole: 'ml-shop-worker-scan' } },
    ]);
    expect(stores({ registry: { dockerHub } })).toMatchObject([
      {
        registry: 'dockerHub',
        repository: 'octo-org/shop-api',
        username: 'octo-bot',
        tokenSecret: 'DOCKERHUB_TOKEN',
      },
      { repository: 'octo-org/shop-worker' },
    ]);
  });

  test.each(['redis:8.2', 'localhost:5000/a__b/redis:8', `a.b/c/redis@sha256:${'0'.repeat(64)}`])(
    'E09 an image of Redis may be %s',
    (image) => {
      const redis = { memory: appService().memory, storage: Size.gibibytes(1), image };
      expect(resolved({ redis }).redis?.image).toBe(image);
    },
  );

  test('names each file that is not there, with the field that names it', () => {
    const faults = fileFaults(definePlatform(platformOf({ tests: { go: '1.26', modules: ['api'] } })), {
      hasFolder: () => true,
      hasFile: (path) => path === 'services/shop/worker/Dockerfile',
      read: () => '',
    });
    expect(faults.map(({ place, value }) => `${place} ${value}`)).toEqual([
      'workloads[0].services[0].dockerfile "services/shop/api/Dockerfile", which is not there',
      'workloads[0].tests.modules "services/shop/api/go.mod", which is not there',
    ]);
  });
});

describeK3sAppFaults();

describe('the stacks of services on K3s', () => {
  const { app: cdkApp, manifest, files } = buildPlatform(sample);
  const templateOf = (name: string) =>
    Template.fromStack(cdkApp.node.findChild(`ml-platform-production-platform-${name}`) as Stack);
  const target = manifest.targets.find(({ id }) => id === 'production-platform-production');

  test.each(['api', 'worker'])('E03 %s has a repository of its own, which staging may pull from', (name) => {
    templateOf(`${name}-images`).hasResourceProperties('AWS::ECR::Repository', {
      RepositoryName: `ml-platform/production-platform-${name}`,
      RepositoryPolicyText: Match.objectLike({
        Statement: [Match.objectLike({ Principal: { AWS: 'arn:aws:iam::111111111111:root' } })],
      }),
    });
  });

  test('E03 nodes pull the images of their workload, and no others', () => {
    for (const environment of ['staging', 'production']) {
      const text = JSON.stringify(templateOf(environment).findResources('AWS::IAM::Role'));
      const repositories = [...text.matchAll(/arn:aws:ecr:[^"]*/g)].map(([arn]) => arn);
      expect([...new Set(repositories)].sort()).toEqual(
        ['api', 'worker'].map(
          (name) => `arn:aws:ecr:us-east-1:222222222222:repository/ml-platform/production-platform-${name}`,
        ),
      );
    }
  });

  test('E08 the platform file decides over the node', () => {
    templateOf('staging').hasResourceProperties('AWS::EC2::Instance', { InstanceType: 't3.small' });
    const production = templateOf('production');
    production.hasResourceProperties('AWS::EC2::Instance', { InstanceType: 't3.medium' });
    production.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: 'ml-platform-production-platform-production-runs-222222222222',
    });
    production.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/ml-platform/production/production-platform',
      RetentionInDays: 30,
    });
    templateOf('production-state').hasResourceProperties('AWS::SSM::Parameter', {
      Name: '/ml-platform/production/production-platform/released-release',
      Value: 'none',
    });
  });

  test('E01 E02 the manifest says how the workload is delivered and tested', () => {
    expect(manifest.workloads.find(({ id }) => id === 'production-platform')).toEqual({
      id: 'production-platform',
      paths: ['services/production-platform/**', 'platform.config.ts'],
      quality: {
        language: 'go',
        version: '1.26',
        modules: ['api', 'worker'].map((name) => `services/production-platform/${name}`),
      },
      images: ['production-platform-api', 'production-platform-worker'],
      delivery: 'throughEnvironments',
      starts: 'byHand',
      rollbackByCommit: false,
      environments: ['staging', 'production'],
      releaseTags: [],
      notices: [],
    });
    expect(manifest.secrets.filter(({ name }) => name.includes('DOCKER'))).toEqual([]);
    expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
  });

  test('E04 E09 the target names the rendered manifests, which a deployment reads and a rollback does not', () => {
    const folder = 'k8s/production-platform/production';
    expect(target).toMatchObject({
      kind: 'k3s-node',
      images: ['production-platform-api', 'production-platform-worker'],
      spec: { manifests: folder, deployments: ['worker'], routed: ['api'], statefulSets: ['redis'] },
    });
    expect(target?.releasedImage).toBeUndefined();
    const rendered = files.filter(({ path }) => path.startsWith(`${folder}/`));
    expect(target?.files).toEqual({ deploy: rendered.map(({ path }) => path), rollback: [] });
    const text = (path: string) => rendered.find((file) => file.path === `${folder}/${path}`)?.text;
    const repository = '222222222222.dkr.ecr.us-east-1.amazonaws.com/ml-platform/production-platform-api';
    for (const track of ['blue', 'green']) {
      expect(text(`40-routed/api/${track}.yaml`)).toMatch(new RegExp(`image: ${repository}\\n`));
      expect(text(`40-routed/api/${track}.yaml`)).toMatch(/\breplicas: 2\n/);
    }
    expect(text('40-routed/api/ingress.yaml')).toContain('api.example.com');
  });

  test('E09 staging rolls with one pod, from the same services', () => {
    const staging = files.filter(({ path }) => path.startsWith('k8s/production-platform/staging/'));
    const deployment = staging.find(({ path }) => path.endsWith('/30-deployments/api.yaml'));
    expect(deployment?.text).toMatch(/\breplicas: 1\n/);
    expect(staging.map(({ path }) => path)).not.toContainEqual(expect.stringContaining('40-routed'));
  });

  test('E04 a setting that reads like a line with an image stays as it was written', () => {
    const repository = '222222222222.dkr.ecr.us-east-1.amazonaws.com/ml/shop';
    const text = `a list of images:\n  - image: ${repository}\nimage: ${repository}\n`;
    const settings = { image: repository, IMAGES: text };
    const built = buildPlatform(
      definePlatform(
        platformOf({ environment: settings, services: [appService({ environment: settings })] }),
      ),
    );
    const manifests = built.files.filter(({ path }) => path.startsWith('k8s/'));
    const image = ImageReference.parse(`${repository}@sha256:${'0'.repeat(64)}`, 'test');
    const release = releaseOf({ manifests: 'k8s/shop/staging', repositories: [repository] }, manifests, [
      image,
    ]);
    const changed = release.files.flatMap(({ path, text }) => {
      const before = manifests.find((file) => file.path === path)?.text.split('\n') ?? [];
      return text.split('\n').filter((line, index) => line !== before[index]);
    });
    expect(changed).toEqual([expect.stringMatching(/^ +image: .*@sha256:0+$/)]);
    const data = manifests
      .filter(({ path }) => path.endsWith('/settings.yaml'))
      .map((file) => (parse(file.text) as { readonly data: unknown }).data);
    expect(data).toEqual([settings]);
  });

  test('E03 with Docker Hub there is nothing of AWS for images, and a secret that people must set', () => {
    const built = buildPlatform(definePlatform(platformOf({ registry: { dockerHub } })));
    const { images, roles, secrets, targets } = decodeManifest(encodeManifest(built.manifest));
    expect(images).toMatchObject(
      ['api', 'worker'].map((name) => ({
        id: `shop-${name}`,
        registry: 'dockerHub',
        repository: { name: `octo-org/shop-${name}`, uri: `docker.io/octo-org/shop-${name}` },
        username: 'octo-bot',
        tokenSecret: 'DOCKERHUB_TOKEN',
        constructPath: 'ml-shop-staging/Node',
      })),
    );
    expect(secrets).toEqual([
      {
        name: 'DOCKERHUB_TOKEN',
        purpose: expect.stringContaining('octo-bot at Docker Hub') as unknown,
        environments: [],
      },
    ]);
    expect(roles.map(({ purpose }) => purpose)).toEqual(['deploy']);
    expect(targets).toMatchObject([
      { spec: { repositories: ['docker.io/octo-org/shop-api', 'docker.io/octo-org/shop-worker'] } },
    ]);
    const stacks = built.app.node.children.map(({ node }) => node.id);
    expect(stacks.filter((id) => id.endsWith('-images'))).toEqual([]);
    expect(
      JSON.stringify(Template.fromStack(built.app.node.findChild('ml-shop-staging') as Stack).toJSON()),
    ).not.toContain(':ecr:');
  });
});
