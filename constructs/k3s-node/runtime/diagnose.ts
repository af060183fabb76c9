import { type DeployContext, type Diagnosis, LockstepError } from '../../../contract';
import type { NodeAccess } from './access';
import { lookAtCluster, type ClusterState } from './cluster-state';
import { nodeProblems, nodesOf, rolloutsOf } from './health';
import { type PodProblem, podProblem, podsOf } from './pods';
import { sentenceOf } from './run';

/** What is wrong, most probable first. A node that cannot be asked is an answer too. */
export async function diagnose(access: NodeAccess, context: DeployContext): Promise<readonly Diagnosis[]> {
  try {
    const { end, state } = await lookAtCluster(access, context);
    if (state) return diagnosesOf(state);
    if (end.result === 'done') return [];
    return [
      {
        source: `node ${access.spec.nodeTag}`,
        cause:
          end.phase === 'api'
            ? 'the Kubernetes API does not answer'
            : `the node could not be asked: ${end.result}`,
        evidence: [sentenceOf(end)],
        remedy:
          'look at the CPU and the memory of the node; `systemctl restart k3s` by a session of Session Manager brings the API back',
      },
    ];
  } catch (error) {
    if (!LockstepError.is(error) || !/^Node(NotFound|Unreachable)$/.test(error.code)) throw error;
    return error.faults.map(({ place, value, change }) => ({
      source: place,
      cause: `the node takes no command: ${value}`,
      evidence: [],
      remedy: change,
    }));
  }
}

/** Judges a state. Whatever has no traffic yet counts too: it is what a deployment may have failed with. */
export function diagnosesOf(state: ClusterState): readonly Diagnosis[] {
  const nodes = nodesOf(state).flatMap((node) =>
    nodeProblems(node).map((cause) => ({
      source: `node ${node.metadata.name}`,
      cause,
      evidence: eventsAbout(state, node.metadata.name),
      remedy: 'give the node more room, or take load from it: K3s evicts pods under pressure',
    })),
  );
  const pods = rolloutsOf(state)
    .filter(({ spec }) => spec.replicas > 0)
    .flatMap((rollout) => podsOf(state, rollout))
    .flatMap((pod) => podProblem(pod) ?? [])
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind))
    .map((problem) => ({
      source: `pod ${problem.pod}`,
      cause: problem.cause,
      evidence: eventsAbout(state, problem.pod),
      remedy: REMEDIES[problem.kind],
    }));
  return [...nodes, ...pods];
}

const REMEDIES: Readonly<Record<PodProblem['kind'], string>> = {
  imagePull:
    'check that the digest is in the repository, that the node role may pull from it, and that the node reaches the registry',
  config: 'compare the ConfigMaps and volumes that the pod names with those in its namespace',
  outOfMemory:
    'raise the memory limit of the service within the budget of the node, or find what uses so much; `logs` prints what it wrote',
  crashLoop: 'read what the container wrote with `logs`, and run the image on your machine',
  unschedulable:
    'the node has no room for what the pod requests: lower the requests, or choose a larger instance type',
  notReady:
    'ask the path of the readiness probe in the container; `logs` prints what it wrote while it was asked',
};

const ORDER: readonly PodProblem['kind'][] = [
  'imagePull',
  'config',
  'outOfMemory',
  'crashLoop',
  'unschedulable',
  'notReady',
];

const MOST_EVIDENCE = 5;

/** What Kubernetes has noted about an object, newest last. */
function eventsAbout({ objects }: ClusterState, name: string): readonly string[] {
  return objects
    .flatMap((each) => (each.kind === 'Event' && each.involvedObject.name === name ? [each] : []))
    .slice(-MOST_EVIDENCE)
    .map(({ type, reason, message }) => `${type} ${reason}: ${message}`);
}
