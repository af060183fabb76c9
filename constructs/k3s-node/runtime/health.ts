import type { Check, Version } from '../../../contract';
import type { K3sNodeSpec } from '../spec';
import type { ClusterNode, ClusterState, Rollout } from './cluster-state';
import { podProblem, podsOf } from './pods';
import { liveTrack, type Track, weightsOf } from './routes';

/** What of the state a judgement looks at. */
type Judged = Pick<K3sNodeSpec, 'statefulSets' | 'deployments' | 'routed'>;

/** Sides of a routed service that are judged: that with most of the traffic, or each that has pods. */
type Sides = 'live' | 'both';

/** Judges the node, what serves, its pods, and that each route has come to one side. */
export const healthChecks = (spec: Judged, state: ClusterState): readonly Check[] => [
  ...servingChecks(spec, state, 'live'),
  ...spec.routed.map((service) => trafficCheck(state, service)),
];

/** Judges the node, what serves, and its pods, however the traffic is shared. */
export function servingChecks(spec: Judged, state: ClusterState, sides: Sides): readonly Check[] {
  const rollouts = servingRollouts(spec, state, sides);
  return [
    nodeCheck(state),
    ...rollouts.map(({ label, rollout }) => readyCheck(label, rollout)),
    podCheck(
      state,
      rollouts.flatMap(({ rollout }) => rollout ?? []),
    ),
  ];
}

/** Compares the release that the node knows with the one that should run. */
export function releaseCheck({ current, pending }: ClusterState, expected: Version | undefined): Check {
  const runs = pending ?? current;
  return {
    name: 'release',
    passed: runs !== undefined && runs.name === expected?.name,
    detail: `${runs?.name ?? 'nothing'} runs, ${expected?.name ?? 'nothing'} should`,
  };
}

interface Labelled {
  readonly label: string;
  /** Absent where the cluster has none. */
  readonly rollout: Rollout | undefined;
}

/** What must be ready. */
function servingRollouts(spec: Judged, state: ClusterState, sides: Sides): readonly Labelled[] {
  const named = (kind: Rollout['kind'], name: string) => ({
    label: name,
    rollout: rolloutsOf(state).find((each) => each.kind === kind && each.metadata.name === name),
  });
  return [
    ...spec.statefulSets.map((name) => named('StatefulSet', name)),
    ...spec.deployments.map((name) => named('Deployment', name)),
    ...spec.routed.flatMap((service) =>
      tracksOf(state, service, sides).map((track) => named('Deployment', `${service}-${track}`)),
    ),
  ];
}

function tracksOf(state: ClusterState, service: string, sides: Sides): readonly Track[] {
  const live = liveTrack(state.routes, service) ?? 'blue';
  const other = live === 'blue' ? 'green' : 'blue';
  return sides === 'both' && hasPods(state, `${service}-${other}`) ? [live, other] : [live];
}

/** True for a Deployment that is not scaled to nothing. */
export const hasPods = (state: ClusterState, deployment: string): boolean =>
  rolloutsOf(state).some(
    ({ kind, metadata, spec }) => kind === 'Deployment' && metadata.name === deployment && spec.replicas > 0,
  );

export const rolloutsOf = ({ objects }: ClusterState): readonly Rollout[] =>
  objects.filter((each) => each.kind === 'Deployment' || each.kind === 'StatefulSet');

export const nodesOf = ({ objects }: ClusterState): readonly ClusterNode[] =>
  objects.filter((each) => each.kind === 'Node');

/** @see https://kubernetes.io/docs/reference/node/node-status/#condition */
function nodeCheck(state: ClusterState): Check {
  const nodes = nodesOf(state);
  const wrong = nodes.flatMap(nodeProblems);
  return {
    name: 'node',
    passed: nodes.length > 0 && wrong.length === 0,
    detail: nodes.length === 0 ? 'the cluster has no node' : wrong.join('; ') || 'Ready, without pressure',
  };
}

/** What a node complains about. */
export function nodeProblems({ metadata, status }: ClusterNode): readonly string[] {
  const ready = status.conditions.find(({ type }) => type === 'Ready');
  const pressures = status.conditions.filter(({ type, status: is }) => type !== 'Ready' && is === 'True');
  return [
    ...(ready?.status === 'True' ? [] : [`${metadata.name} is not Ready: ${ready?.message ?? 'unknown'}`]),
    ...pressures.map(({ type, message }) => `${metadata.name} has ${type}: ${message}`),
  ];
}

function readyCheck(name: string, rollout: Rollout | undefined): Check {
  if (!rollout) return { name, passed: false, detail: 'it does not exist' };
  const { metadata, spec, status } = rollout;
  const settled = status.observedGeneration >= metadata.generation;
  const passed =
    settled &&
    spec.replicas > 0 &&
    status.readyReplicas === spec.replicas &&
    status.updatedReplicas === spec.replicas;
  return {
    name,
    passed,
    detail: `${status.readyReplicas} of ${spec.replicas} ready, ${status.updatedReplicas} up to date${settled ? '' : '; the last change is not taken up yet'}`,
  };
}

function podCheck(state: ClusterState, rollouts: readonly Rollout[]): Check {
  const pods = rollouts.flatMap((rollout) => podsOf(state, rollout));
  const wrong = pods.flatMap((pod) => podProblem(pod) ?? []);
  return {
    name: 'pods',
    passed: pods.length > 0 && wrong.length === 0,
    detail:
      wrong.map(({ pod, cause }) => `${pod}: ${cause}`).join('; ') ||
      (pods.length === 0 ? 'there are none' : `${pods.length} run, and their probes pass`),
  };
}

function trafficCheck({ routes }: ClusterState, service: string): Check {
  const weights = weightsOf(routes, service);
  const whole = weights !== undefined && Math.max(weights.blue, weights.green) === 100;
  return {
    name: `traffic of ${service}`,
    passed: whole && Math.min(weights.blue, weights.green) === 0,
    detail: weights ? `blue ${weights.blue} %, green ${weights.green} %` : 'there is no route',
  };
}
