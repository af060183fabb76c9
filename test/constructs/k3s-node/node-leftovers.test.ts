import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { changes, ScriptWorld, type Services } from './script-world';

const [R1, R2, R3] = ['r-111111111111', 'r-222222222222', 'r-333333333333'] as const;

let world: ScriptWorld;
beforeEach(() => {
  world = new ScriptWorld();
});
afterEach(() => world.remove());
afterAll(() => ScriptWorld.forget());

const ROLLING: Services = { rolling: ['api', 'worker'], routed: [] };
const TRACKS: Services = { rolling: ['worker'], routed: ['api'] };
const ALONE: Services = { rolling: ['worker'], routed: [] };
/** Objects of the service, without data and settings. */
const ofApi = () => world.objects.filter((name) => /\/api/.test(name));
const ROLLING_API = ['deployment.apps/api', 'ingressroute.traefik.io/api', 'service/api'];
const TRACKS_API = [
  'deployment.apps/api-blue',
  'ingressroute.traefik.io/api-routed',
  'poddisruptionbudget.policy/api',
  'service/api-blue',
  'service/api-green',
  'traefikservice.traefik.io/api',
];
const deleted = (calls: readonly string[]) =>
  changes(calls).flatMap((call) => /^kubectl delete (\S+)/.exec(call)?.[1] ?? []);
const finish = (release: string) => world.run({ Action: 'finish', Release: release });

test('E05 rolling to tracks: both routes are there until the release is finished', () => {
  world.release(R1, 'a', ROLLING);
  const { code, calls } = world.deploy(R2, 'b', '600', TRACKS);
  expect([code, deleted(calls)]).toEqual([0, []]);
  expect(ofApi()).toEqual([...ROLLING_API, ...TRACKS_API].sort());
  const finished = finish(R2);
  expect(deleted(finished.calls)).toEqual([...ROLLING_API].sort((a, b) => rank(a) - rank(b)));
  expect(finished.log).toContain(`ingressroute.traefik.io/api: ${R2} does not have it`);
  expect(ofApi()).toEqual(TRACKS_API);
  // The next one finds its tracks: neither the idle one nor the route is taken for left over.
  world.release(R3, 'c', TRACKS);
  expect(ofApi()).toEqual(['deployment.apps/api-blue', 'deployment.apps/api-green', ...TRACKS_API.slice(1)]);
  expect(world.cluster.route).toBe('0 100');
});

/** Traffic goes first, then what serves it. */
const rank = (name: string) =>
  ['ingressroute', 'deployment', 'service'].findIndex((kind) => name.startsWith(kind));

test('E06 rolling to tracks and back: the new route goes first, and nothing is left', () => {
  world.release(R1, 'a', ROLLING);
  const before = [world.cluster, world.objects];
  world.deploy(R2, 'b', '600', TRACKS);
  const { code, calls } = world.undo();
  expect(code).toBe(0);
  expect(
    changes(calls)
      .slice(0, 3)
      .map((call) => call.split(' ')[2]),
  ).toEqual([
    'ingressroute.traefik.io/api-routed',
    'traefikservice.traefik.io/api',
    'deployment.apps/api-blue',
  ]);
  expect([world.cluster, world.objects.filter((name) => !name.endsWith('config-b'))]).toEqual(before);
  expect(world.state).toEqual({ current: R1 });
});

test('E06 rolling to tracks, which never come up: the old route serves all the time', () => {
  world.release(R1, 'a', ROLLING);
  const before = ofApi();
  world.fault('rollout status deployment/api-blue', 'error: deployment exceeded its progress deadline');
  expect(world.deploy(R2, 'b', '600', TRACKS).code).toBe(1);
  expect(ofApi()).not.toContain('ingressroute.traefik.io/api-routed');
  expect(world.undo().code).toBe(0);
  expect(ofApi()).toEqual(before);
});

test('E06 rolling to tracks in the place of a release that was never finished: both are undone', () => {
  world.release(R1, 'a', ROLLING);
  const before = [world.cluster, ofApi()];
  const hash = world.read('deployments/api')?.split(' ')[2];
  world.deploy(R2, 'b', '600', ROLLING);
  world.deploy(R3, 'c', '600', TRACKS);
  expect(world.undo().code).toBe(0);
  expect([world.cluster, ofApi()]).toEqual(before);
  expect(world.read('deployments/api')?.split(' ')[2]).toBe(hash);
});

test('E05 tracks to rolling, and E06 undone', () => {
  world.release(R1, 'a', TRACKS);
  world.release(R2, 'b', TRACKS);
  const before = [world.cluster, ofApi()];
  world.deploy(R3, 'c', '600', ROLLING);
  expect(ofApi()).toEqual(expect.arrayContaining([...ROLLING_API, 'ingressroute.traefik.io/api-routed']));
  expect(world.undo().code).toBe(0);
  expect([world.cluster, ofApi()]).toEqual(before);
  world.release(R3, 'c', ROLLING);
  expect(ofApi()).toEqual(ROLLING_API);
});

test('a service that was taken out goes when the release is finished, and not before', () => {
  world.release(R1, 'a', ROLLING);
  const there = ofApi();
  world.deploy(R2, 'b', '600', ALONE);
  expect(ofApi()).toEqual(there);
  world.undo();
  expect(ofApi()).toEqual(there);
  world.release(R2, 'b', ALONE);
  expect(ofApi()).toEqual([]);
  expect(world.objects).toEqual(
    expect.arrayContaining(['statefulset.apps/redis', 'configmap/shop-config-a']),
  );
});

test('what others have put there is never touched, whether a release is finished or undone', () => {
  world.release(R1, 'a', ROLLING);
  const foreign = ['service/by-hand', 'ingressroute.traefik.io/by-hand', 'deployment.apps/by-hand'];
  for (const name of foreign) world.write(`objects/${name}`, '\n');
  world.write('objects/service/of-other', 'other\n');
  world.write('deployments/by-hand', '1 1 hash\n');
  world.write('revisions/by-hand', '1 hash\n');
  world.deploy(R2, 'b', '600', TRACKS);
  world.undo();
  world.release(R3, 'c', ALONE);
  expect(world.objects).toEqual(expect.arrayContaining([...foreign, 'service/of-other']));
  expect(world.read('deployments/by-hand')).toBe('1 1 hash\n');
});

test('a deployment that stopped half-way has not said what it has: finishing it deletes nothing', () => {
  world.release(R1, 'a', ROLLING);
  world.fault('get pods', 'KILL');
  world.fault('rollout status deployment/worker', 'KILL');
  world.deploy(R2, 'b', '600', ALONE);
  const { code, log, calls } = finish(R2);
  expect([code, deleted(calls)]).toEqual([0, []]);
  expect(log).toContain('it did not reach its end, so that nothing is deleted');
});

test('without the kinds of Traefik too little is known, and nothing is deleted', () => {
  world.release(R1, 'a', ROLLING);
  world.fault('get ingressroutes', 'error: the server doesn\'t have a resource type "ingressroutes"');
  world.deploy(R2, 'b', '600', ALONE);
  const { code, calls } = finish(R2);
  expect([code, deleted(calls)]).toEqual([0, []]);
});

test('what could not be deleted is told, and deleted when it is finished once more', () => {
  world.release(R1, 'a', ROLLING);
  world.deploy(R2, 'b', '600', ALONE);
  world.fault('delete ingressroute', 'Error from server (Forbidden): no');
  expect(finish(R2).result).toMatchObject({ outcome: 'failed', object: 'ingressroute.traefik.io/api' });
  // It passed its checks and is on record: there is nothing to undo.
  expect(world.state).toEqual({ current: R2 });
  expect(changes(world.undo().calls)).toEqual([]);
  world.run({ Action: 'health', Run: 'look' });
  const told = () =>
    JSON.parse(world.read('s3/shop-runs/runs/look/state.json') ?? '') as Record<string, unknown>;
  expect(told().leftovers).toEqual(expect.arrayContaining(ROLLING_API));
  expect(finish(R2).code).toBe(0);
  expect(ofApi()).toEqual([]);
  world.run({ Action: 'health', Run: 'look' });
  expect(told().leftovers).toEqual([]);
});

test.each([
  ['a Deployment', ROLLING, ALONE, 'deployment/api'],
  ['the tracks', TRACKS, ROLLING, 'deployment/api-blue'],
])(
  'E06 back to a release of which a later one took out %s is refused before anything changes',
  (_what, first, later, gone) => {
    world.release(R1, 'a', first);
    world.release(R2, 'b', later);
    const { code, calls, result } = world.run({ Action: 'rollback', Release: R1 });
    expect([code, changes(calls)]).toEqual([1, []]);
    expect(result).toMatchObject({
      phase: 'check',
      object: gone,
      message: `it does not exist any more; deploy the commit of ${R1} again`,
    });
    expect(world.state).toEqual({ current: R2 });
  },
);

test('E06 back to a release whose route is gone is refused as well', () => {
  world.release(R1, 'a', ROLLING);
  rmSync(join(world.folder, 'objects/ingressroute.traefik.io/api'));
  world.release(R2, 'b', ALONE);
  world.write('deployments/api', '2 1 hash\n');
  world.write(
    'revisions/api',
    world.read('state/releases/' + R1)?.replace(/[^]*deployment api \d+ (\w+)[^]*/, '1 $1\n') ?? '',
  );
  const { calls, result } = world.run({ Action: 'rollback', Release: R1 });
  expect(changes(calls)).toEqual([]);
  expect(result.object).toBe('ingressroute.traefik.io/api');
});

test('E06 back to a release of the past undoes one that is open as well', () => {
  world.release(R1, 'a', ROLLING);
  const before = ofApi();
  world.deploy(R2, 'b', '600', TRACKS);
  expect(world.run({ Action: 'rollback', Release: R1 }).code).toBe(0);
  expect(ofApi()).toEqual(before);
  expect(world.state).toEqual({ current: R1 });
});
