import * as fc from 'fast-check';
import { type Judgement, judgeCanaries, judgeCanary } from '../../../constructs/k3s-node/runtime/canary';
import { parseClusterState } from '../../../constructs/k3s-node/runtime/cluster-state';
import { diagnosesOf } from '../../../constructs/k3s-node/runtime/diagnose';
import { healthChecks } from '../../../constructs/k3s-node/runtime/health';
import { releaseOf } from '../../../constructs/k3s-node/runtime/manifests';
import {
  type Counts,
  countsOf,
  increase,
  parseMetrics,
  quantile,
} from '../../../constructs/k3s-node/runtime/metrics';
import { newLines } from '../../../constructs/k3s-node/runtime/node-log';
import { recentWarnings } from '../../../constructs/k3s-node/runtime/warnings';
import { parseK3sNodeSpec } from '../../../constructs/k3s-node/spec';
import { ImageReference, LockstepError } from '../../../contract';
import { RULE, specOf } from './world';

const image = (name: string, digit: string) =>
  ImageReference.parse(`registry.example.com/${name}@sha256:${digit.repeat(64)}`);

describe('the release of a set of manifests', () => {
  const spec = {
    manifests: 'k8s/shop',
    repositories: ['registry.example.com/api', 'registry.example.com/worker'],
  };
  const line = (text: string) => ({
    path: `${text.length}.yaml`,
    text: `a: 1\n        image: ${text}\nb: 2\n`,
  });
  const files = [
    line('registry.example.com/api'),
    line('"registry.example.com/worker"'),
    line('registry.example.com/api-gateway:1'),
  ];
  const images = [image('api', 'a'), image('worker', 'b')];

  test('puts each digest behind exactly its own lines', () => {
    const release = releaseOf(spec, files, images);
    expect(release.files.map(({ text }) => text.split('\n')[1])).toEqual([
      `        image: ${image('api', 'a').toString()}`,
      `        image: ${image('worker', 'b').toString()}`,
      '        image: registry.example.com/api-gateway:1',
    ]);
  });

  test('has the name of its content, whatever the order', () => {
    const { name } = releaseOf(spec, files, images);
    expect(name).toMatch(/^r-[0-9a-f]{12}$/);
    expect(releaseOf(spec, [...files].reverse(), [...images].reverse()).name).toBe(name);
    expect(releaseOf(spec, files, [image('api', 'c'), image('worker', 'b')]).name).not.toBe(name);
    expect(releaseOf(spec, [...files, { path: 'x', text: '' }], images).name).not.toBe(name);
  });

  test.each([
    [
      'an image without a line',
      [files[0], files[2]],
      images,
      'k8s/shop: got no line with registry.example.com/worker',
    ],
    [
      'a line without its image',
      files,
      [image('api', 'a')],
      'an image of registry.example.com/worker by --image',
    ],
    [
      'a line with a tag',
      [...files, line('registry.example.com/api:latest')],
      images,
      'without tag and digest',
    ],
    [
      'a line with a digest',
      [...files, line(image('api', 'd').toString())],
      images,
      `got ${image('api', 'd').toString()}`,
    ],
  ])('refuses %s', (_case, given, with_, said) => {
    const present = given.flatMap((file) => file ?? []);
    expect(() => releaseOf(spec, present, with_)).toThrow(said);
  });
});

describe('Traefik metrics', () => {
  const text = [
    '# HELP traefik_service_requests_total How many HTTP requests',
    'traefik_service_requests_total{code="200",method="GET",protocol="http",service="shop-api-blue-80@kubernetescrd"} 90',
    'traefik_service_requests_total{code="503",method="GET",protocol="http",service="shop-api-blue-80@kubernetescrd"} 1e1',
    'traefik_service_requests_total{code="404",method="GET",service="shop-api-blue-8080@kubernetescrd"} 5 1700000000000',
    'traefik_service_requests_total{code="500",service="shop-api-blue-blue-80@kubernetescrd"} 77',
    'traefik_service_requests_total{code="500",service="shop-api-blue-80@kubernetes"} 77',
    'traefik_service_request_duration_seconds_bucket{code="200",service="shop-api-blue-80@kubernetescrd",le="0.1"} 50',
    'traefik_service_request_duration_seconds_bucket{code="200",service="shop-api-blue-80@kubernetescrd",le="+Inf"} 100',
    'a line of another form',
  ].join('\n');

  test('are counted for one service, whatever its port and code', () => {
    const counts = countsOf(parseMetrics(text), 'shop', 'api-blue');
    expect(counts).toEqual({
      requests: 105,
      errors: 10,
      buckets: new Map([
        [0.1, 50],
        [Infinity, 100],
      ]),
    });
  });

  test('label values may hold quotes, commas and backslashes', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const escaped = value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
        const [series] = parseMetrics(`a{x="1",y="${escaped}",z="2"} 3`);
        expect(series && [...series.labels.values()]).toEqual(['1', value, '2']);
      }),
    );
  });

  test('a quantile lies between its bounds, and rises with the share', () => {
    const buckets = fc.array(fc.nat(100), { minLength: 4, maxLength: 4 }).map((counts) => {
      let total = 0;
      const bounds = [0.1, 0.3, 1.2, Infinity];
      return new Map(bounds.map((bound, index) => [bound, (total += counts[index] ?? 0)]));
    });
    const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(buckets, share, share, (found, a, b) => {
        const counts = { requests: 0, errors: 0, buckets: found };
        const [low, high] = [quantile(counts, Math.min(a, b)), quantile(counts, Math.max(a, b))];
        if (low === undefined || high === undefined) return found.get(Infinity) === 0;
        return low >= 0 && high <= 1.2 && low <= high;
      }),
    );
  });

  const series = (code: string, value: number, source = 'pod/a') =>
    parseMetrics(`# ${source}\nrequests_total{code="${code}",service="x"} ${value}\nother{service="x"} 1`);
  const valuesOf = (...given: Parameters<typeof increase>) => increase(...given).map(({ value }) => value);

  test('a counter that was begun anew counts whole, whatever the others have counted', () => {
    expect(valuesOf(series('200', 100), series('200', 150))).toEqual([50, 0]);
    expect(valuesOf(series('200', 100), series('200', 7))).toEqual([7, 0]);
    const [before, after] = [
      [...series('200', 100), ...series('500', 40)],
      [...series('200', 300), ...series('500', 30)],
    ];
    // In the sum, which has grown from 140 to 330, the 30 errors would be none.
    expect(valuesOf(before, after)).toEqual([200, 0, 30, 0]);
  });

  test('each pod of Traefik counts for itself', () => {
    const before = [...series('200', 100), ...series('200', 50, 'pod/b')];
    const after = [...series('200', 110), ...series('200', 60, 'pod/c')];
    expect(valuesOf(before, after)).toEqual([10, 0, 60, 1]);
  });

  test('no series has counted less than nothing, or more than it says', () => {
    const some = fc
      .array(fc.tuple(fc.constantFrom('200', '404', '500'), fc.nat(1_000)))
      .map((all) => [...new Map(all)].flatMap(([code, value]) => series(code, value)));
    fc.assert(
      fc.property(some, some, (before, after) =>
        increase(before, after).every(
          ({ value }, index) => value >= 0 && value <= (after[index]?.value ?? -1),
        ),
      ),
    );
  });
});

describe('a canary', () => {
  const counts = (requests: number, errors = 0, slow = 0): Counts => ({
    requests,
    errors,
    buckets: new Map([
      [0.1, requests - slow],
      [1, requests],
      [Infinity, requests],
    ]),
  });

  test.each<[string, Counts, Counts, Judgement['verdict']]>([
    ['like the version beside it', counts(900, 9), counts(100, 1), 'good'],
    ['with more errors within the margin', counts(900), counts(100, 2), 'good'],
    ['with more errors beyond it', counts(900), counts(100, 3), 'worse'],
    ['that is slower', counts(900), counts(100, 0, 20), 'worse'],
    ['that was asked too little', counts(900), counts(49, 49), 'open'],
    ['with nothing beside it', counts(0), counts(100), 'open'],
    ['with too little beside it', counts(49), counts(100, 100), 'open'],
  ])('%s', (_case, baseline, canary, verdict) => {
    const judged = judgeCanary(RULE, baseline, canary);
    expect(judged.verdict).toBe(verdict);
    expect(judged.reasons.join()).not.toBe('');
  });

  const asked = fc.integer({ min: RULE.minimumRequests, max: 10_000 });
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const some = fc
    .tuple(asked, share, share)
    .map(([requests, errors, slow]) =>
      counts(requests, Math.floor(requests * errors), Math.floor(requests * slow)),
    );

  test('is never worse than itself', () => {
    fc.assert(fc.property(some, (each) => judgeCanary(RULE, each, each).verdict === 'good'));
  });

  test('is never judged below the minimum of either side, and always at it', () => {
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), share, (beside, requests, errors) => {
        const canary = counts(requests, Math.floor(requests * errors));
        const { verdict } = judgeCanary(RULE, counts(beside), canary);
        return (verdict === 'open') === Math.min(beside, requests) < RULE.minimumRequests;
      }),
    );
  });

  test('does not become better with more errors', () => {
    fc.assert(
      fc.property(some, some, (baseline, canary) => {
        const more = { ...canary, errors: Math.min(canary.requests, canary.errors + 1) };
        const worse = (each: Counts) => judgeCanary(RULE, baseline, each).verdict === 'worse';
        return !worse(canary) || worse(more);
      }),
    );
  });

  test('of several routes counts as its worst', () => {
    const sample = (service: string, requests: number, errors: number) =>
      ['blue', 'green']
        .map((track) => {
          const name = `service="shop-${service}-${track}-80@kubernetescrd"`;
          const failed = track === 'green' ? errors : 0;
          return `traefik_service_requests_total{code="200",${name}} ${requests - failed}\ntraefik_service_requests_total{code="500",${name}} ${failed}`;
        })
        .join('\n');
    const routes = [
      { service: 'api', track: 'green' },
      { service: 'web', track: 'green' },
    ] as const;
    const judge = (after: string) => judgeCanaries(RULE, 'shop', routes, '', after);
    expect(judge(`${sample('api', 100, 0)}\n${sample('web', 100, 0)}`).verdict).toBe('good');
    expect(judge(`${sample('api', 100, 0)}\n${sample('web', 10, 0)}`)).toEqual({
      verdict: 'open',
      reasons: ['web: 10 of 50 requests that the canary must have answered'],
    });
    expect(judge(`${sample('api', 100, 50)}\n${sample('web', 10, 0)}`).verdict).toBe('worse');
  });
});

describe('E07 the health of a cluster', () => {
  const spec = { statefulSets: ['redis'], deployments: ['worker'], routed: ['api'] };
  const NOW = Date.UTC(2026, 10, 20, 12);
  const owned = (kind: string, name: string) => ({ ownerReferences: [{ kind, name }] });
  const rollout = (kind: string, name: string, status: object = {}) => ({
    kind,
    metadata: { name, generation: 2 },
    spec: { replicas: 1, template: { spec: { containers: [{ name: 'main' }] } } },
    status: { observedGeneration: 2, replicas: 1, updatedReplicas: 1, readyReplicas: 1, ...status },
  });
  const pod = (name: string, owner: object, status: object = {}, container: object = {}) => ({
    kind: 'Pod',
    metadata: { name, ...owner },
    status: {
      phase: 'Running',
      containerStatuses: [{ name: 'main', ready: true, state: {}, ...container }],
      ...status,
    },
  });
  const NODE = {
    kind: 'Node',
    metadata: { name: 'n1' },
    status: { conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const route = (blue: number, green: number) => ({
    metadata: { name: 'api' },
    spec: {
      weighted: {
        services: [
          { name: 'api-blue', weight: blue },
          { name: 'api-green', weight: green },
        ],
      },
    },
  });
  const WORKER = { kind: 'ReplicaSet', metadata: { name: 'worker-1', ...owned('Deployment', 'worker') } };
  const healthy = [
    NODE,
    rollout('StatefulSet', 'redis'),
    rollout('Deployment', 'worker'),
    rollout('Deployment', 'api-blue'),
    WORKER,
    pod('worker-1-x', owned('ReplicaSet', 'worker-1')),
    pod('redis-0', owned('StatefulSet', 'redis')),
  ];
  const stateOf = (items: readonly object[], routes: readonly object[] = [route(100, 0)]) =>
    parseClusterState(
      JSON.stringify({
        current: [],
        pending: [],
        leftovers: [],
        objects: { items },
        routes: { items: routes },
      }),
      [],
    );
  const replaced = (at: number, by: object) => healthy.map((each, index) => (index === at ? by : each));
  const worker = (status: object, container: object = {}) =>
    replaced(5, pod('worker-1-x', owned('ReplicaSet', 'worker-1'), status, container));
  const waiting = (reason: string, message = '') => ({
    ready: false,
    state: { waiting: { reason, message } },
  });
  const failed = (items: readonly object[], routes?: readonly object[]) =>
    healthChecks(spec, stateOf(items, routes))
      .filter(({ passed }) => !passed)
      .map(({ name, detail }) => `${name}: ${detail}`);

  test('is good when nodes are ready, what serves is complete, pods run and probes pass', () => {
    expect(failed(healthy)).toEqual([]);
    expect(diagnosesOf(stateOf(healthy))).toEqual([]);
  });

  test.each<[string, readonly object[], string]>([
    ['no node', healthy.slice(1), 'node: the cluster has no node'],
    [
      'a node that is not ready',
      replaced(0, {
        ...NODE,
        status: { conditions: [{ type: 'Ready', status: 'Unknown', message: 'gone' }] },
      }),
      'node: n1 is not Ready: gone',
    ],
    [
      'a node under pressure',
      replaced(0, {
        ...NODE,
        status: {
          conditions: [...NODE.status.conditions, { type: 'DiskPressure', status: 'True', message: 'full' }],
        },
      }),
      'node: n1 has DiskPressure: full',
    ],
    ['a StatefulSet that is missing', replaced(1, NODE), 'redis: it does not exist'],
    [
      'fewer replicas than expected',
      replaced(2, rollout('Deployment', 'worker', { readyReplicas: 0 })),
      'worker: 0 of 1 ready, 1 up to date',
    ],
    [
      'replicas of another template',
      replaced(2, rollout('Deployment', 'worker', { updatedReplicas: 0 })),
      'worker: 1 of 1 ready, 0 up to date',
    ],
    [
      'a change that was not taken up',
      replaced(3, rollout('Deployment', 'api-blue', { observedGeneration: 1 })),
      'api-blue: 1 of 1 ready, 1 up to date; the last change is not taken up yet',
    ],
    ['an image that cannot be pulled', worker({}, waiting('ErrImagePull', 'denied')), 'ErrImagePull: denied'],
    ['a crash loop', worker({}, waiting('CrashLoopBackOff')), 'CrashLoopBackOff'],
    [
      'a pod that is not running',
      worker({ phase: 'Pending', containerStatuses: [] }),
      'worker-1-x: is Pending',
    ],
    ['a probe that fails', worker({}, { ready: false }), 'main does not pass its probes'],
  ])('fails for %s', (_case, items, said) => {
    expect(failed(items).join()).toContain(said);
  });

  test('fails while the traffic is shared, or without a route', () => {
    expect(failed(healthy, [route(90, 10)])).toEqual(['traffic of api: blue 90 %, green 10 %']);
    expect(failed(healthy, [])).toEqual(['traffic of api: there is no route']);
    // The side with the traffic is the one that counts.
    expect(failed(healthy, [route(0, 100)])).toEqual(['api-green: it does not exist']);
  });

  test('E07 tells recent warnings, newest first, and not those of before', () => {
    const event = (minutes: number, reason: string, type = 'Warning') => ({
      kind: 'Event',
      type,
      reason,
      message: 'said',
      lastTimestamp: new Date(NOW - minutes * 60_000).toISOString(),
      involvedObject: { kind: 'Pod', name: 'worker-1-x' },
    });
    const events = [
      event(11, 'Old'),
      event(5, 'BackOff'),
      event(1, 'Unhealthy'),
      event(1, 'Pulled', 'Normal'),
    ];
    const told = (items: readonly object[]) => recentWarnings(stateOf([...healthy, ...items]), NOW);
    const head = 'Kubernetes has warned within the last ten minutes: ';
    expect(told(events)).toBe(`${head}worker-1-x Unhealthy: said; worker-1-x BackOff: said`);
    expect(told([1, 2, 3, 4, 5, 6, 7].map((at) => event(at, 'BackOff')))).toMatch(/; and 2 more$/);
    expect(told(events.slice(0, 1))).toBe('no warning of Kubernetes within the last ten minutes');
  });

  test.each<[string, readonly object[], string]>([
    ['pull', worker({}, waiting('ImagePullBackOff')), 'the node role may pull'],
    [
      'memory',
      worker(
        {},
        { ...waiting('CrashLoopBackOff'), lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } },
      ),
      'raise the memory limit',
    ],
    ['crash', worker({}, waiting('CrashLoopBackOff')), 'read what the container wrote'],
    ['probes', worker({}, { ready: false }), 'readiness probe'],
    [
      'room',
      worker({
        phase: 'Pending',
        containerStatuses: [],
        conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes: Insufficient memory.' }],
      }),
      'lower the requests',
    ],
    ['config', worker({}, waiting('CreateContainerConfigError')), 'compare the ConfigMaps'],
  ])('is diagnosed with a remedy: %s', (_case, items, remedy) => {
    const found = diagnosesOf(stateOf(items));
    expect(found).toHaveLength(1);
    expect(found[0]?.remedy).toContain(remedy);
  });

  test('is diagnosed with what is most probably the cause first, whatever the order of the pods', () => {
    const slow = pod('redis-0', owned('StatefulSet', 'redis'), {}, { ready: false });
    const items = worker({}, waiting('ImagePullBackOff')).map((each, at) => (at === 6 ? slow : each));
    expect(diagnosesOf(stateOf(items)).map(({ source }) => source)).toEqual([
      'pod worker-1-x',
      'pod redis-0',
    ]);
  });

  test('a state of another form is refused', () => {
    expect(() => parseClusterState('{"current":[]}', [])).toThrow(LockstepError);
    expect(() => parseClusterState('', [])).toThrow('NodeRunFailed');
  });
});

describe('the log of a node', () => {
  test('is told once, line by line, however it arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,5}$/)), fc.array(fc.nat(50)), (lines, cuts) => {
        const log = lines.map((line) => `${line}\n`).join('');
        const ends = [...cuts.map((cut) => cut % (log.length + 1)).sort((a, b) => a - b), log.length];
        let seen = '';
        const told = ends.flatMap((end) => {
          const found = newLines(seen, log.slice(0, end));
          seen = found.seen;
          return found.lines;
        });
        expect(told).toEqual(lines);
      }),
    );
  });
});

describe('the spec', () => {
  test('is read as it was written, and refused with the field', () => {
    expect(parseK3sNodeSpec(specOf(), 'target x')).toEqual(specOf());
    const steps = (...given: number[]) => ({
      ...specOf(),
      strategy: { kind: 'canary', steps: given, stepSeconds: 1, rule: RULE },
    });
    expect(() => parseK3sNodeSpec(steps(50, 10), 'target x')).toThrow('target x spec.strategy.steps');
    expect(() => parseK3sNodeSpec(steps(100), 'target x')).toThrow('spec.strategy.steps.0');
    expect(() => parseK3sNodeSpec({ ...specOf(), bucket: 1 }, 'target x')).toThrow('spec.bucket');
  });
});
