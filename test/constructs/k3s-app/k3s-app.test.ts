import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Document, parseAllDocuments } from 'yaml';
import { type K3sAppProps, type K3sService, renderK3sApp } from '../../../constructs/k3s-app';
import { objectFaults } from '../../../constructs/k3s-app/schema-check';
import { LockstepError } from '../../../contract';

const REPOSITORY = '111111111111.dkr.ecr.us-east-1.amazonaws.com/ml-platform';

const api: K3sService = {
  name: 'api',
  image: `${REPOSITORY}/shop-api`,
  port: 8080,
  replicas: 2,
  cpu: { requestMillis: 50 },
  memory: { requestMib: 64, limitMib: 128 },
  probes: { liveness: '/healthz', readiness: '/readyz' },
  route: { host: 'api.example.com' },
};

const worker: K3sService = {
  name: 'worker',
  image: `${REPOSITORY}/shop-worker`,
  port: 8081,
  replicas: 1,
  cpu: { requestMillis: 50, limitMillis: 500 },
  memory: { requestMib: 64, limitMib: 128 },
  probes: { liveness: '/healthz', readiness: '/readyz' },
};

const props: K3sAppProps = {
  workload: 'shop',
  namespace: 'shop',
  source: 'platform.config.ts',
  strategy: 'rolling',
  services: [api, worker],
  redis: { memory: { requestMib: 64, limitMib: 128 }, storageGib: 1 },
  environment: { LOG_LEVEL: 'info' },
};

/** What Kubernetes reads has any shape. */
type Plain = Record<string, ReturnType<Document['toJS']>>;

/** Objects of all files, read as Kubernetes reads them. */
const objectsOf = (app: K3sAppProps): { path: string; object: Plain }[] =>
  renderK3sApp(app).files.flatMap(({ path, text }) =>
    parseAllDocuments(text, { version: '1.1' }).map((document) => {
      expect(document.errors).toEqual([]);
      return { path, object: document.toJS() as Plain };
    }),
  );

const one = (app: K3sAppProps, kind: string, name: string): Plain => {
  const found = objectsOf(app).filter(({ object }) => object.kind === kind && object.metadata.name === name);
  expect(found).toHaveLength(1);
  return found[0]!.object;
};

const paths = (app: K3sAppProps) => renderK3sApp(app).files.map(({ path }) => path);

/** What the kubelet keeps of a container's log, in MiB, as the node is set up. */
const logMib = (): number => {
  const setup = readFileSync(join(__dirname, '../../../constructs/k3s-node/node-setup.sh'), 'utf8');
  const of = (pattern: RegExp) => Number(pattern.exec(setup)?.[1]);
  return of(/- container-log-max-size=(\d+)Mi$/m) * of(/- container-log-max-files=(\d+)$/m);
};

const faultsOf = (app: K3sAppProps): readonly string[] => {
  try {
    renderK3sApp(app);
  } catch (error) {
    if (LockstepError.is(error)) return error.faults.map(({ place, value }) => `${place}: ${value}`);
    throw error;
  }
  return [];
};

describe('manifests', () => {
  test('E09: namespace, settings, Redis, services and policies, in the order in which they are applied', () => {
    const app = renderK3sApp(props);
    expect(app.files.map(({ path }) => path)).toEqual([
      '10-base/namespace.yaml',
      '10-base/network-policy.yaml',
      '10-base/settings.yaml',
      '20-stateful/redis.yaml',
      '30-deployments/api.yaml',
      '30-deployments/worker.yaml',
    ]);
    expect(app).toMatchObject({
      statefulSets: ['redis'],
      deployments: ['api', 'worker'],
      routed: [],
      repositories: [api.image, worker.image],
    });
    expect(
      app.files.every(({ text }) => text.startsWith('# Written by Lockstep from platform.config.ts')),
    ).toBe(true);
    expect(renderK3sApp(props)).toEqual(app);
  });

  test.each(['blueGreen', 'canary'] as const)(
    'E09: with %s, a service with a route has two tracks',
    (strategy) => {
      const app = renderK3sApp({ ...props, strategy });
      expect(app).toMatchObject({ deployments: ['worker'], routed: ['api'] });
      expect(paths({ ...props, strategy }).filter((path) => path.startsWith('40-routed'))).toEqual(
        ['shared', 'blue', 'green', 'route', 'ingress'].map((name) => `40-routed/api/${name}.yaml`),
      );
      const route = one({ ...props, strategy }, 'TraefikService', 'api');
      expect(route.spec.weighted.services).toEqual([
        { name: 'api-blue', kind: 'Service', port: 80, weight: 100 },
        { name: 'api-green', kind: 'Service', port: 80, weight: 0 },
      ]);
      const said = (name: string) => app.files.find(({ path }) => path.endsWith(name))?.text ?? '';
      expect(said('api/green.yaml')).toMatch(
        /^# Written.*\n# A release applies one of blue\.yaml and green\.yaml[^]*# `image:` has neither tag nor digest/,
      );
      expect(said('api/route.yaml')).toContain('# Applied only where there is no such route yet');
      expect(said('api/ingress.yaml')).toContain('# Applied last');
      expect(said('10-base/namespace.yaml')).toContain('# A release applies the folders in the order');
      expect(said('10-base/settings.yaml').match(/^#/gm)).toHaveLength(1);
      const [to] = one({ ...props, strategy }, 'IngressRoute', 'api-routed').spec.routes;
      expect(to.services).toEqual([{ name: 'api', kind: 'TraefikService' }]);
      for (const track of ['blue', 'green']) {
        const selector = one({ ...props, strategy }, 'Service', `api-${track}`).spec.selector;
        const deployment = one({ ...props, strategy }, 'Deployment', `api-${track}`);
        expect(deployment.spec.template.metadata.labels).toMatchObject(selector);
        expect(deployment.spec.selector.matchLabels).toEqual(selector);
        expect(selector['lockstep.dev/track']).toBe(track);
      }
    },
  );

  test('E09: while the strategy is changed, both routes are there: the one to the tracks comes first, longer rules before it', () => {
    const withAdmin = {
      ...props,
      services: [api, { ...worker, route: { host: 'api.example.com', path: '/a' } }],
    };
    const both = [withAdmin, { ...withAdmin, strategy: 'canary' as const }].flatMap(objectsOf);
    const routes = both.filter(({ object }) => object.kind === 'IngressRoute').map(({ object }) => object);
    const byPriority = routes.sort((a, b) => b.spec.routes[0].priority - a.spec.routes[0].priority);
    expect(new Set(byPriority.map(({ spec }) => spec.routes[0].priority)).size).toBe(4);
    expect(byPriority.map(({ metadata }) => metadata.name)).toEqual([
      'worker-routed',
      'worker',
      'api-routed',
      'api',
    ]);
    // Applied by itself, when its tracks are ready.
    for (const path of ['40-routed/api/shared.yaml', '40-routed/api/ingress.yaml']) {
      const kinds = both.filter((file) => file.path === path).map(({ object }) => object.kind);
      expect([path, kinds.includes('IngressRoute')]).toEqual([path, path.endsWith('ingress.yaml')]);
    }
  });

  test('E09: every object says whose it is, and no volume does: what a release leaves out is deleted by it', () => {
    for (const { object } of [...objectsOf(props), ...objectsOf({ ...props, strategy: 'canary' })]) {
      expect(object.metadata.labels).toMatchObject({
        'app.kubernetes.io/managed-by': 'lockstep',
        'app.kubernetes.io/part-of': 'shop',
      });
    }
    const { volumeClaimTemplates, selector } = one(props, 'StatefulSet', 'redis').spec;
    // Kubernetes gives the labels of the selector to the volumes.
    for (const labels of [volumeClaimTemplates[0].metadata.labels ?? {}, selector.matchLabels]) {
      expect(labels).not.toHaveProperty(['app.kubernetes.io/managed-by']);
    }
  });

  test('E09: pods follow the strictest standard of Kubernetes, and write to their own folder only', () => {
    const objects = objectsOf({ ...props, strategy: 'canary' }).map(({ object }) => object);
    const pods = objects.flatMap(({ spec }) => (spec?.template ? [spec.template.spec as Plain] : []));
    expect(pods).toHaveLength(4);
    for (const pod of pods) {
      expect(pod.automountServiceAccountToken).toBe(false);
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources).toMatchObject({
          requests: { cpu: expect.any(String), memory: '64Mi' },
          limits: { memory: '128Mi' },
        });
        // Its log, and what the pod may write besides.
        const volumes: Plain[] = pod.volumes ?? [];
        const volatile = volumes.reduce((sum, { emptyDir }) => sum + parseInt(emptyDir.sizeLimit), 0);
        const written = logMib() + volatile;
        expect(container.resources.requests['ephemeral-storage']).toBe(`${written}Mi`);
        expect(parseInt(container.resources.limits['ephemeral-storage'])).toBeGreaterThan(written);
        expect(container).toMatchObject({ livenessProbe: {}, readinessProbe: {}, startupProbe: {} });
      }
    }
    expect(one(props, 'Namespace', 'shop').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  test('E09: a Deployment never serves with fewer pods, keeps revisions to go back to, and gives up in time', () => {
    expect(one(props, 'Deployment', 'api').spec).toMatchObject({
      replicas: 2,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 300,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
    expect(one(props, 'PodDisruptionBudget', 'worker').spec).toMatchObject({ maxUnavailable: 1 });
  });

  test('E09: what the environment of the services is, is a new object whenever it changes', () => {
    const nameOf = (app: K3sAppProps) => {
      const config = objectsOf(app).find(({ object }) => object.kind === 'ConfigMap')!.object;
      expect(config.immutable).toBe(true);
      const used = one(app, 'Deployment', 'worker').spec.template.spec.containers[0].envFrom[0];
      expect(used.configMapRef.name).toBe(config.metadata.name);
      return String(config.metadata.name);
    };
    const name = nameOf(props);
    expect(name).toMatch(/^shop-config-[0-9a-f]{10}$/);
    expect(nameOf({ ...props, environment: { LOG_LEVEL: 'debug' } })).not.toBe(name);
    expect(nameOf({ ...props, environment: { ...props.environment } })).toBe(name);
    const withTwo = { ...props, environment: { B: '1', A: '2' } };
    expect(nameOf(withTwo)).toBe(nameOf({ ...props, environment: { A: '2', B: '1' } }));
  });

  test('E09: Redis keeps its data on a volume that outlives it, and drops nothing to make room', () => {
    const { spec } = one(props, 'StatefulSet', 'redis');
    expect(spec.volumeClaimTemplates[0].spec).toMatchObject({
      storageClassName: 'local-path',
      resources: { requests: { storage: '1Gi' } },
    });
    expect(spec.persistentVolumeClaimRetentionPolicy).toEqual({
      whenDeleted: 'Retain',
      whenScaled: 'Retain',
    });
    const { args, image } = spec.template.spec.containers[0];
    // Kubernetes reads `no` as false, and refuses it as an argument.
    expect(args.every((argument: unknown) => typeof argument === 'string')).toBe(true);
    expect(args).toEqual(expect.arrayContaining(['yes', 'no', 'noeviction', '76mb']));
    expect(image).toMatch(/^public\.ecr\.aws\/docker\/library\/redis:\d+\.\d+\.\d+-alpine$/);
    expect(renderK3sApp({ ...props, redis: undefined })).toMatchObject({ statefulSets: [] });
  });

  test('E09: only what is named may be reached', () => {
    const policies = objectsOf({ ...props, services: [api, { ...worker, callers: ['api'] }] })
      .map(({ object }) => object)
      .filter(({ kind }) => kind === 'NetworkPolicy');
    const of = (name: string) => policies.find(({ metadata }) => metadata.name === name)!.spec;
    const app = (peers: Plain[]) =>
      peers.map(({ podSelector }) => podSelector.matchLabels['app.kubernetes.io/name']);
    expect(of('default-deny')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    expect(app(of('redis').ingress[0].from)).toEqual(['api', 'worker']);
    expect(app(of('api').ingress[0].from)).toEqual(['traefik']);
    expect(of('api').ingress[0].ports).toEqual([{ protocol: 'TCP', port: 8080 }]);
    expect(of('api').egress.flatMap(({ to }: Plain) => app(to))).toEqual(['redis', 'worker']);
    expect(app(of('worker').ingress[0].from)).toEqual(['api']);
    expect(of('dns').egress[0].ports.map(({ port }: Plain) => port)).toEqual([53, 53]);
  });

  test('E09: a service reaches the addresses that it names, and never the metadata service', () => {
    const egress = [
      { cidr: '203.0.113.0/24', ports: [443, 8443] },
      { cidr: '0.0.0.0/0', ports: [443] },
      { cidr: '169.254.0.0/16', ports: [80] },
      { cidr: '169.254.169.253/32', ports: [80] },
    ];
    const app = { ...props, redis: undefined, services: [api, { ...worker, egress }] };
    const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: 'TCP', port }));
    const except = ['169.254.169.254/32'];
    expect(one(app, 'NetworkPolicy', 'worker').spec).toEqual({
      podSelector: {
        matchLabels: { 'app.kubernetes.io/name': 'worker', 'app.kubernetes.io/part-of': 'shop' },
      },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [
        { to: [{ ipBlock: { cidr: '203.0.113.0/24' } }], ports: tcp(443, 8443) },
        { to: [{ ipBlock: { cidr: '0.0.0.0/0', except } }], ports: tcp(443) },
        { to: [{ ipBlock: { cidr: '169.254.0.0/16', except } }], ports: tcp(80) },
        { to: [{ ipBlock: { cidr: '169.254.169.253/32' } }], ports: tcp(80) },
      ],
    });
    const quiet = objectsOf({ ...app, services: [api, worker] });
    expect(quiet.map(({ object }) => `${object.kind} ${object.metadata.name}`)).not.toContain(
      'NetworkPolicy worker',
    );
  });

  test('E09: an autoscaler owns the number of pods', () => {
    const app: K3sAppProps = {
      ...props,
      services: [{ ...api, autoscaler: { min: 2, max: 4, cpuPercent: 70 } }],
    };
    expect(one(app, 'Deployment', 'api').spec).not.toHaveProperty('replicas');
    expect(one(app, 'HorizontalPodAutoscaler', 'api').spec).toMatchObject({ minReplicas: 2, maxReplicas: 4 });
  });

  test('images stand on lines of their own, without tag and digest', () => {
    const lines = renderK3sApp({ ...props, strategy: 'canary' }).files.flatMap(({ text }) =>
      text.split('\n').filter((line) => line.includes(REPOSITORY)),
    );
    expect(lines.map((line) => line.trim()).sort()).toEqual(
      [api.image, api.image, worker.image].map((image) => `image: ${image}`),
    );
  });

  test('values that look like others reach the container as they are', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const app = { ...props, environment: { VALUE: value } };
        const config = objectsOf(app).find(({ object }) => object.kind === 'ConfigMap')!.object;
        expect(config.data.VALUE).toBe(value);
      }),
      {
        examples: [
          'no',
          'Yes',
          '08',
          '1e3',
          '1_000',
          '12:30:45',
          '~',
          'null',
          '0x1f',
          '',
          ' a',
          '# b',
          'a: b',
          '\n',
        ].map((value) => [value] as [string]),
        numRuns: 60,
      },
    );
  });
});

describe('what is refused', () => {
  test.each<[string, Partial<K3sService>, string]>([
    ['a name that is no DNS label', { name: 'My_Api' }, 'shop services[0].name: My_Api'],
    ['a name that Redis has', { name: 'redis' }, 'shop services[0].name: redis'],
    [
      'a host that ends the rule',
      { route: { host: 'a`) || Host(`b' } },
      'shop services[0].route.host: a`) || Host(`b',
    ],
    [
      'a path that ends the rule',
      { route: { host: 'a.b', path: '/`)' } },
      'shop services[0].route.path: /`)',
    ],
    ['a caller that is not there', { callers: ['web'] }, 'shop services[0].callers: web'],
    ['a service that calls itself', { callers: ['api'] }, 'shop services[0].callers: api'],
    [
      'addresses that are no range',
      { egress: [{ cidr: '10.0.0.0/33', ports: [443] }] },
      'shop services[0].egress[0].cidr: 10.0.0.0/33',
    ],
    [
      'the metadata service',
      { egress: [{ cidr: '169.254.169.254/32', ports: [80] }] },
      'shop services[0].egress[0].cidr: 169.254.169.254/32, the metadata service of EC2',
    ],
    [
      'addresses at no port, which would be every port',
      { egress: [{ cidr: '10.0.0.0/8', ports: [] }] },
      'shop services[0].egress[0].ports: no port',
    ],
    [
      'addresses at a port that is none',
      { egress: [{ cidr: '10.0.0.0/8', ports: [443, 0] }] },
      'shop services[0].egress[0].ports: 443, 0',
    ],
    [
      'a limit below the request',
      { memory: { requestMib: 64, limitMib: 32 } },
      'shop services[0].memory: request 64 MiB, limit 32 MiB',
    ],
    [
      'a CPU limit below the request',
      { cpu: { requestMillis: 50, limitMillis: 10 } },
      'shop services[0].cpu: request 50m, limit 10m',
    ],
    [
      'an autoscaler upside down',
      { autoscaler: { min: 3, max: 2, cpuPercent: 50 } },
      'shop services[0].autoscaler: min 3, max 2',
    ],
  ])('%s', (_, change, fault) => {
    expect(faultsOf({ ...props, services: [{ ...api, ...change }, worker] })).toEqual([fault]);
  });

  test('a name that a track of another service has', () => {
    expect(faultsOf({ ...props, services: [api, { ...worker, name: 'api-green' }] })).toEqual([
      'shop services[1].name: api-green',
    ]);
    expect(faultsOf({ ...props, services: [api, { ...worker, name: 'api-routed' }] })).toHaveLength(1);
    const internal = { ...api, route: undefined };
    expect(faultsOf({ ...props, services: [internal, { ...worker, name: 'api-green' }] })).toEqual([]);
  });

  test('a name that is given twice, at both places', () => {
    expect(faultsOf({ ...props, services: [worker, worker] })).toHaveLength(2);
  });

  test('an autoscaler between two tracks', () => {
    const scaled = { ...api, autoscaler: { min: 1, max: 2, cpuPercent: 50 } };
    expect(faultsOf({ ...props, strategy: 'canary', services: [scaled] })).toEqual([
      'shop services[0].autoscaler: an autoscaler with the strategy canary',
    ]);
    expect(faultsOf({ ...props, services: [scaled] })).toEqual([]);
  });

  test('what only the schema knows: a port with a fraction', () => {
    expect(faultsOf({ ...props, services: [{ ...worker, port: 1.5 }] })).toEqual(
      expect.arrayContaining([expect.stringContaining('containerPort: 1.5')]),
    );
  });
});

describe('the schema check', () => {
  const judge = (object: unknown) => objectFaults(object, 'a.yaml');
  const deployment = () => one(props, 'Deployment', 'api');

  test('E09: a misspelt field is found with object and path', () => {
    const object = deployment();
    const [container] = object.spec.template.spec.containers;
    container.imgae = container.image;
    expect(judge(object)).toEqual([
      {
        place: 'a.yaml Deployment api spec.template.spec.containers[0].imgae',
        value: 'a field that Kubernetes does not know',
        allowed: 'the fields of Deployment in apps/v1',
        change: 'correct its name, or remove it',
      },
    ]);
  });

  test('E09: a value of another type, one that is not allowed, and a field that is missing', () => {
    const object = deployment();
    object.spec.replicas = '2';
    delete object.spec.selector;
    expect(judge(object).map(({ place, value }) => `${place}: ${value}`)).toEqual(
      expect.arrayContaining([
        'a.yaml Deployment api spec.replicas: "2"',
        'a.yaml Deployment api spec.selector: nothing',
      ]),
    );
    const route = one({ ...props, strategy: 'canary' }, 'TraefikService', 'api');
    route.spec.weighted.services[0].weight = '90';
    expect(judge(route)).toEqual([
      expect.objectContaining({
        place: 'a.yaml TraefikService api spec.weighted.services[0].weight',
        value: '"90"',
      }),
    ]);
    route.spec.weighted.services[0].weight = 90;
    expect(judge(route)).toEqual([]);
  });

  test.each([
    ['an unknown kind', { apiVersion: 'apps/v1', kind: 'Deploiment', metadata: { name: 'a' } }],
    [
      'an old group',
      { apiVersion: 'traefik.containo.us/v1alpha1', kind: 'TraefikService', metadata: { name: 'a' } },
    ],
    ['nothing', null],
  ])('E09: %s is refused', (_, object) => {
    expect(judge(object)).toEqual([expect.objectContaining({ place: 'a.yaml' })]);
  });

  test('E09: a field that nobody knows is found wherever it stands, in free maps it is none', () => {
    const objects = [
      ...objectsOf({ ...props, strategy: 'canary' }),
      ...objectsOf({ ...props, services: [{ ...api, autoscaler: { min: 1, max: 2, cpuPercent: 50 } }] }),
    ].map(({ object }) => object);
    let found = 0;
    for (const object of objects) {
      expect(judge(object)).toEqual([]);
      for (const [path, part] of partsOf(object, '')) {
        part.zzz = '1';
        expect([path, judge(object).length]).toEqual([path, isFree(path, object.kind) ? 0 : 1]);
        delete part.zzz;
        found += 1;
      }
    }
    expect(found).toBeGreaterThan(300);
  });
});

const isFree = (path: string, kind: string): boolean =>
  /\.(labels|matchLabels|requests|limits)$/.test(path) ||
  (kind === 'ConfigMap' && path === '.data') ||
  (kind === 'Service' && path === '.spec.selector');

/** Every mapping inside an object, with its path. */
function partsOf(value: unknown, path: string): [string, Plain][] {
  if (Array.isArray(value)) return value.flatMap((item, index) => partsOf(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [];
  return [
    [path, value as Plain],
    ...Object.entries(value).flatMap(([name, field]) => partsOf(field, `${path}.${name}`)),
  ];
}
