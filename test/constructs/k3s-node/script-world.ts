import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readScript } from '../../../constructs/k3s-node/read-script';

const BUCKET = 'shop-runs';
const STAND_INS = join(__dirname, 'stand-ins.sh');

/** Services of a release, as the rendered manifests have them. */
export interface Services {
  readonly rolling: readonly string[];
  readonly routed: readonly string[];
}

/** Folders of the stand-ins' cluster. */
const CLUSTER = ['deployments', 'revisions', 'routes', 'objects'] as const;

const USUAL: Services = { rolling: ['worker'], routed: ['api'] };

/** An object with what the stand-ins and the script read of it. */
const object = (kind: string, name: string, spec = ''): string =>
  `kind: ${kind}\nmetadata:\n  name: ${name}\n  labels:\n    app.kubernetes.io/part-of: shop\n${spec}`;

function manifestsOf({ rolling, routed }: Services, content: string): readonly (readonly [string, string])[] {
  const image = `111.example.com/shop@sha256:${content.repeat(64).slice(0, 64)}`;
  const deployment = (name: string) =>
    object('Deployment', name, `spec:\n  replicas: 2\n  image: ${image}\n`);
  const all = (...objects: readonly string[]) => objects.join('---\n');
  return [
    ['10-base/namespace.yaml', object('Namespace', 'shop')],
    ['10-base/config.yaml', object('ConfigMap', `shop-config-${content}`)],
    ['20-stateful/redis.yaml', object('StatefulSet', 'redis')],
    ...rolling.map((name): [string, string] => [
      `30-deployments/${name}.yaml`,
      all(object('Service', name), deployment(name), object('IngressRoute', name)),
    ]),
    ...routed.flatMap((name): [string, string][] => [
      [
        `40-routed/${name}/shared.yaml`,
        all(
          object('Service', `${name}-blue`),
          object('Service', `${name}-green`),
          object('PodDisruptionBudget', name),
        ),
      ],
      [`40-routed/${name}/blue.yaml`, deployment(`${name}-blue`)],
      [`40-routed/${name}/green.yaml`, deployment(`${name}-green`)],
      [`40-routed/${name}/route.yaml`, object('TraefikService', name)],
      [`40-routed/${name}/ingress.yaml`, object('IngressRoute', `${name}-routed`)],
    ]),
  ];
}

/** Parameters of the document, as the agent hands them over. */
export interface Parameters {
  readonly Action: string;
  readonly Run?: string;
  readonly Release?: string;
  readonly Weight?: string;
  readonly DeadlineSeconds?: string;
}

export interface Ran {
  readonly code: number | null;
  readonly stderr: string;
  /** What stands in `result.txt`. */
  readonly result: Readonly<Record<string, string>>;
  readonly log: string;
  /** Calls of programs that this run made, without their flags that all of them have. */
  readonly calls: readonly string[];
}

/** How often a release runs the script. */
const runsOf = ({ routed }: Services): number => (routed.length === 0 ? 2 : 3);

/** Calls that change the cluster. */
export const changes = (calls: readonly string[]): readonly string[] =>
  calls.filter((call) => /^kubectl (apply|scale|patch|delete|rollout undo)/.test(call));

/** A node on disk: the script runs for real, the programs that it calls are stand-ins. */
export class ScriptWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'node-script-'));
  private readonly script = join(this.folder, 'script.sh');
  private runs = 0;
  /** What has been released, as long as nothing else has happened. */
  private past: string | undefined = '';
  private static readonly kept = new Map<string, string>();

  constructor() {
    for (const folder of CLUSTER) mkdirSync(join(this.folder, folder));
    this.put('clock', '1000\n');
    this.put('calls', '');
    this.put(
      'script.sh',
      readScript('node.sh', {
        LOCKSTEP_BUCKET: BUCKET,
        LOCKSTEP_NAMESPACE: 'shop',
        LOCKSTEP_REGION: 'us-east-1',
      }),
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** Removes what worlds have in common. */
  static forget(): void {
    for (const folder of ScriptWorld.kept.values()) rmSync(folder, { recursive: true });
    ScriptWorld.kept.clear();
  }

  write(path: string, text: string): void {
    this.past = undefined;
    this.put(path, text);
  }

  private put(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(path: string): string | undefined {
    const file = join(this.folder, path);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  /** The next calls that match fail so often, with these words. */
  fault(pattern: string, what: string, times = 1): void {
    this.write('faults', `${this.read('faults') ?? ''}${times}|${pattern}|${what}\n`);
  }

  /** Runs the script with the parameters. */
  run(parameters: Parameters, env: NodeJS.ProcessEnv = {}): Ran {
    this.runs += 1;
    const run = parameters.Run ?? `run-${this.runs}`;
    const given = { Release: '', Weight: '0', DeadlineSeconds: '600', ...parameters, Run: run };
    return this.spawn(
      Object.fromEntries(Object.entries(given).map(([name, value]) => [`SSM_${name}`, value])),
      run,
      env,
    );
  }

  /** Runs the script with exactly these variables. */
  spawn(variables: NodeJS.ProcessEnv, run: string, env: NodeJS.ProcessEnv = {}): Ran {
    this.past = undefined;
    const before = (this.read('calls') ?? '').length;
    // As the agent does: in a process group of its own, which it can end.
    const { status, stderr } = spawnSync('setsid', ['-w', 'bash', this.script], {
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        PATH: process.env.PATH,
        BASH_ENV: STAND_INS,
        HOME: this.folder,
        WORLD: this.folder,
        TMPDIR: this.folder,
        LOCKSTEP_STATE_DIR: join(this.folder, 'state'),
        LOCKSTEP_K3S_DIR: join(this.folder, 'k3s'),
        ...variables,
        ...env,
      },
    });
    const calls = (this.read('calls') ?? '').slice(before).split('\n');
    const at = (name: string) => this.read(`s3/${BUCKET}/runs/${run}/${name}`) ?? '';
    return {
      code: status,
      stderr,
      result: Object.fromEntries(
        at('result.txt')
          .split('\n')
          .filter((line) => line.includes('='))
          .map((line) => line.split(/=(.*)/s).slice(0, 2)),
      ) as Record<string, string>,
      log: at('log.txt'),
      calls: calls.map((call) => call.replace(/ --(namespace shop|request-timeout=\w+)/g, '').trim()),
    };
  }

  /** Undoes what is open. */
  undo(): Ran {
    const [, Release = 'r-000000000000'] = /^release (\S+)$/m.exec(this.state.pending ?? '') ?? [];
    return this.run({ Action: 'undo', Release });
  }

  /** The same once more, to go on with in another way. */
  copy(): ScriptWorld {
    const copy = new ScriptWorld();
    cpSync(this.folder, copy.folder, { recursive: true });
    return copy;
  }

  /** Uploads manifests for the next run and deploys them. Content makes the templates differ. */
  deploy(release: string, content: string, DeadlineSeconds = '600', services: Services = USUAL): Ran {
    const run = `deploy-${this.runs}`;
    for (const [path, text] of manifestsOf(services, content)) {
      this.put(`s3/${BUCKET}/runs/${run}/manifests/${path}`, text);
    }
    return this.run({ Action: 'deploy', Release: release, Run: run, DeadlineSeconds });
  }

  /**
   * Deploys, gives all the traffic to it, and finishes. Worlds that begin with the same releases share them: the script
   * runs once for each.
   */
  release(release: string, content: string, services: Services = USUAL): void {
    const past =
      this.past === undefined ? undefined : `${this.past} ${JSON.stringify([release, content, services])}`;
    const kept = past === undefined ? undefined : ScriptWorld.kept.get(past);
    if (kept === undefined) this.releaseAnew(release, content, services);
    else {
      cpSync(kept, this.folder, { recursive: true });
      this.runs += runsOf(services);
    }
    this.past = past;
    if (past === undefined || kept !== undefined) return;
    const copy = mkdtempSync(join(tmpdir(), 'node-script-kept-'));
    cpSync(this.folder, copy, { recursive: true });
    ScriptWorld.kept.set(past, copy);
  }

  private releaseAnew(release: string, content: string, services: Services): void {
    for (const { code, log } of [
      this.deploy(release, content, '600', services),
      ...(services.routed.length === 0
        ? []
        : [this.run({ Action: 'traffic', Release: release, Weight: '100' })]),
      this.run({ Action: 'finish', Release: release }),
    ]) {
      if (code !== 0) throw new Error(log);
    }
  }

  /** What the cluster holds, without the numbers of the revisions. */
  get cluster(): Readonly<Record<string, string>> {
    const names = ['worker', 'api-blue', 'api-green'];
    const found = names.flatMap((name) => {
      const [replicas = '', , hash = ''] = (this.read(`deployments/${name}`) ?? '').trim().split(' ');
      return replicas === '' ? [] : [[name, `${replicas} of ${hash}`] as const];
    });
    const route = this.read('routes/api')?.trim();
    return { ...Object.fromEntries(found), ...(route === undefined ? {} : { route }) };
  }

  /** Names of all objects, whoever has made them. */
  get objects(): readonly string[] {
    return readdirSync(join(this.folder, 'objects'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.includes('/'))
      .sort();
  }

  get state(): { readonly current?: string; readonly pending?: string } {
    const current = this.read('state/current')?.trim();
    const pending = this.read('state/pending');
    return { ...(current && { current }), ...(pending && { pending }) };
  }
}
