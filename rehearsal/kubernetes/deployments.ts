import { createHash } from 'node:crypto';
import { isNamed, type Moment, nextId, nextSuffix, note } from './moment';
import { isAvailable, isReady, isThere } from './pods';
import { podsOf } from './quantity';
import type { PodTemplate } from './schemas';
import type { ClusterState, DeploymentState, ObjectName, PodState, ReplicaSetState } from './state';

/** Same template, same hash, whatever the order of its fields. */
export const hashOf = (template: PodTemplate): string =>
  createHash('sha256').update(sorted(template)).digest('hex').slice(0, 10);

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );

/** Of one Deployment, newest revision last. */
export const replicaSetsOf = (
  { replicaSets }: ClusterState,
  { namespace, name }: ObjectName,
): readonly ReplicaSetState[] =>
  replicaSets
    .filter((each) => each.namespace === namespace && each.deployment === name)
    .sort((one, other) => one.revision - other.revision);

/** Pods of one ReplicaSet or StatefulSet that are not being deleted. */
export const podsOfOwner = (
  { pods }: ClusterState,
  kind: PodState['owner']['kind'],
  owner: ObjectName,
): readonly PodState[] =>
  pods.filter(
    (pod) =>
      pod.namespace === owner.namespace &&
      pod.owner.kind === kind &&
      pod.owner.name === owner.name &&
      isThere(pod),
  );

/** One second of each Deployment: autoscalers, ReplicaSets, pods. */
export function liveDeployments(moment: Moment): void {
  const { state } = moment;
  for (const deployment of state.deployments) {
    autoscale(state, deployment);
    const current = currentSet(moment, deployment);
    rollOut(moment, deployment, current);
    for (const set of replicaSetsOf(state, deployment)) livePodsOf(moment, set);
    forgetOldSets(state, deployment);
  }
}

/** Without load there are as few pods as the autoscaler allows; it leaves a Deployment without pods alone. */
function autoscale(state: ClusterState, deployment: DeploymentState): void {
  const scaler = state.others.find(
    ({ manifest }) =>
      manifest.kind === 'HorizontalPodAutoscaler' &&
      manifest.metadata.namespace === deployment.namespace &&
      manifest.spec.scaleTargetRef.name === deployment.name,
  )?.manifest;
  if (scaler?.kind !== 'HorizontalPodAutoscaler' || deployment.replicas === 0) return;
  deployment.replicas = Math.max(deployment.replicas, scaler.spec.minReplicas);
}

/** The ReplicaSet of the template as it is. One that was there before gets a new revision. */
function currentSet(moment: Moment, deployment: DeploymentState): ReplicaSetState {
  const { state, now } = moment;
  const hash = hashOf(deployment.template);
  const all = replicaSetsOf(state, deployment);
  const newest = all.at(-1);
  const found = all.find((each) => each.hash === hash);
  if (found && found === newest) return found;
  deployment.progressAt = now;
  const revision = (newest?.revision ?? 0) + 1;
  if (found) {
    found.revision = revision;
    return found;
  }
  const made: ReplicaSetState = {
    namespace: deployment.namespace,
    name: `${deployment.name}-${hash}`,
    uid: nextId(moment),
    at: now,
    deployment: deployment.name,
    hash,
    template: deployment.template,
    revision,
    replicas: 0,
  };
  state.replicaSets = [...state.replicaSets, made];
  return made;
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment */
function rollOut(moment: Moment, deployment: DeploymentState, current: ReplicaSetState): void {
  const { state } = moment;
  const { replicas } = deployment;
  const others = replicaSetsOf(state, deployment).filter((each) => each !== current);
  const { surge, unavailable } = bounds(deployment);
  const total = sum([current, ...others].map((each) => each.replicas));
  if (current.replicas > replicas) scale(moment, deployment, current, replicas);
  else if (current.replicas < replicas) {
    const room = Math.max(0, replicas + surge - total);
    if (room > 0) scale(moment, deployment, current, Math.min(replicas, current.replicas + room));
  }
  let spare = availableOf(moment, deployment, [current, ...others]) - (replicas - unavailable);
  for (const set of others) {
    // Pods that do not serve are no loss.
    const idle = set.replicas - availableOf(moment, deployment, [set]);
    const down = Math.min(set.replicas, idle + Math.max(0, spare));
    if (down === 0) continue;
    spare -= Math.max(0, down - idle);
    scale(moment, deployment, set, set.replicas - down);
  }
}

function bounds({ manifest, replicas }: DeploymentState): {
  readonly surge: number;
  readonly unavailable: number;
} {
  const { strategy } = manifest.spec;
  if (strategy.type === 'Recreate') return { surge: 0, unavailable: replicas };
  const { maxSurge = '25%', maxUnavailable = '25%' } = strategy.rollingUpdate ?? {};
  const surge = podsOf(maxSurge, replicas, 'up');
  const unavailable = podsOf(maxUnavailable, replicas, 'down');
  // Both zero would be a deployment that never moves; Kubernetes takes one of them for one.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

const availableOf = (
  { state, now }: Pick<Moment, 'state' | 'now'>,
  { manifest }: DeploymentState,
  sets: readonly ReplicaSetState[],
): number =>
  sets
    .flatMap((set) => podsOfOwner(state, 'ReplicaSet', set))
    .filter((pod) => isAvailable(pod, manifest.spec, now)).length;

function scale(moment: Moment, { namespace, name }: DeploymentState, set: ReplicaSetState, to: number): void {
  const way = to > set.replicas ? 'up' : 'down';
  const message = `Scaled ${way} replica set ${set.name} from ${set.replicas} to ${to}`;
  set.replicas = to;
  note(moment, {
    namespace,
    involved: { kind: 'Deployment', name },
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message,
  });
}

/** As many pods as the ReplicaSet wants; those that do not serve go first. */
function livePodsOf(moment: Moment, set: ReplicaSetState): void {
  const { state, now } = moment;
  const there = podsOfOwner(state, 'ReplicaSet', set);
  const surplus = [...there].sort((one, other) => Number(isReady(one)) - Number(isReady(other)));
  for (const pod of surplus.slice(0, Math.max(0, there.length - set.replicas))) pod.deletedAt = now;
  for (let missing = set.replicas - there.length; missing > 0; missing -= 1) {
    const made: PodState = {
      namespace: set.namespace,
      name: `${set.name}-${nextSuffix(moment)}`,
      uid: nextId(moment),
      at: now,
      owner: { kind: 'ReplicaSet', name: set.name },
      workload: set.deployment,
      hash: set.hash,
      template: set.template,
      phase: { kind: 'unscheduled', message: 'not looked at yet' },
      restarts: 0,
    };
    state.pods = [...state.pods, made];
  }
}

function forgetOldSets(state: ClusterState, deployment: DeploymentState): void {
  const idle = replicaSetsOf(state, deployment).filter(({ replicas }) => replicas === 0);
  const keep = deployment.manifest.spec.revisionHistoryLimit;
  const current = hashOf(deployment.template);
  const gone = new Set(idle.filter(({ hash }) => hash !== current).slice(0, Math.max(0, idle.length - keep)));
  if (gone.size > 0) state.replicaSets = state.replicaSets.filter((each) => !gone.has(each));
}

/** What `status` of a Deployment says. */
export interface DeploymentStatus {
  readonly total: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  /** True when everything is as it is to be. */
  readonly complete: boolean;
  /** True when it has come no further for longer than its deadline. */
  readonly stuck: boolean;
}

export function statusOf(
  { state, now }: Pick<Moment, 'state' | 'now'>,
  deployment: DeploymentState,
): DeploymentStatus {
  const sets = replicaSetsOf(state, deployment);
  const hash = hashOf(deployment.template);
  const pods = sets.flatMap((set) => podsOfOwner(state, 'ReplicaSet', set));
  const updated = pods.filter((pod) => pod.hash === hash);
  const ready = pods.filter(isReady).length;
  const available = availableOf({ state, now }, deployment, sets);
  const { replicas } = deployment;
  const complete =
    sets.some((set) => set.hash === hash) &&
    updated.length === replicas &&
    pods.length === replicas &&
    available === replicas;
  const late = now - deployment.progressAt > deployment.manifest.spec.progressDeadlineSeconds * 1_000;
  return {
    total: pods.length,
    updated: updated.length,
    ready,
    available,
    complete,
    stuck: !complete && late,
  };
}

/** Notes when a Deployment came further, by what can be seen of it. */
export function noteProgress(
  moment: Moment,
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const seen = new Map(
    moment.state.deployments.map((each) => [
      `${each.namespace}/${each.name}`,
      JSON.stringify(statusOf(moment, each)),
    ]),
  );
  for (const each of moment.state.deployments) {
    const key = `${each.namespace}/${each.name}`;
    const [one, other] = [before.get(key), seen.get(key)].map((text) => text?.replace(/"stuck":\w+/, ''));
    if (one !== undefined && one !== other) each.progressAt = moment.now;
  }
  return seen;
}

export const deploymentNamed = (
  { deployments }: ClusterState,
  name: ObjectName,
): DeploymentState | undefined => deployments.find((each) => isNamed(each, name));
