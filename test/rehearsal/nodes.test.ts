import { SendCommandCommand, SSMClient } from '@aws-sdk/client-ssm';
import { emptyCluster, kubectl, liveCluster, type Moment } from '../../rehearsal/kubernetes';
import type { ClusterState } from '../../rehearsal/kubernetes';
import { VirtualClock } from '../../rehearsal/clock';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopEmulators } from './contract/emulator';
import { NodeAccount, openWorkshop } from './node-account';

const variable = { type: 'String', interpolationType: 'ENV_VAR' };

const DOCUMENTS = {
  own: { script: ['echo "<$SSM_Word>"'], parameters: { Word: { ...variable, default: 'nothing' } } },
  pasting: { script: ["echo '{{ Word }}'"], parameters: { Word: { type: 'String' } } },
  strict: {
    script: ['echo done'],
    parameters: {
      Word: { ...variable, allowedPattern: '^[a-z]+$' },
      Choice: { ...variable, allowedValues: ['one', 'two'], default: 'one' },
    },
  },
  failing: { script: ['printf "%30000s" x; printf "%9000s" y >&2; exit 3'] },
  waiting: {
    script: [
      'trap "echo cleaned >$LOCKSTEP_STATE_DIR/cleaned" EXIT',
      'date +%s >"$LOCKSTEP_STATE_DIR/began"',
      'while :; do sleep 3; date +%s >>"$LOCKSTEP_STATE_DIR/beats"; done &',
      'sleep 100',
      'kill $!',
      'date +%s >"$LOCKSTEP_STATE_DIR/ended"',
    ],
  },
  late: {
    script: ['sleep 100'],
    timeoutSeconds: '{{ Seconds }}',
    parameters: { Seconds: { type: 'String' } },
  },
  copying: {
    script: [
      'aws s3 cp --recursive s3://tested-runs/runs/a/ copied/ || exit 1',
      'cat copied/b/c.txt | aws s3 cp - s3://tested-runs/runs/a/back.txt || exit 2',
      'aws s3 cp copied/b/c.txt s3://tested-runs/elsewhere.txt',
    ],
  },
  unknown: { script: ['curl http://127.0.0.1:9'] },
};

const workshop = openWorkshop();
let account: NodeAccount;

beforeEach(async () => {
  account = await NodeAccount.open(workshop, DOCUMENTS);
});
afterEach(async () => {
  expect(account.emulator.aws.failures).toEqual([]);
  expect(account.emulator.clock.failures).toEqual([]);
  await stopEmulators();
});
afterAll(() => workshop.close());

const text = (path: string): string => {
  const file = account.emulator.aws.world.machines.of(account.node()).files.get(path);
  return file?.kind === 'file' ? Buffer.from(file.content, 'base64').toString('utf8').trim() : '';
};

const HOSTILE = 'a  b; $(touch hacked) `id` "q" \' \\ | & > < * ? {x} #';

describe('Run Command', () => {
  test('E04 hands a parameter to the script as it is, whatever characters it has', async () => {
    const { Status, StandardOutputContent } = await account.run('own', { Word: [HOSTILE] });
    expect([Status, StandardOutputContent]).toEqual(['Success', `<${HOSTILE}>\n`]);
  });

  test('pastes a parameter that is no variable, so that it can break out of the text', async () => {
    const { StandardOutputContent } = await account.run('pasting', { Word: ["x'; echo hacked; echo 'y"] });
    expect(StandardOutputContent).toBe('x\nhacked\ny\n');
  });

  test('sets no variables where the agent is older than they are', async () => {
    const agent = { ping: 'Online', version: '3.3.2299.0', delivery: 'delivered' } as const;
    account.emulator.aws.world.ssm.setAgent(account.node(), agent);
    expect((await account.run('own', { Word: ['x'] })).StandardOutputContent).toBe('<>\n');
  });

  test.each<[string, Record<string, string[]>, string]>([
    ['that does not match the pattern', { Word: ['two words'] }, 'allowed pattern'],
    ['that is none of the values', { Word: ['x'], Choice: ['three'] }, 'none of one, two'],
    ['that the document does not have', { Word: ['x'], Other: ['y'] }, 'not defined'],
    ['that is missing', {}, 'required'],
    ['with two values', { Word: ['x', 'y'] }, 'one value'],
  ])('refuses a parameter %s', async (_, parameters, message) => {
    await expect(account.send('strict', parameters)).rejects.toMatchObject({
      name: 'InvalidParameters',
      message: expect.stringContaining(message) as unknown,
    });
  });

  test('tells the exit code, and cuts the output as AWS does', async () => {
    const seen = await account.run('failing');
    expect(seen).toMatchObject({ Status: 'Failed', ResponseCode: 3 });
    expect([seen.StandardOutputContent?.length, seen.StandardErrorContent?.length]).toEqual([24_000, 8_000]);
  });

  test('a script lives in virtual time, also where it does something in the background', async () => {
    await account.run('waiting');
    const [began, ended] = [Number(text('began')), Number(text('ended'))];
    expect(ended - began).toBe(100);
    expect(
      text('beats')
        .split('\n')
        .map((beat) => Number(beat) - began)
        .slice(0, 3),
    ).toEqual([3, 6, 9]);
    expect(text('cleaned')).toBe('cleaned');
  });

  test('E04 a cancelled script is killed with all that it started, and cannot clear up', async () => {
    const command = await account.send('waiting');
    await account.pass(20);
    await account.cancel(command);
    await account.pass(5);
    expect(await account.look(command)).toMatchObject({ Status: 'Cancelled' });
    expect([text('began') === '', text('cleaned'), text('ended')]).toEqual([false, '', '']);
  });

  test('E04 kills a script that takes longer than its document lets it', async () => {
    const seen = await account.run('late', { Seconds: ['7'] });
    expect(seen).toMatchObject({ Status: 'TimedOut', StatusDetails: 'ExecutionTimedOut', ResponseCode: 137 });
  });

  test.each([
    ['undeliverable', 'Failed', 'Undeliverable'],
    ['never', 'TimedOut', 'DeliveryTimedOut'],
  ] as const)(
    'E04 what becomes of a command whose delivery is %s',
    async (delivery, Status, StatusDetails) => {
      account.emulator.aws.world.ssm.setAgent(account.node(), {
        ping: 'Online',
        version: '3.3.3572.0',
        delivery,
      });
      expect(await account.run('own')).toMatchObject({ Status, StatusDetails, ResponseCode: -1 });
    },
  );

  test('knows a new command only a moment later, and no command of another instance', async () => {
    const command = await account.send('own');
    await expect(account.look(command)).rejects.toMatchObject({ name: 'InvocationDoesNotExist' });
    await account.pass(5);
    await expect(account.look(command, account.node('other'))).rejects.toMatchObject({
      name: 'InvocationDoesNotExist',
    });
  });

  test('takes no command for an instance whose agent cannot sign in, or that was stopped', async () => {
    const refused = { name: 'InvalidInstanceId' };
    await expect(account.send('own', {}, account.node('stranger'))).rejects.toMatchObject(refused);
    account.emulator.aws.world.ec2.setStatus(account.node(), 'stopped');
    await expect(account.send('own')).rejects.toMatchObject(refused);
  });

  test.each<[string, string, string, boolean]>([
    ['its document on its node', 'own', 'one', true],
    ['its document on another node', 'own', 'other', false],
    ['another document on its node', 'strict', 'one', false],
    ['AWS-RunShellScript on its node', 'AWS-RunShellScript', 'one', false],
  ])('E08 a role of one document and one node sends %s', async (_, name, tag, allowed) => {
    const ssm = new SSMClient(account.emulator.settings('deployer'));
    const sent = ssm.send(new SendCommandCommand({ DocumentName: name, InstanceIds: [account.node(tag)] }));
    if (allowed) await expect(sent).resolves.toMatchObject({ Command: { Status: 'Pending' } });
    else await expect(sent).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('a machine', () => {
  test('reads and writes objects with the role of its instance, and nothing else', async () => {
    const { s3 } = account.emulator.aws.world;
    s3.set('tested-runs', 'runs/a/b/c.txt', 'carried');
    const seen = await account.run('copying');
    expect(seen).toMatchObject({ Status: 'Failed', ResponseCode: 1 });
    expect(seen.StandardErrorContent).toContain('AccessDenied');
    expect(s3.get('tested-runs', 'runs/a/back.txt')?.toString()).toBe('carried');
  });

  test('has no programs that nobody stands in for', async () => {
    expect(await account.run('unknown')).toMatchObject({ Status: 'Failed', ResponseCode: 127 });
  });

  test('keeps its files in a situation that is taken up again', async () => {
    await account.run('waiting');
    const situation = account.emulator.aws.snapshot();
    const later = await NodeAccount.open(workshop, DOCUMENTS);
    later.emulator.aws.restore(situation);
    const { files } = later.emulator.aws.world.machines.of(later.node());
    expect([...files.keys()].sort()).toEqual(['beats', 'began', 'cleaned', 'ended']);
  });
});

/** A cluster of its own, with the objects of a service. */
class Cluster {
  readonly clock = new VirtualClock();
  readonly state: ClusterState = emptyCluster('node', { memoryMib: 1_000, cpuMillis: 2_000 });
  private readonly folder = mkdtempSync(join(tmpdir(), 'lockstep-manifests-'));
  private seen: ReadonlyMap<string, string> = new Map();

  constructor() {
    this.clock.onStep(() => {
      this.seen = liveCluster(this.moment(), this.seen);
    });
  }

  moment = (): Moment => ({ state: this.state, now: this.clock.now(), pull: () => ({ ok: true }) });

  run(...args: readonly string[]) {
    return kubectl(
      { args: [...args, '--namespace=shop'], folder: this.folder },
      {
        moment: this.moment,
        until: async (found, seconds) => {
          for (let second = 0; second < seconds && found() === undefined; second += 1) this.clock.pass(1);
          return Promise.resolve(found());
        },
      },
    );
  }

  apply(...objects: readonly object[]) {
    writeFileSync(
      join(this.folder, 'objects.json'),
      objects.map((each) => JSON.stringify(each)).join('\n---\n'),
    );
    return this.run('apply', '-f', 'objects.json', '--validate=false');
  }

  close(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const labels = { app: 'api' };
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } };
const deployment = (image: string, more: object = {}, memory = '100Mi') => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api' },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    template: {
      metadata: { labels },
      spec: { containers: [{ name: 'api', image, resources: { requests: { memory } } }] },
    },
    ...more,
  },
});
const config = (value: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { value },
  immutable: true,
});
const route = (blue: number) => ({
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'TraefikService',
  metadata: { name: 'api' },
  spec: {
    weighted: {
      services: [
        { name: 'api-blue', kind: 'Service', port: 80, weight: blue },
        { name: 'api-green', kind: 'Service', port: 80, weight: 100 - blue },
      ],
    },
  },
});
const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: { selector: labels, ports: [{ port: 80 }] },
});

describe('the stand-in cluster', () => {
  let cluster: Cluster;
  beforeEach(async () => {
    cluster = new Cluster();
    await cluster.apply(namespace);
  });
  afterEach(() => cluster.close());

  const images = () =>
    cluster.state.pods
      .filter(({ deletedAt }) => deletedAt === undefined)
      .map(({ template }) => template.spec.containers[0]?.image);

  test.each<[string, object, string]>([
    ['a field that nobody knows', deployment('a', { replica: 2 }), 'Unrecognized key: "replica"'],
    ['a kind that nobody knows', { ...namespace, kind: 'Gateway' }, 'no matches for kind "Gateway"'],
    [
      'an object of another namespace',
      { ...config('a'), metadata: { name: 'x', namespace: 'other' } },
      'does not match the namespace',
    ],
    [
      'labels that the selector does not find',
      deployment('a', { selector: { matchLabels: { app: 'x' } } }),
      'does not match template',
    ],
  ])('E05 refuses %s', async (_, object, message) => {
    expect(await cluster.apply(object)).toMatchObject({
      code: 1,
      err: expect.stringContaining(message) as unknown,
    });
  });

  test('keeps an immutable ConfigMap, and applies the others of the file all the same', async () => {
    await cluster.apply(config('a'));
    const { code, out, err } = await cluster.apply(config('b'), service('api'));
    expect([code, out]).toEqual([1, 'service/api created\n']);
    expect(err).toContain('field is immutable');
  });

  test('E05 rolls pod by pod, never with fewer than it needs', async () => {
    await cluster.apply(deployment('a'));
    await cluster.run('rollout', 'status', 'deployment/api', '--timeout=60s');
    await cluster.apply(deployment('b'));
    const least: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      cluster.clock.pass(1);
      least.push(
        cluster.state.pods.filter(
          ({ phase, deletedAt }) =>
            deletedAt === undefined && phase.kind === 'running' && phase.readyAt !== undefined,
        ).length,
      );
    }
    expect(Math.min(...least)).toBe(2);
    expect(images()).toEqual(['b', 'b']);
  });

  test('E06 goes back to the revision that is named, and gives it a new number', async () => {
    await cluster.apply(deployment('a'));
    await cluster.run('rollout', 'status', 'deployment/api');
    await cluster.apply(deployment('b'));
    await cluster.run('rollout', 'status', 'deployment/api');
    expect((await cluster.run('rollout', 'undo', 'deployment/api', '--to-revision=1')).out).toContain(
      'rolled back',
    );
    await cluster.run('rollout', 'status', 'deployment/api');
    expect(images()).toEqual(['a', 'a']);
    expect(cluster.state.replicaSets.map(({ revision }) => revision).sort()).toEqual([2, 3]);
    expect(await cluster.run('rollout', 'undo', 'deployment/api', '--to-revision=1')).toMatchObject({
      code: 1,
      err: 'error: unable to find specified revision 1 in history\n',
    });
  });

  test.each<[string, object, string]>([
    ['ends with code 1', { kind: 'crashes', code: 1, after: 1 }, 'CrashLoopBackOff'],
    ['is killed for want of memory', { kind: 'outOfMemory', after: 1 }, 'OOMKilled'],
    ['cannot be pulled', { kind: 'pullFails', message: 'i/o timeout' }, 'ImagePullBackOff'],
  ])('E07 tells of a container that %s', async (_, behaviour, reason) => {
    cluster.state.rules = [{ behaviour: behaviour as never }];
    await cluster.apply(deployment('a'));
    cluster.clock.pass(30);
    expect((await cluster.run('get', 'pods', '-o', 'json')).out).toContain(reason);
    const { code, err } = await cluster.run('rollout', 'status', 'deployment/api', '--timeout=20s');
    expect([code, err]).toEqual([1, 'error: timed out waiting for the condition\n']);
  });

  test('a Deployment that comes no further exceeds its deadline', async () => {
    cluster.state.rules = [{ behaviour: { kind: 'neverReady' } }];
    await cluster.apply(deployment('a', { progressDeadlineSeconds: 60 }));
    expect(await cluster.run('rollout', 'status', 'deployment/api')).toMatchObject({
      code: 1,
      err: 'error: deployment "api" exceeded its progress deadline\n',
    });
  });

  test('a pod finds a place only where the node has the memory that it requests', async () => {
    await cluster.apply(deployment('a', {}, '700Mi'));
    cluster.clock.pass(20);
    const phases = cluster.state.pods.map(({ phase }) => phase.kind).sort();
    expect(phases).toEqual(['running', 'unscheduled']);
    expect((await cluster.run('get', 'events', '-o', 'json')).out).toContain('1 Insufficient memory');
  });

  test('requests follow the weights of a route, and Traefik counts them', async () => {
    await cluster.apply(deployment('a'), service('api-blue'), service('api-green'), route(90));
    await cluster.run('rollout', 'status', 'deployment/api');
    cluster.state.traffic.served.clear();
    cluster.clock.pass(10);
    const metrics = '--raw=/api/v1/namespaces/kube-system/pods/traefik-6c8f7d9b54-x2k9p:9100/proxy/metrics';
    const { out = '' } = await cluster.run('get', metrics);
    expect(out).toContain('service="shop-api-blue-80@kubernetescrd"} 180');
    expect(out).toContain('service="shop-api-green-80@kubernetescrd"} 20');
    const patch = JSON.stringify({ spec: route(0).spec });
    await cluster.run('patch', 'traefikservices', 'api', '--type=merge', '-p', patch);
    const columns =
      '-o=custom-columns=A:.spec.weighted.services[0].weight,B:.spec.weighted.services[1].weight';
    expect((await cluster.run('get', 'traefikservices', 'api', '--no-headers', columns)).out).toBe(
      '0   100\n',
    );
  });

  test('an API server in trouble answers no call, for as long as the trouble lasts', async () => {
    cluster.state.troubles = [
      { kind: 'tlsTimeout', toPass: 0, left: 1 },
      { kind: 'busy', toPass: 0, left: 1 },
    ];
    const ready = () => cluster.run('get', '--raw=/readyz', '--request-timeout=5s');
    const before = cluster.clock.now();
    expect((await ready()).err).toContain('TLS handshake timeout');
    expect(cluster.clock.now() - before).toBe(5_000);
    expect((await ready()).err).toContain('TooManyRequests');
    expect(await ready()).toEqual({ code: 0, out: 'ok' });
  });

  test.each([
    [['get', 'pods', '--sort-by=x'], 'unknown flag: --sort-by'],
    [['get', 'gateways'], `the server doesn't have a resource type "gateways"`],
    [['describe', 'pods'], 'unknown command "describe"'],
    [['get', 'pods', '-o', 'jsonpath={.items}'], 'output format'],
    [['apply', '-f', 'nowhere'], 'does not exist'],
    [['delete', 'deployments', 'api'], 'deployments.apps "api" not found'],
  ])('refuses %j, which it does not know', async (args, message) => {
    expect(await cluster.run(...args)).toMatchObject({
      code: 1,
      err: expect.stringContaining(message) as unknown,
    });
  });
});
