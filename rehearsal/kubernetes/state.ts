import type { PodRule } from './behaviour';
import type { Manifest, ManifestOf, PodTemplate } from './schemas';

/** A name in a namespace. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** Everything that a cluster of one node remembers, as plain data. Times are milliseconds since the epoch. */
export interface ClusterState {
  lastId: number;
  readonly node: NodeState;
  deployments: readonly DeploymentState[];
  replicaSets: readonly ReplicaSetState[];
  statefulSets: readonly StatefulSetState[];
  pods: readonly PodState[];
  /** What does nothing by itself, such as ConfigMaps, Services and routes; also namespaces. */
  others: readonly StoredManifest[];
  events: readonly EventState[];
  /** The first that fits counts. */
  rules: readonly PodRule[];
  troubles: readonly ApiTrouble[];
  readonly traffic: TrafficState;
}

export interface NodeState {
  readonly name: string;
  readonly memoryMib: number;
  readonly cpuMillis: number;
  /** Requested by pods that are no matter of the rehearsal. */
  takenMib: number;
  ready: boolean;
  /** Why it is not. */
  message: string;
}

export interface StoredManifest {
  readonly uid: string;
  readonly at: number;
  manifest: Exclude<Manifest, { kind: 'Deployment' | 'StatefulSet' }>;
}

export interface DeploymentState extends ObjectName {
  readonly uid: string;
  readonly at: number;
  manifest: ManifestOf<'Deployment'>;
  /** May differ from the manifest's after `rollout undo`. */
  template: PodTemplate;
  replicas: number;
  generation: number;
  /** When it last came further. */
  progressAt: number;
}

export interface ReplicaSetState extends ObjectName {
  readonly uid: string;
  readonly at: number;
  readonly deployment: string;
  readonly hash: string;
  readonly template: PodTemplate;
  revision: number;
  replicas: number;
}

export interface StatefulSetState extends ObjectName {
  readonly uid: string;
  readonly at: number;
  manifest: ManifestOf<'StatefulSet'>;
  generation: number;
  replicas: number;
}

export interface PodState extends ObjectName {
  readonly uid: string;
  readonly at: number;
  readonly owner: { readonly kind: 'ReplicaSet' | 'StatefulSet'; readonly name: string };
  /** Name of the Deployment or StatefulSet. */
  readonly workload: string;
  readonly hash: string;
  readonly template: PodTemplate;
  phase: PodPhase;
  restarts: number;
  /** How the container ended before. */
  lastEnd?: ContainerEnd;
  /** Set while it is being deleted. */
  deletedAt?: number;
}

export interface ContainerEnd {
  readonly reason: 'Error' | 'OOMKilled' | 'Completed';
  readonly exitCode: number;
  readonly at: number;
}

export type PodPhase =
  | { readonly kind: 'unscheduled'; readonly message: string }
  | { readonly kind: 'pulling'; readonly since: number }
  | {
      readonly kind: 'notStarted';
      readonly since: number;
      readonly reason: 'ImagePullBackOff' | 'CreateContainerConfigError';
      readonly message: string;
    }
  /** `readyAt`: since when its readiness probe passes. */
  | { readonly kind: 'running'; readonly since: number; readonly readyAt?: number }
  | { readonly kind: 'backOff'; readonly until: number };

export interface EventState extends ObjectName {
  readonly involved: { readonly kind: string; readonly name: string };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly firstAt: number;
  lastAt: number;
  count: number;
}

/** The next calls of kubectl go wrong. */
export interface ApiTrouble {
  readonly kind: 'busy' | 'tlsTimeout' | 'refused';
  /** Calls that pass before. */
  toPass: number;
  /** Calls that go wrong. */
  left: number;
}

export interface TrafficState {
  /** Requests that come to each route each second. */
  requestsPerSecond: number;
  rules: readonly TrafficRule[];
  /** By `<namespace>/<service>:<port>`. */
  readonly served: Map<string, Served>;
}

/** How pods of some images answer. */
export interface TrafficRule {
  /** Images that answer otherwise. */
  readonly except: readonly string[];
  /** Share of answers 5xx, 0 to 1. */
  readonly errors: number;
  /** Seconds of each answer. */
  readonly seconds: number;
}

/** Since Traefik was started. */
export interface Served {
  good: number;
  bad: number;
  /** Seconds of an answer, and how many took so long. */
  readonly durations: Map<number, number>;
}

/** The size of a machine. */
export interface MachineSize {
  readonly memoryMib: number;
  readonly cpuMillis: number;
}

/** A cluster that was just installed. */
export const emptyCluster = (name: string, { memoryMib, cpuMillis }: MachineSize): ClusterState => ({
  lastId: 0,
  node: { name, memoryMib, cpuMillis, takenMib: 0, ready: true, message: 'kubelet is posting ready status' },
  deployments: [],
  replicaSets: [],
  statefulSets: [],
  pods: [],
  others: [],
  events: [],
  rules: [],
  troubles: [],
  traffic: { requestsPerSecond: 20, rules: [], served: new Map() },
});
