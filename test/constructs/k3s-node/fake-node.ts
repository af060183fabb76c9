import type { S3Service } from '../../../rehearsal/aws/s3';
import type { VirtualClock } from '../../../rehearsal/clock/virtual-clock';
import type { MachineRun, ScriptEnd } from '../../../rehearsal/machine';

/** What becomes of a version. */
export type Behaviour =
  /** Its pods never become ready, for this reason of a waiting container. */
  | { readonly kind: 'neverReady'; readonly reason: string }
  /** Its pods begin to crash once it has traffic. */
  | { readonly kind: 'crashesWithTraffic' }
  /** Such a share of its answers are errors, and they take so long. */
  | { readonly kind: 'answers'; readonly errors: number; readonly seconds: number };

interface Snapshot {
  readonly tracks: Readonly<Record<Track, string>>;
  readonly worker: string;
  /** Per cent for blue; absent without a route. */
  readonly blue?: number;
}

type Track = 'blue' | 'green';

interface Begun {
  readonly release: string;
  readonly image: string;
  readonly before: Snapshot;
}

/** Seconds that actions take. */
const TAKES: Readonly<Record<string, number>> = { deploy: 20, undo: 10, rollback: 10, backup: 30 };
const USUALLY_TAKES = 2;
/** Requests a second that reach the route. */
const TRAFFIC = 20;
const GONE = '';
/** In the place of a phase: nothing is changed, because something else is open. */
const LEFT = 'left';

/**
 * A node that does what the script of the document does, told in TypeScript: for tests of the deployer alone. What the
 * script itself does is tested where the script runs.
 */
export class FakeNode {
  /** By the digit that an image's digest repeats. */
  readonly behaviours = new Map<string, Behaviour>();
  /** Actions that were carried out, in order. */
  readonly actions: string[] = [];
  /** Seconds that each of them had at most. */
  readonly deadlines = new Map<string, number>();
  /** What Kubernetes has noted. */
  readonly events: object[] = [];
  /** Actions that fail, with what the script says. */
  readonly failing = new Map<string, { readonly phase: string; readonly message: string }>();
  /** Actions that never end. */
  readonly hanging = new Set<string>();
  traffic = TRAFFIC;
  current: string | undefined;
  pending: Begun | undefined;
  readonly finished = new Map<string, Snapshot>();
  /** What a release that was finished could not delete. */
  leftovers: readonly string[] = [];
  private readonly images = new Map<string, string>();
  private state: Snapshot = { tracks: { blue: GONE, green: GONE }, worker: GONE };
  private readonly counted = new Map<Track, { requests: number; errors: number; slow: number }>();

  constructor(
    private readonly clock: VirtualClock,
    private readonly s3: S3Service,
    private readonly bucket: string,
  ) {
    clock.onStep(() => this.answerRequests());
  }

  /** Images that serve. */
  get running(): readonly string[] {
    const { tracks, blue } = this.state;
    const release = blue === undefined ? GONE : tracks[blue >= 50 ? 'blue' : 'green'];
    const image = this.images.get(release);
    return image === undefined ? [] : [image];
  }

  /** Per cent of the traffic on blue. */
  get blue(): number | undefined {
    return this.state.blue;
  }

  /** As a release leaves it whose services all roll: there is no route between tracks yet. */
  hasRolled(release: string): void {
    this.current = release;
    this.state = { tracks: { blue: GONE, green: GONE }, worker: release };
  }

  run(variables: Readonly<Record<string, string>>, ended: (end: ScriptEnd) => void): MachineRun {
    const { SSM_Action: action = '', SSM_Run: run = '' } = variables;
    let open = true;
    const end = (exitCode: number, result: readonly (readonly [string, string])[]) => {
      if (!open) return;
      open = false;
      this.write(run, 'log.txt', `${action}: begun\n${action}: ended\n`);
      this.write(run, 'result.txt', result.map(([key, value]) => `${key}=${value}\n`).join(''));
      ended({ exitCode, out: 'x'.repeat(30_000), err: '' });
    };
    this.actions.push(action);
    this.deadlines.set(action, Number(variables.SSM_DeadlineSeconds));
    this.write(run, 'log.txt', `${action}: begun\nhalf a li`);
    if (action === 'deploy') this.begin(variables);
    const seconds = TAKES[action] ?? USUALLY_TAKES;
    if (!this.hanging.has(action)) {
      this.clock.in(seconds, () => {
        if (!open) return;
        const fault = this.failing.get(action) ?? this.carryOut(action, variables);
        if (!fault) return end(0, [['outcome', 'done']]);
        const { phase, message } = fault;
        if (phase === LEFT) {
          return end(0, [
            ['outcome', 'left'],
            ['message', message],
          ]);
        }
        end(1, [
          ['outcome', 'failed'],
          ['phase', phase],
          ['object', ''],
          ['message', message],
        ]);
      });
    }
    return {
      kill: () => {
        if (!open) return;
        open = false;
        ended({ exitCode: 137, out: '', err: '' });
      },
    };
  }

  private begin({ SSM_Release: release = '', SSM_Run: run = '' }: Readonly<Record<string, string>>): void {
    const worker = this.s3.get(this.bucket, `runs/${run}/manifests/30-deployments/worker.yaml`)?.toString();
    const image = /image: (\S+)/.exec(worker ?? '')?.[1] ?? '';
    const before = this.pending?.before ?? this.state;
    this.images.set(release, image);
    this.pending = { release, image, before };
    if (before.blue !== undefined) this.state = { ...this.state, blue: before.blue };
    const track = this.newTrack(release);
    this.state = {
      tracks: { ...this.state.tracks, [track]: release },
      worker: release,
      blue: this.state.blue ?? 100,
    };
  }

  private newTrack(release: string): Track {
    const { before } = this.pending ?? { before: this.state };
    if (before.blue === undefined) return 'blue';
    const live: Track = before.blue >= 50 ? 'blue' : 'green';
    if (before.tracks[live] === release) return live;
    return live === 'blue' ? 'green' : 'blue';
  }

  private carryOut(action: string, variables: Readonly<Record<string, string>>) {
    const { SSM_Release: release = '', SSM_Run: run = '', SSM_Weight: weight = '0' } = variables;
    switch (action) {
      case 'deploy': {
        const behaviour = this.behaviourOf(release);
        return behaviour?.kind === 'neverReady'
          ? { phase: 'deploy', message: `worker-1: ${behaviour.reason}` }
          : undefined;
      }
      case 'traffic': {
        if (this.pending?.before.blue === undefined) return undefined;
        const share = Number(weight);
        this.state = { ...this.state, blue: this.newTrack(release) === 'blue' ? share : 100 - share };
        return undefined;
      }
      case 'finish':
        this.finish(release);
        return undefined;
      case 'undo':
        return this.undo(release);
      case 'rollback':
        return this.rollBack(release);
      case 'sample':
        this.write(run, 'metrics.txt', this.metrics());
        return undefined;
      case 'health':
        this.write(run, 'state.json', JSON.stringify(this.health()));
        return undefined;
      default:
        return undefined;
    }
  }

  private finish(release: string): void {
    const { tracks, blue = 100 } = this.state;
    const idle: Track = blue >= 50 ? 'green' : 'blue';
    this.state = { ...this.state, tracks: { ...tracks, [idle]: GONE } };
    this.finished.set(release, this.state);
    this.current = release;
    this.pending = undefined;
    this.leftovers = [];
  }

  private undo(release: string) {
    if (!this.pending) return undefined;
    if (this.pending.release !== release)
      return { phase: LEFT, message: `${this.pending.release} is being deployed` };
    this.state = this.pending.before;
    this.pending = undefined;
    return undefined;
  }

  private rollBack(release: string) {
    const goal = this.finished.get(release);
    if (!goal) return { phase: 'rollback', message: `${release} was never finished` };
    this.state = goal;
    this.current = release;
    this.pending = undefined;
    return undefined;
  }

  private behaviourOf(release: string): Behaviour | undefined {
    const digit = this.images.get(release)?.slice(-1) ?? '';
    return this.behaviours.get(digit);
  }

  private answerRequests(): void {
    const { tracks, blue } = this.state;
    if (blue === undefined) return;
    for (const [track, share] of [
      ['blue', blue],
      ['green', 100 - blue],
    ] as const) {
      const behaviour = this.behaviourOf(tracks[track]);
      const answers = behaviour?.kind === 'answers' ? behaviour : { errors: 0, seconds: 0.05 };
      const before = this.counted.get(track) ?? { requests: 0, errors: 0, slow: 0 };
      const requests = (this.traffic * share) / 100;
      this.counted.set(track, {
        requests: before.requests + requests,
        errors: before.errors + requests * answers.errors,
        slow: before.slow + (answers.seconds > 0.1 ? requests : 0),
      });
    }
  }

  private metrics(): string {
    return [...this.counted]
      .flatMap(([track, { requests, errors, slow }]) => {
        const service = `service="shop-api-${track}-80@kubernetescrd"`;
        const name = 'traefik_service_request_duration_seconds_bucket';
        return [
          `traefik_service_requests_total{code="200",${service}} ${requests - errors}`,
          `traefik_service_requests_total{code="500",${service}} ${errors}`,
          `${name}{${service},le="0.1"} ${requests - slow}`,
          `${name}{${service},le="1.2"} ${requests}`,
          `${name}{${service},le="+Inf"} ${requests}`,
        ];
      })
      .join('\n');
  }

  private health() {
    const { tracks, worker, blue } = this.state;
    const rollouts = [
      ['worker', worker, true],
      ['api-blue', tracks.blue, (blue ?? 0) > 0],
      ['api-green', tracks.green, (blue ?? 100) < 100],
    ] as const;
    const lines = (release: string | undefined) =>
      release === undefined
        ? []
        : [
            `release ${release}`,
            `image ${this.images.get(release) ?? ''}`,
            // Pinned in the manifests, and no image of the workload.
            `image docker.io/library/redis:8.4.0@sha256:${'0'.repeat(64)}`,
          ];
    const weighted = [
      { name: 'api-blue', weight: blue },
      { name: 'api-green', weight: 100 - (blue ?? 0) },
    ];
    return {
      current: lines(this.current),
      pending: lines(this.pending?.release),
      leftovers: this.leftovers,
      objects: {
        items: [
          node(),
          ...rollouts.flatMap(([name, release, live]) => this.rollout(name, release, live)),
          ...this.events,
        ],
      },
      routes: {
        items:
          blue === undefined
            ? []
            : [{ metadata: { name: 'api' }, spec: { weighted: { services: weighted } } }],
      },
    };
  }

  private rollout(name: string, release: string, hasTraffic: boolean): readonly object[] {
    const behaviour = this.behaviourOf(release);
    const crashes = behaviour?.kind === 'crashesWithTraffic' && hasTraffic;
    const reason =
      behaviour?.kind === 'neverReady' ? behaviour.reason : crashes ? 'CrashLoopBackOff' : undefined;
    const replicas = release === GONE ? 0 : 1;
    const ready = reason === undefined ? replicas : 0;
    const owner = (kind: string, owned: string) => ({ ownerReferences: [{ kind, name: owned }] });
    const image = this.images.get(release) ?? '';
    return [
      {
        kind: 'Deployment',
        metadata: { name, generation: 1 },
        spec: { replicas, template: { spec: { containers: [{ name: 'main', image }] } } },
        status: { observedGeneration: 1, replicas, updatedReplicas: replicas, readyReplicas: ready },
      },
      { kind: 'ReplicaSet', metadata: { name: `${name}-1`, ...owner('Deployment', name) } },
      ...(replicas === 0
        ? []
        : [
            {
              kind: 'Pod',
              metadata: { name: `${name}-1-x`, ...owner('ReplicaSet', `${name}-1`) },
              status: {
                phase: reason === undefined ? 'Running' : 'Pending',
                containerStatuses: [
                  {
                    name: 'main',
                    ready: ready > 0,
                    state: reason === undefined ? {} : { waiting: { reason } },
                  },
                ],
              },
            },
          ]),
    ];
  }

  private write(run: string, name: string, text: string): void {
    this.s3.set(this.bucket, `runs/${run}/${name}`, text);
  }
}

const node = () => ({
  kind: 'Node',
  metadata: { name: 'node-1' },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
});
