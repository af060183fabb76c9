import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { changes, ScriptWorld } from './script-world';

const [R1, R2, R3] = ['r-111111111111', 'r-222222222222', 'r-333333333333'] as const;

let world: ScriptWorld;
beforeEach(() => {
  world = new ScriptWorld();
});
afterEach(() => world.remove());
afterAll(() => ScriptWorld.forget());

const leftovers = (): readonly string[] =>
  readdirSync(world.folder).filter((name) => name.startsWith('lockstep.'));

describe('deploy', () => {
  test('E05 asks the API first, applies base, stateful, workloads and routes in order, waits for each, and clears up', () => {
    const { code, calls, log, result } = world.deploy(R1, 'a');
    expect([code, result.outcome]).toEqual([0, 'done']);
    const order = calls
      .filter((call) => /^kubectl (apply|rollout|get (--raw|pods))/.test(call))
      .map((call) =>
        call.replace(/\S*\/manifests\//, '').replace(/ (-o|--(server|validate|no-headers)).*/, ''),
      );
    expect(order).toEqual([
      'kubectl get --raw=/readyz',
      'kubectl apply -f 10-base/namespace.yaml',
      'kubectl apply -f 10-base',
      'kubectl apply -f 20-stateful/redis.yaml',
      'kubectl rollout status statefulset/redis --timeout=10s',
      'kubectl apply -f 30-deployments/worker.yaml',
      'kubectl rollout status deployment/worker --timeout=10s',
      'kubectl apply -f 40-routed/api/shared.yaml',
      'kubectl apply -f 40-routed/api/blue.yaml',
      'kubectl rollout status deployment/api-blue --timeout=10s',
      'kubectl apply -f 40-routed/api/route.yaml',
      'kubectl apply -f 40-routed/api/ingress.yaml',
      'kubectl get pods',
    ]);
    expect(log).toContain('deployment/api-blue is ready');
    expect(log).toContain('api-1 Running true 0');
    expect(leftovers()).toEqual([]);
    expect(existsSync(join(world.folder, 'state/lock'))).toBe(false);
  });

  test('E05 no call waits for ever, and none validates on the client side', () => {
    world.deploy(R1, 'a');
    const calls = (world.read('calls') ?? '').split('\n').filter((call) => call.startsWith('kubectl'));
    expect(calls.filter((call) => !call.includes('--request-timeout='))).toEqual([]);
    const applied = calls.filter((call) => call.startsWith('kubectl apply'));
    expect(applied.length).toBeGreaterThan(0);
    expect(applied.filter((call) => !call.includes('--validate=false'))).toEqual([]);
  });

  test('the second release goes beside the first one, and the traffic stays until it is asked for', () => {
    world.release(R1, 'a');
    const first = world.cluster;
    expect(first.route).toBe('100 0');
    world.deploy(R2, 'b');
    expect(world.cluster).toMatchObject({ 'api-blue': first['api-blue'], route: '100 0' });
    expect(world.cluster['api-green']).toMatch(/^2 of /);
    expect(world.run({ Action: 'traffic', Release: R2, Weight: '10' }).code).toBe(0);
    expect(world.cluster.route).toBe('90 10');
    world.run({ Action: 'traffic', Release: R2, Weight: '100' });
    world.run({ Action: 'finish', Release: R2 });
    expect(world.cluster.route).toBe('0 100');
    expect(world.cluster['api-blue']).toMatch(/^0 of /);
    expect(world.state).toEqual({ current: R2 });
  });

  test('the same release again changes no track and no weight', () => {
    world.release(R1, 'a');
    world.release(R2, 'b');
    const before = world.cluster;
    world.release(R2, 'b');
    expect(world.cluster).toEqual(before);
    expect(world.state).toEqual({ current: R2 });
  });

  test.each([
    ['net/http: TLS handshake timeout', 'apply'],
    ['Error from server: etcdserver: request timed out', 'get replicasets'],
    ['The connection to the server was refused - connection refused', 'rollout status'],
  ])('E05 a busy API server (%s) is asked again', (words, call) => {
    world.fault(`kubectl ${call}`, words, 3);
    const { code, log } = world.deploy(R1, 'a');
    expect(code).toBe(0);
    expect(log).toContain(words.slice(-20));
  });

  test('E05 an API that never answers ends the run at its deadline, with nothing changed', () => {
    world.fault('readyz', 'net/http: TLS handshake timeout', 10_000);
    const { code, result, calls } = world.deploy(R1, 'a', '60');
    expect([code, result.outcome, result.phase]).toEqual([1, 'failed', 'api']);
    expect(result.message).toContain('TLS handshake timeout');
    expect(changes(calls)).toEqual([]);
  });

  test('a rollout that does not come up says why, before the deadline', () => {
    const reason = (pods: string) => {
      world.write('pods', pods);
      return world.deploy(R1, 'a', '60').result;
    };
    world.fault('rollout status deployment/worker', 'error: timed out waiting for the condition', 10_000);
    expect(reason('worker-x-1 <none> <none> 0\n')).toMatchObject({
      phase: 'deploy',
      object: 'deployment/worker',
      message: 'not ready before the deadline of 60 s',
    });
    const hash = world.read('deployments/worker')?.trim().split(' ')[2] ?? '';
    expect(reason(`worker-x-1 ${hash} ImagePullBackOff 0\n`).message).toBe('worker-x-1: ImagePullBackOff');
    const patience = `worker-x-1 ${hash} CrashLoopBackOff 2\nworker-x-2 other CrashLoopBackOff 9\n`;
    expect(reason(patience).message).toContain('not ready');
    expect(reason(`worker-x-1 ${hash} CrashLoopBackOff 3\n`).message).toBe(
      'worker-x-1: CrashLoopBackOff after 3 restarts',
    );
  });

  test('a rollout beyond its own deadline, and an object that is refused, are failures with the object', () => {
    world.fault(
      'rollout status deployment/worker',
      'error: deployment "worker" exceeded its progress deadline',
    );
    expect(world.deploy(R1, 'a').result).toMatchObject({ object: 'deployment/worker' });
    world.fault('apply -f .*redis', 'The StatefulSet "redis" is invalid: spec: Forbidden');
    expect(world.deploy(R1, 'a').result).toMatchObject({
      phase: 'stateful',
      object: '20-stateful/redis.yaml',
      message: 'The StatefulSet "redis" is invalid: spec: Forbidden',
    });
  });
});

describe('parameters', () => {
  const hostile = [
    '$(touch pwned)',
    '`touch pwned`',
    "a' ; touch pwned; '",
    'a" ; touch pwned; "',
    'a b',
    '{{ Run }}',
    'a\nb',
    '*',
    '',
  ];
  test.each(['Action', 'Run', 'Release', 'Weight', 'DeadlineSeconds'] as const)(
    'E05 hostile characters and spaces in %s are refused, and never run',
    (name) => {
      for (const value of hostile) {
        if (name === 'Release' && value === '') continue;
        const parameters = { Action: 'traffic', Release: R1, Weight: '1', [name]: value };
        const { code, stderr } = world.run(parameters);
        expect([value, code]).toEqual([value, 64]);
        expect(stderr).toContain(`lockstep: ${name} is`);
      }
      expect(existsSync(join(world.folder, 'pwned'))).toBe(false);
      expect(world.read('calls')).toBe('');
    },
  );

  test('E05 an agent that hands over no variables is named as the cause', () => {
    const { code, stderr } = world.spawn({}, 'none');
    expect(code).toBe(64);
    expect(stderr).toContain('older than 3.3.2746.0');
    expect(world.read('calls')).toBe('');
  });

  test('what needs a release refuses to go without', () => {
    const { code, stderr } = world.run({ Action: 'finish' });
    expect([code, stderr]).toEqual([64, 'lockstep: finish needs a Release\n']);
  });
});

describe('a run that did not reach its end', () => {
  test.each([
    ['while base is applied', 'apply -f .*10-base '],
    ['while it waits for the worker', 'rollout status deployment/worker'],
    ['while the other track is applied', 'apply -f .*green.yaml'],
    ['when only the pods were missing', 'get pods'],
  ])(
    'killed %s: the next run comes to the end, and a rollback leads to what was there before',
    (_when, at) => {
      world.release(R1, 'a');
      const before = world.cluster;
      world.fault(at, 'KILL');
      expect(world.deploy(R2, 'b').code).not.toBe(0);
      expect(world.state.pending).toContain(R2);

      const again = world.deploy(R3, 'c');
      expect(again.code).toBe(0);
      expect(again.log).toContain('has left the lock behind');
      expect(again.log).toContain(`${R2} was not finished: the state before it counts`);
      expect(world.undo().code).toBe(0);
      // The other track is there now, without pods.
      expect(world.cluster).toMatchObject(
        Object.fromEntries(Object.entries(before).filter(([name]) => name !== 'api-green')),
      );
      expect(world.cluster['api-green'] ?? '0 of').toMatch(/^0 of/);
      expect(world.state).toEqual({ current: R1 });
    },
  );

  test('killed with a part of the traffic moved: the next release does not go where traffic is', () => {
    world.release(R1, 'a');
    world.deploy(R2, 'b');
    world.run({ Action: 'traffic', Release: R2, Weight: '10' });
    const { calls } = world.deploy(R3, 'c');
    const [patched] = changes(calls).filter((call) => call.includes('patch'));
    expect(patched).toContain('"weight":100');
    expect(calls.indexOf(patched ?? '')).toBeLessThan(calls.findIndex((call) => /apply .*green/.test(call)));
    expect(world.cluster.route).toBe('100 0');
  });

  test('killed in finish: finishing once more completes it', () => {
    world.release(R1, 'a');
    world.deploy(R2, 'b');
    world.run({ Action: 'traffic', Release: R2, Weight: '100' });
    world.fault('kubectl scale', 'KILL');
    world.run({ Action: 'finish', Release: R2 });
    expect(world.run({ Action: 'finish', Release: R2 }).code).toBe(0);
    expect(world.cluster['api-blue']).toMatch(/^0 of /);
    expect(world.state).toEqual({ current: R2 });
    expect(world.run({ Action: 'finish', Release: R2 }).log).toContain('nothing is open');
  });

  describe('stopped in finish', () => {
    const HOW = { killed: 'KILL', failed: 'Error from server (Forbidden): no' } as const;
    /** Calls of finish, each with what it is killed or fails at. */
    const CALLS = [
      'kubectl get --raw',
      'kubectl get ingressroutes',
      'kubectl get deployments,',
      'kubectl get traefikservices',
      'kubectl get replicasets',
      'sync .*releases/r-2',
      'sync .*state/current.new',
      'kubectl scale',
      'sync .*leftovers.new',
      'kubectl delete',
    ];
    const usual = { rolling: ['worker'], routed: ['api'] };
    const [first, second] = [{ ...usual, rolling: ['worker', 'old'] }, usual];

    /** What serves, and the release that is current by the word of the node. */
    const serving = ({ cluster, state }: ScriptWorld) => {
      const track = cluster.route?.startsWith('0 ') ? 'api-green' : 'api-blue';
      return [state.current, cluster[track], cluster.worker];
    };
    let runs: Readonly<Record<string, readonly (string | undefined)[]>> = {};
    const worlds: ScriptWorld[] = [];
    const copyOf = (origin: ScriptWorld) => {
      const copy = origin.copy();
      worlds.push(copy);
      return copy;
    };
    const begun = (services = first) => {
      world.release(R1, 'a', services);
      runs = { [R1]: serving(world) };
      world.deploy(R2, 'b', '600', second);
      world.run({ Action: 'traffic', Release: R2, Weight: '100' });
      const whole = copyOf(world);
      whole.run({ Action: 'finish', Release: R2 });
      runs = { ...runs, [R2]: serving(whole) };
    };
    afterEach(() => worlds.splice(0).forEach((each) => each.remove()));

    test.each(['killed', 'failed'] as const)(
      'E06 %s at any call: current is what runs, whatever comes next',
      (how) => {
        begun();
        for (const call of how === 'killed' ? CALLS : CALLS.slice(-5)) {
          const stopped = copyOf(world);
          stopped.fault(call, HOW[how]);
          expect([call, stopped.run({ Action: 'finish', Release: R2 }).code]).not.toEqual([call, 0]);
          const undone = copyOf(stopped);
          expect([call, undone.undo().code]).toEqual([call, 0]);
          expect([call, ...serving(undone)]).toEqual([call, ...(runs[undone.state.current ?? ''] ?? [])]);
          expect(undone.state.pending).toBeUndefined();
          if (how === 'failed') continue;
          const finished = copyOf(stopped);
          expect([call, finished.run({ Action: 'finish', Release: R2 }).code]).toEqual([call, 0]);
          expect([call, finished.state, ...serving(finished)]).toEqual([
            call,
            { current: R2 },
            ...(runs[R2] ?? []),
          ]);
          expect(finished.objects).not.toContain('deployment.apps/old');
        }
      },
    );

    test('E06 on record already: the next release finds it finished, and leads back to it', () => {
      begun();
      world.fault('kubectl scale', 'KILL');
      world.run({ Action: 'finish', Release: R2 });
      world.run({ Action: 'health', Run: 'look' });
      expect(JSON.parse(world.read('s3/shop-runs/runs/look/state.json') ?? '')).toMatchObject({
        current: expect.arrayContaining([`release ${R2}`]) as string[],
        pending: [],
        leftovers: [`what is left of ${R1}`],
      });
      const { code, log } = world.deploy(R3, 'c', '600', second);
      expect([code, log]).toEqual([0, expect.stringContaining(`${R2} is on record, and finished first`)]);
      expect(world.state.pending).toContain(`\nwas ${R2}\n`);
      expect(world.cluster.route).toBe('0 100');
      expect(world.undo().code).toBe(0);
      expect(serving(world)).toEqual(runs[R2]);
    });

    test('E06 an undoing that stops half-way: what gets the traffic back has pods', () => {
      begun();
      world.fault('sync .*leftovers.new', 'KILL');
      world.run({ Action: 'finish', Release: R2 });
      world.fault('rollout undo', 'KILL');
      world.undo();
      expect(world.deploy(R3, 'c', '600', second).code).toBe(0);
      expect([world.cluster.route, world.cluster['api-blue']]).toEqual(['100 0', runs[R1]?.[1]]);
    });

    test('E06 a rollback by hand that stops half-way: what is half gone is not called current', () => {
      begun(second);
      world.run({ Action: 'finish', Release: R2 });
      world.fault('rollout undo', 'KILL');
      world.run({ Action: 'rollback', Release: R1 });
      expect(world.state).toEqual({});
      expect(world.run({ Action: 'rollback', Release: R1 }).code).toBe(0);
      expect([world.state, ...serving(world)]).toEqual([{ current: R1 }, ...(runs[R1] ?? [])]);
    });
  });

  test.each<[string, (state: string) => string, string]>([
    ['is empty', () => '', 'it has no end'],
    ['was cut', (state) => state.split('\n').slice(0, -2).join('\n'), 'it has no end'],
    ['has other line ends', (state) => state.replaceAll('\n', '\r\n'), "by the line 'release"],
    ['has an unknown line', (state) => state.replace('\nweights', '\nweighs'), "by the line 'weighs"],
    ['names no release', (state) => state.replace(/^release .*\n/, ''), 'it names no release'],
    ['does not say what was before', (state) => state.replace(/\nwas .*/, ''), 'it does not say what was'],
  ])('E06 a state that %s is not acted upon', (_what, damage, said) => {
    world.release(R1, 'a');
    world.deploy(R2, 'b');
    world.write('state/pending', damage(world.read('state/pending') ?? ''));
    const { code, calls, result } = world.run({ Action: 'undo', Release: R2 });
    expect([code, result.phase, result.object]).toEqual([1, 'state', 'pending']);
    expect(result.message).toContain(said);
    expect(changes(calls)).toEqual([]);
  });

  test('E06 nor one that names no release that is there, or that nothing in the cluster agrees with', () => {
    world.release(R1, 'a');
    world.deploy(R2, 'b');
    const state = world.read('state/pending') ?? '';
    world.write(
      'state/pending',
      state.replaceAll(/^(deployment|weights) .*\n/gm, '').replaceAll('/', '/other-'),
    );
    const undone = world.undo();
    expect([undone.code, changes(undone.calls)]).toEqual([1, []]);
    expect(undone.result.message).toContain('nothing of what should stay is there');
    world.write('state/pending', state);
    world.write('state/current', '\n');
    expect(world.run({ Action: 'health' }).result).toMatchObject({ phase: 'state', object: 'current' });
    world.write('state/current', `${R3}\n`);
    expect(world.undo().result.message).toContain(`there is no state of ${R3}`);
  });

  test('E06 nor one that cannot be searched', () => {
    world.deploy(R1, 'a');
    world.write('no-grep', '');
    const { code, calls } = world.undo();
    expect([code, changes(calls)]).toEqual([1, []]);
  });

  test('E04 the script alone is killed: its log is uploaded no more', async () => {
    world.write('upload-pause', '0.05');
    world.fault('rollout status', 'KILLMAIN');
    expect(world.run({ Action: 'health' }).code).toBe(0);
    expect(world.deploy(R1, 'a').code).not.toBe(0);
    const log = join(world.folder, 's3/shop-runs/runs/deploy-1/log.txt');
    // What was under way may still come to its end.
    await sleep(200);
    rmSync(log, { force: true });
    await sleep(300);
    expect(existsSync(log)).toBe(false);
  });

  test('told to stop, it writes nothing to the bucket any more', () => {
    world.fault('rollout status', 'TERM');
    const { code, log, result } = world.deploy(R1, 'a');
    expect(code).toBe(143);
    expect([log, result]).toEqual(['', {}]);
    expect(leftovers()).toEqual([]);
    expect(existsSync(join(world.folder, 'state/lock'))).toBe(false);
  });

  test('E05 a full disk: what cannot be written down is not begun', () => {
    world.write('state/releases/x', '');
    world.write('state/pending.new/in-the-way', '');
    const { code, calls, result } = world.deploy(R1, 'a');
    expect([code, result.object]).toEqual([1, 'pending']);
    expect(result.message).toContain('is the disk full? nothing in the cluster was changed');
    expect(changes(calls)).toEqual([]);
    expect(world.state.pending).toBeUndefined();
  });

  test('E05 no room for temporary files: the result still says so', () => {
    const { code, result, calls } = world.run(
      { Action: 'health' },
      { TMPDIR: join(world.folder, 'nowhere') },
    );
    expect(code).toBe(1);
    expect(result.message).toBe('no temporary folder can be made: nothing was changed');
    expect(changes(calls)).toEqual([]);
  });

  test('a run that is at work is waited for until the deadline, and left alone', () => {
    world.release(R1, 'a');
    // The process of this test stands for the other run.
    const start = readFileSync(`/proc/${process.pid}/stat`, 'utf8').split(' ')[21] ?? '';
    symlinkSync(`${process.pid}.${start}`, join(world.folder, 'state/lock'));
    const { code, result, calls } = world.run({ Action: 'undo', Release: R1, DeadlineSeconds: '60' });
    expect([code, result.phase]).toEqual([1, 'lock']);
    expect(result.message).toBe(`another run (process ${process.pid}) is at work`);
    expect(changes(calls)).toEqual([]);
    // A look needs no lock.
    expect(world.run({ Action: 'health' }).code).toBe(0);
  });

  test('a lock of a process that was killed and not yet buried counts no more', async () => {
    world.release(R1, 'a');
    // `sleep` never asks what has become of the child that its shell left it.
    const parent = spawn('bash', ['-c', 'sleep 0.3 & echo "$!"; exec sleep 60']);
    try {
      const [said] = (await once(parent.stdout, 'data')) as readonly Buffer[];
      const child = String(said).trim();
      const fields = () => readFileSync(`/proc/${child}/stat`, 'utf8').split(' ');
      while (fields()[2] !== 'Z') await sleep(1);
      symlinkSync(`${child}.${fields()[21] ?? ''}`, join(world.folder, 'state/lock'));
      const { code, log } = world.run({ Action: 'undo', Release: R1, DeadlineSeconds: '60' });
      expect(code).toBe(0);
      expect(log).toContain(`process ${child} has left the lock behind; taking it over`);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  test('a lock of a process whose number has gone to another one counts no more', () => {
    world.release(R1, 'a');
    symlinkSync(`${process.pid}.1`, join(world.folder, 'state/lock'));
    const { code, log } = world.run({ Action: 'undo', Release: R1, DeadlineSeconds: '60' });
    expect(code).toBe(0);
    expect(log).toContain(`process ${process.pid} has left the lock behind; taking it over`);
  });
});

describe('rollback', () => {
  test('E06 brings back exactly the deployments that the run changed, to the revision that they had', () => {
    world.release(R1, 'a');
    world.release(R2, 'b');
    const before = world.cluster;
    world.write('deployments/by-hand', '1 1 other\n');
    world.write('revisions/by-hand', '1 other\n');
    world.deploy(R3, 'c');
    world.run({ Action: 'traffic', Release: R3, Weight: '50' });
    const { code, calls } = world.undo();
    expect(code).toBe(0);
    expect(world.cluster).toEqual(before);
    expect(changes(calls).map((call) => call.split(' -p ')[0])).toEqual([
      'kubectl rollout undo deployment/worker --to-revision=2',
      'kubectl patch traefikservices api --type=merge',
      'kubectl scale deployment/api-blue --replicas=0',
      'kubectl rollout undo deployment/api-blue --to-revision=1',
    ]);
    expect(world.state).toEqual({ current: R2 });
  });

  test('E06 what did not change is not touched', () => {
    world.release(R1, 'a');
    world.release(R2, 'b');
    world.deploy(R2, 'b');
    const { calls, code } = world.undo();
    expect([code, changes(calls)]).toEqual([0, []]);
  });

  test('E06 an undone first release leaves none of its deployments and no route', () => {
    world.deploy(R1, 'a');
    expect(world.undo().code).toBe(0);
    expect(world.cluster).toEqual({});
    // Data stays, and so do settings.
    expect(world.objects).toEqual(['configmap/shop-config-a', 'namespace/shop', 'statefulset.apps/redis']);
    expect(world.state).toEqual({});
  });

  test('E06 nothing open: nothing is done', () => {
    world.release(R1, 'a');
    const { code, calls, log } = world.undo();
    expect([code, changes(calls)]).toEqual([0, []]);
    expect(log).toContain('nothing has to be undone');
  });

  test('E06 what another run has begun, and what was finished, is not undone', () => {
    world.release(R1, 'a');
    const undo = () => {
      const { code, calls, result } = world.run({ Action: 'undo', Release: R1 });
      return [code, result.outcome, result.message, changes(calls)];
    };
    expect(undo()).toEqual([0, 'left', `${R1} was finished`, []]);
    world.deploy(R2, 'b');
    const said = `${R2} is being deployed, which is not ${R1}; it is left alone`;
    expect(undo()).toEqual([0, 'left', said, []]);
    expect(world.state.pending).toContain(R2);
  });

  test('E06 what cannot be restored whole is refused before anything is changed', () => {
    world.release(R1, 'a');
    world.deploy(R2, 'b');
    world.write('revisions/worker', '2 elsewhere\n');
    const { code, calls, result } = world.undo();
    expect([code, changes(calls)]).toEqual([1, []]);
    expect(result).toMatchObject({ phase: 'check', object: 'deployment/worker' });
    expect(result.message).toMatch(/^no revision of it has the template \w+ any more$/);
  });

  test('goes to a release of the past, and knows those that were never finished', () => {
    world.release(R1, 'a');
    const first = world.cluster;
    world.release(R2, 'b');
    world.release(R3, 'c');
    expect(world.run({ Action: 'rollback', Release: R1 }).code).toBe(0);
    expect(world.cluster).toMatchObject({
      worker: first.worker,
      'api-blue': first['api-blue'],
      route: '100 0',
    });
    expect(world.state).toEqual({ current: R1 });
    const { code, result } = world.run({ Action: 'rollback', Release: 'r-999999999999' });
    expect([code, result.message]).toEqual([1, 'r-999999999999 was never finished on this node']);
  });

  test("the number of replicas is the autoscaler's where there is one", () => {
    world.release(R1, 'a');
    world.deploy(R2, 'b');
    const [, revision, hash] = (world.read('deployments/worker') ?? '').trim().split(' ');
    world.write('deployments/worker', `5 ${revision} ${hash}\n`);
    world.write('autoscalers', 'worker\n');
    world.undo();
    expect(world.cluster.worker).toMatch(/^5 of /);
  });
});
