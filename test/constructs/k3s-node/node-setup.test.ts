import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setupScript } from '../../../constructs/k3s-node/k3s-node';

const VOLUME = 'vol-0123456789abcdef0';
const DEVICE = 'dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0';
const K3S = 'a binary of K3s\n';
const PROVIDER = 'a credential provider\n';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Programs of the instance, as functions of the shell. Each notes its call; answers stand in files. */
const PROGRAMS: Readonly<Record<string, string>> = {
  // What is downloaded: the last argument is the address, the one after `--output` the file.
  curl: 'while [[ $# -gt 1 ]]; do [[ "$1" == --output ]] && file="$2"; shift; done; [[ -f "$STANDIN/$(basename "$1")" ]] || exit 22; cp "$STANDIN/$(basename "$1")" "$file"',
  rpm: 'cat "$STANDIN/ssm-agent"',
  blkid: 'exit "$(<"$STANDIN/blkid")"',
  mountpoint: 'test -f "$STANDIN/mounted"',
  mount: 'touch "$STANDIN/mounted"',
  'mkfs.xfs': 'printf 0 >"$STANDIN/blkid"',
  sleep:
    'printf . >>"$STANDIN/slept"; [[ "$(wc -c <"$STANDIN/slept")" -lt 3 || ! -f "$STANDIN/attach" ]] || cp "$STANDIN/attach" "$DEVICE"',
  ...Object.fromEntries(['dnf', 'xfs_growfs'].map((name) => [name, ':'] as const)),
  // The agent of the logs runs, unless it is said to be stopped.
  systemctl: '[[ "$1" != is-active || ! -f "$STANDIN/agent-stopped" ]]',
  'amazon-cloudwatch-agent-ctl': '[[ ! -f "$STANDIN/agent-fails" || -s "$STANDIN/agent-fails" ]]',
};

interface Setup {
  readonly version?: string;
  readonly sha256?: string;
  readonly repositories?: readonly string[];
}

class InstanceStandIn {
  readonly folder = mkdtempSync(join(tmpdir(), 'lockstep-node-'));
  readonly root = join(this.folder, 'root');
  private readonly programs = join(this.folder, 'programs');
  private readonly answers = join(this.folder, 'answers');

  constructor() {
    for (const folder of [this.root, this.answers]) mkdirSync(folder);
    for (const folder of ['etc', 'dev/disk/by-id', 'var/lib'])
      mkdirSync(join(this.root, folder), { recursive: true });
    writeFileSync(join(this.root, 'etc/fstab'), '');
    writeFileSync(join(this.root, DEVICE), '');
    const functions = Object.entries(PROGRAMS).map(
      ([name, text]) => `${name}() ( printf '%s\\n' "${name} $*" >>"$STANDIN/calls"\n${text}\n)\n`,
    );
    writeFileSync(this.programs, functions.join(''));
    this.answer('ssm-agent', '3.3.3572.0');
    this.answer('blkid', '2');
    this.answer('k3s', K3S);
    this.answer(
      'sha256sum-amd64.txt',
      `${'0'.repeat(64)}  k3s-airgap-images-amd64.tar\n${sha256(K3S)}  k3s\n`,
    );
    this.answer('ecr-credential-provider-linux-amd64', PROVIDER);
  }

  answer(name: string, text: string): void {
    writeFileSync(join(this.answers, name), text);
  }

  unattached(): void {
    rmSync(join(this.root, DEVICE));
    this.answer('attach', '');
  }

  run({ version = 'v1.35.8+k3s1', sha256: checksum, repositories = [] }: Setup = {}) {
    writeFileSync(join(this.answers, 'calls'), '');
    const script = setupScript(
      {
        region: 'us-east-1',
        names: {
          namespace: 'shop',
          nodeTag: 'p-shop',
          document: 'p-shop',
          bucket: 'p-shop-runs',
          logGroup: '/p/staging/shop',
          releasedRelease: '/p/released',
        },
        k3s: { version, ...(checksum === undefined ? {} : { sha256: checksum }) },
        repositoryArns: repositories.map((name) => `arn:aws:ecr:us-east-1:111111111111:repository/${name}`),
      },
      VOLUME,
      // The pinned one is of a real binary.
    ).replace(/(PROVIDER_SHA256=)'[0-9a-f]{64}'/, `$1'${sha256(PROVIDER)}'`);
    writeFileSync(join(this.folder, 'setup.sh'), script);
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', join(this.folder, 'setup.sh')], {
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        BASH_ENV: this.programs,
        LOCKSTEP_ROOT: this.root,
        STANDIN: this.answers,
        DEVICE: join(this.root, DEVICE),
      },
    });
    return { status, stdout, stderr, calls: this.read('answers/calls').split('\n').filter(Boolean) };
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }
}

const instances: InstanceStandIn[] = [];
const instance = (): InstanceStandIn => {
  const made = new InstanceStandIn();
  instances.push(made);
  return made;
};
afterAll(() => instances.forEach(({ folder }) => rmSync(folder, { recursive: true })));

const count = (calls: readonly string[], pattern: RegExp) =>
  calls.filter((call) => pattern.test(call)).length;

describe('the setup of a node', () => {
  test('E08 K3s is installed with its checksum, on a volume that is mounted before it starts', () => {
    const node = instance();
    const { status, calls, stdout } = node.run({ repositories: ['p/shop-api'] });
    expect([status, stdout]).toEqual([0, 'lockstep: K3s v1.35.8+k3s1 runs\n']);
    expect(node.read('root/usr/local/bin/k3s')).toBe(K3S);
    expect(count(calls, /^mkfs\.xfs /)).toBe(1);
    expect(calls.findIndex((call) => call.startsWith('mount '))).toBeLessThan(
      calls.indexOf('systemctl restart k3s'),
    );
    expect(calls).toContainEqual(expect.stringContaining('/k3s/releases/download/v1.35.8%2Bk3s1/k3s'));
    expect(node.read('root/etc/rancher/k3s/config.yaml')).toContain('secrets-encryption: true');
    expect(node.read('root/etc/systemd/system/k3s.service')).toContain('RequiresMountsFor=/var/lib/rancher');
    expect(node.read('root/var/lib/rancher/credentialprovider/config.yaml')).toContain(
      '      - 111111111111.dkr.ecr.us-east-1.amazonaws.com\n',
    );
    expect(JSON.parse(node.read('root/opt/aws/amazon-cloudwatch-agent/etc/lockstep.json'))).toMatchObject({
      logs: { logs_collected: { files: { collect_list: expect.any(Array) } } },
    });
  });

  test('E08 a second start changes nothing, and formats nothing', () => {
    const node = instance();
    node.run({ repositories: ['p/shop-api'] });
    const { status, calls } = node.run({ repositories: ['p/shop-api'] });
    expect(status).toBe(0);
    expect(count(calls, /^(curl|dnf|mkfs\.xfs|mount|amazon-cloudwatch-agent-ctl) /)).toBe(0);
    expect(calls.slice(-1)).toEqual(['systemctl start k3s']);
    expect(node.read('root/etc/fstab').split('\n').filter(Boolean)).toHaveLength(1);
  });

  test('E08 logs are shipped by an agent that runs, and without one the node is set up all the same', () => {
    const node = instance();
    node.answer('agent-fails', '');
    const { status, stderr, stdout } = node.run();
    expect([status, stderr, stdout]).toEqual([
      0,
      expect.stringContaining('the logs are not shipped'),
      'lockstep: K3s v1.35.8+k3s1 runs\n',
    ]);
    const shipped = () => count(node.run().calls, /^amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s /);
    node.answer('agent-fails', 'not any more');
    expect([shipped(), shipped()]).toEqual([1, 0]);
    node.answer('agent-stopped', '');
    expect(shipped()).toBe(1);
  });

  test('E08 a volume with something on it is not formatted, nor one of which that cannot be told', () => {
    const used = instance();
    used.answer('blkid', '0');
    expect(count(used.run().calls, /^mkfs/)).toBe(0);
    const unclear = instance();
    unclear.answer('blkid', '8');
    const { status, stderr, calls } = unclear.run();
    expect([status, count(calls, /^mkfs|^systemctl/)]).toEqual([1, 0]);
    expect(stderr).toContain(`what is on ${VOLUME} cannot be told`);
  });

  test('a volume that is attached later is waited for, one that never comes is named', () => {
    const late = instance();
    late.unattached();
    expect(late.run().status).toBe(0);
    expect(late.read('answers/slept')).toBe('...');
    const never = instance();
    rmSync(join(never.root, DEVICE));
    const { status, stderr } = never.run();
    expect([status, stderr]).toEqual([1, `lockstep: ${VOLUME} was not attached within 15 minutes\n`]);
  });

  test.each<[string, Setup, (node: InstanceStandIn) => void, RegExp]>([
    [
      'the release',
      {},
      (node) => node.answer('k3s', 'another binary\n'),
      /K3s v1\.35\.8\+k3s1 has another checksum/,
    ],
    ['the platform file', { sha256: 'f'.repeat(64) }, () => undefined, /has another checksum than 'ffff/],
    ['nobody', {}, (node) => node.answer('sha256sum-amd64.txt', 'nothing\n'), /another checksum than ''/],
    [
      'the credential provider',
      { repositories: ['p/shop-api'] },
      (node) => node.answer('ecr-credential-provider-linux-amd64', 'another\n'),
      /the credential provider has another checksum/,
    ],
  ])('E08 a binary with another checksum than that of %s is not installed', (_, setup, spoil, message) => {
    const node = instance();
    spoil(node);
    const { status, stderr, calls } = node.run(setup);
    expect([status, node.has('usr/local/bin/k3s'), count(calls, /^systemctl/)]).toEqual([1, false, 0]);
    expect(stderr).toMatch(message);
  });

  test('E08 K3s goes up one minor version at a time, and not back', () => {
    const node = instance();
    node.run({ version: 'v1.34.2+k3s1' });
    for (const version of ['v1.36.1+k3s1', 'v1.33.9+k3s1']) {
      const { status, stderr } = node.run({ version });
      expect([status, stderr]).toEqual([
        1,
        `lockstep: K3s goes up one minor version at a time: v1.34.2+k3s1 is installed, ${version} is wanted\n`,
      ]);
    }
    expect(node.run({ version: 'v1.35.8+k3s1' }).calls).toContain('systemctl restart k3s');
  });

  test('E08 an SSM agent that gives documents no variables is updated', () => {
    const outdated = instance();
    outdated.answer('ssm-agent', '3.3.987.0');
    const { calls } = outdated.run();
    expect(calls).toContain(
      'dnf install -y -q https://s3.us-east-1.amazonaws.com/amazon-ssm-us-east-1/latest/linux_amd64/amazon-ssm-agent.rpm',
    );
    expect(calls).toContain('systemctl restart amazon-ssm-agent');
    expect(instance().run().calls.join('\n')).not.toContain('amazon-ssm-agent.rpm');
  });

  test('without images in ECR there is no credential provider', () => {
    const node = instance();
    node.run({ repositories: ['p/shop-api'] });
    node.run();
    expect(node.has('var/lib/rancher/credentialprovider')).toBe(false);
  });
});

describe('the scripts of a node', () => {
  const FOLDER = join(__dirname, '../../../constructs/k3s-node');

  test.each(['node.sh', 'node-setup.sh'])('E08 bash reads %s', (file) => {
    execFileSync('bash', ['-n', join(FOLDER, file)]);
  });
});
