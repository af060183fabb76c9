import { podView, TRAEFIK_POD } from './pod-views';
import { at, condition, type View } from './view';
import { hashOf, podsOfOwner, replicaSetsOf, statusOf } from './deployments';
import type { Kind } from './kinds';
import type { Moment } from './moment';
import { isReady } from './pods';
import { statefulSetStatus } from './stateful-sets';
import type { DeploymentState, EventState, ReplicaSetState, StatefulSetState, StoredManifest } from './state';

/** Every object of a kind. */
export function viewsOf(moment: Moment, { kind, apiVersion }: Kind): readonly View[] {
  const { state } = moment;
  switch (kind) {
    case 'Node':
      return [node(moment)];
    case 'Deployment':
      return state.deployments.map((each) => deployment(moment, each));
    case 'ReplicaSet':
      return state.replicaSets.map((each) => replicaSet(moment, each));
    case 'StatefulSet':
      return state.statefulSets.map((each) => statefulSet(moment, each));
    case 'Pod':
      return [...state.pods.map((each) => podView(moment, each)), TRAEFIK_POD];
    case 'Event':
      return state.events.map(event);
    case 'PersistentVolumeClaim':
      return state.statefulSets.flatMap(claims);
    default:
      return state.others
        .filter(({ manifest }) => manifest.kind === kind && manifest.apiVersion === apiVersion)
        .map(plain);
  }
}

const plain = ({ manifest, uid, at: made }: StoredManifest): View => ({
  ...manifest,
  metadata: { ...manifest.metadata, uid, creationTimestamp: at(made) } as View['metadata'],
});

function node({ state, now }: Moment): View {
  const { name, memoryMib, cpuMillis, ready, message } = state.node;
  const size = { cpu: `${cpuMillis}m`, memory: `${memoryMib * 1024}Ki` };
  const [reason, fine] = ready
    ? ['KubeletReady', 'NetworkReady']
    : ['NodeStatusUnknown', 'NodeStatusUnknown'];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'node.kubernetes.io/instance-type': 'k3s' } } as View['metadata'],
    status: {
      allocatable: size,
      capacity: size,
      conditions: [
        condition(
          'MemoryPressure',
          false,
          now,
          'KubeletHasSufficientMemory',
          'kubelet has sufficient memory available',
        ),
        condition('DiskPressure', false, now, 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
        { ...condition('Ready', ready, now, reason ?? '', message), ...(ready ? {} : { status: 'Unknown' }) },
      ],
      nodeInfo: {
        kubeletVersion: 'v1.35.8+k3s1',
        containerRuntimeVersion: 'containerd://2.2.7-k3s1',
        network: fine,
      },
    },
  };
}

function deployment(moment: Moment, each: DeploymentState): View {
  const { manifest, replicas, generation, template, uid } = each;
  const { total, updated, ready, available, complete, stuck } = statusOf(moment, each);
  const newest = replicaSetsOf(moment.state, each).at(-1);
  const { annotations } = manifest.metadata;
  const progressing = complete
    ? condition(
        'Progressing',
        true,
        each.progressAt,
        'NewReplicaSetAvailable',
        `ReplicaSet "${newest?.name ?? ''}" has successfully progressed.`,
      )
    : condition(
        'Progressing',
        !stuck,
        each.progressAt,
        stuck ? 'ProgressDeadlineExceeded' : 'ReplicaSetUpdated',
        `ReplicaSet "${newest?.name ?? ''}" ${stuck ? 'has timed out progressing' : 'is progressing'}.`,
      );
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...manifest.metadata,
      namespace: each.namespace,
      uid,
      generation,
      creationTimestamp: at(each.at),
      annotations: { ...annotations, 'deployment.kubernetes.io/revision': String(newest?.revision ?? 0) },
    } as View['metadata'],
    spec: { ...manifest.spec, replicas, template },
    status: {
      observedGeneration: generation,
      ...(total > 0 && { replicas: total }),
      ...(updated > 0 && { updatedReplicas: updated }),
      ...(ready > 0 && { readyReplicas: ready }),
      ...(available > 0 && { availableReplicas: available }),
      ...(replicas > available && { unavailableReplicas: replicas - available }),
      conditions: [
        condition(
          'Available',
          available >= replicas,
          each.progressAt,
          'MinimumReplicas',
          'Deployment has minimum availability.',
        ),
        progressing,
      ],
    },
  };
}

function replicaSet({ state }: Moment, each: ReplicaSetState): View {
  const { template, hash, namespace, name, uid, revision, replicas } = each;
  const pods = podsOfOwner(state, 'ReplicaSet', each);
  const ready = pods.filter(isReady).length;
  const labels = { ...template.metadata.labels, 'pod-template-hash': hash };
  const owner = state.deployments.find((of) => of.namespace === namespace && of.name === each.deployment);
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      namespace,
      uid,
      labels,
      creationTimestamp: at(each.at),
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          name: each.deployment,
          uid: owner?.uid ?? '',
          controller: true,
        },
      ],
    } as View['metadata'],
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: {
      replicas: pods.length,
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
    },
  };
}

function statefulSet({ state }: Moment, each: StatefulSetState): View {
  const { manifest, generation, replicas, uid, namespace } = each;
  const { updated, ready } = statefulSetStatus(state, each);
  const revision = `${each.name}-${hashOf(manifest.spec.template)}`;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      ...manifest.metadata,
      namespace,
      uid,
      generation,
      creationTimestamp: at(each.at),
    } as View['metadata'],
    spec: { ...manifest.spec, replicas },
    status: {
      observedGeneration: generation,
      replicas: podsOfOwner(state, 'StatefulSet', each).length,
      ...(ready > 0 && { readyReplicas: ready, availableReplicas: ready }),
      ...(updated > 0 && { updatedReplicas: updated }),
      currentRevision: revision,
      updateRevision: revision,
    },
  };
}

const claims = ({ manifest, namespace, name, replicas, at: made }: StatefulSetState): readonly View[] =>
  manifest.spec.volumeClaimTemplates.flatMap((claim) =>
    [...Array(replicas).keys()].map((ordinal) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: `${claim.metadata.name}-${name}-${ordinal}`, namespace, creationTimestamp: at(made) },
      spec: claim.spec,
      status: { phase: 'Bound', capacity: claim.spec.resources.requests },
    })),
  );

const event = ({
  name,
  namespace,
  involved,
  type,
  reason,
  message,
  firstAt,
  lastAt,
  count,
}: EventState): View => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace, creationTimestamp: at(firstAt) } as View['metadata'],
  involvedObject: { ...involved, namespace },
  type,
  reason,
  message,
  firstTimestamp: at(firstAt),
  lastTimestamp: at(lastAt),
  count,
  source: { component: 'k3s' },
});
