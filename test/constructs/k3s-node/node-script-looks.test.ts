import { setTimeout as sleep } from 'node:timers/promises';
import { ScriptWorld } from './script-world';

const [R1, R2, R3] = ['r-111111111111', 'r-222222222222', 'r-333333333333'] as const;

let world: ScriptWorld;
beforeEach(() => {
  world = new ScriptWorld();
});
afterEach(() => world.remove());
afterAll(() => ScriptWorld.forget());

describe('traffic, sample, health and backup', () => {
  test('traffic for a release that is not being deployed is refused', () => {
    world.release(R1, 'a');
    const { code, result } = world.run({ Action: 'traffic', Release: R2, Weight: '10' });
    expect([code, result.message]).toEqual([1, `${R2} is not being deployed`]);
    world.deploy(R2, 'b');
    expect(world.run({ Action: 'finish', Release: R3 }).result.message).toBe(
      `${R3} is not being deployed, ${R2} is`,
    );
  });

  test('a sample is what Traefik says of itself', () => {
    world.write('metrics', 'traefik_service_requests_total{service="x"} 1\n');
    const { code, calls } = world.run({ Action: 'sample', Run: 'one' });
    expect(code).toBe(0);
    expect(world.read('s3/shop-runs/runs/one/metrics.txt')).toBe(
      `# pod/traefik-57c9-kx2p\n${world.read('metrics') ?? ''}`,
    );
    expect(calls.join()).toContain('/pods/traefik-57c9-kx2p:9100/proxy/metrics');
  });

  test('E07 health hands over what the cluster says, with the releases that the node knows', () => {
    world.release(R1, 'a');
    world.deploy(R2, 'b');
    expect(world.run({ Action: 'health', Run: 'look' }).code).toBe(0);
    const state = JSON.parse(world.read('s3/shop-runs/runs/look/state.json') ?? '') as Record<
      string,
      unknown
    >;
    const image = (digit: string) => `image 111.example.com/shop@sha256:${digit.repeat(64)}`;
    expect(state.current).toEqual(expect.arrayContaining([`release ${R1}`, image('a')]));
    expect(state.pending).toEqual(expect.arrayContaining([`release ${R2}`, image('b')]));
    expect(state.objects).toEqual({ kind: 'List', items: [] });
  });

  test('a backup stops K3s for the copy and starts it again, whatever happens', async () => {
    world.write('k3s/server/db/state.db', 'rows');
    world.write('k3s/server/token', 'token');
    const { code, calls } = world.run({ Action: 'backup', Run: 'nightly' });
    expect(code).toBe(0);
    expect(calls.filter((call) => /systemctl|backups/.test(call))).toEqual([
      'systemctl stop k3s',
      'aws s3 cp --only-show-errors - s3://shop-runs/backups/nightly.tar.gz',
      'systemctl start k3s',
    ]);
    expect(world.read('s3/shop-runs/backups/nightly.tar.gz')).toBeDefined();

    world.fault('backups/', 'fatal error: An error occurred (AccessDenied)', 1);
    const failed = world.run({ Action: 'backup' });
    expect([failed.code, failed.result.message]).toEqual([1, 'the backup could not be made or uploaded']);
    expect(failed.calls.filter((call) => call.startsWith('systemctl'))).toEqual([
      'systemctl stop k3s',
      'systemctl start k3s',
    ]);
    // Ended as SSM ends a cancelled command: K3s is started even then.
    world.fault('backups/', 'KILL');
    const killed = world.run({ Action: 'backup' });
    expect(killed.code).not.toBe(0);
    const starts = () => (world.read('calls') ?? '').split('systemctl start k3s').length - 1;
    const looked = Date.now();
    while (starts() < 3 && Date.now() - looked < 10_000) await sleep(20);
    expect(starts()).toBe(3);
  });
});
