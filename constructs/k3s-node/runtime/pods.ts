import type { ClusterState, ContainerStatus, Pod, Rollout } from './cluster-state';

/** What is wrong with a pod. */
export interface PodProblem {
  readonly pod: string;
  readonly kind: 'imagePull' | 'crashLoop' | 'outOfMemory' | 'notReady' | 'unschedulable' | 'config';
  readonly cause: string;
}

/** Pods of a Deployment or StatefulSet that are not on their way out. */
export function podsOf({ objects }: ClusterState, { kind, metadata }: Rollout): readonly Pod[] {
  const owners = new Set(
    kind === 'StatefulSet'
      ? [metadata.name]
      : objects
          .filter((each) => each.kind === 'ReplicaSet' && isOwned(each.metadata, 'Deployment', metadata.name))
          .map((each) => (each.kind === 'ReplicaSet' ? each.metadata.name : '')),
  );
  const ownerKind = kind === 'StatefulSet' ? 'StatefulSet' : 'ReplicaSet';
  return objects.filter(
    (each) =>
      each.kind === 'Pod' &&
      each.metadata.deletionTimestamp === undefined &&
      each.metadata.ownerReferences.some((owner) => owner.kind === ownerKind && owners.has(owner.name)),
  ) as readonly Pod[];
}

const isOwned = ({ ownerReferences }: Pod['metadata'], kind: string, name: string): boolean =>
  ownerReferences.some((owner) => owner.kind === kind && owner.name === name);

/** @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ */
export function podProblem({ metadata, status }: Pod): PodProblem | undefined {
  const problem = (kind: PodProblem['kind'], cause: string): PodProblem => ({
    pod: metadata.name,
    kind,
    cause,
  });
  const containers = [...status.initContainerStatuses, ...status.containerStatuses];
  for (const container of containers) {
    const found = containerProblem(container);
    if (found) return problem(found.kind, `${container.name}: ${found.cause}`);
  }
  const scheduled = status.conditions.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False') return problem('unschedulable', scheduled.message || scheduled.reason);
  if (status.phase !== 'Running') return problem('notReady', `is ${status.phase || 'unknown'}`);
  const waiting = status.containerStatuses.filter(({ ready }) => !ready).map(({ name }) => name);
  if (waiting.length > 0) return problem('notReady', `${waiting.join(', ')} does not pass its probes`);
  return undefined;
}

function containerProblem({
  state,
  lastState,
  restartCount,
}: ContainerStatus): Pick<PodProblem, 'kind' | 'cause'> | undefined {
  const { reason = '', message = '' } = state.waiting ?? {};
  const said = [reason, message].filter((part) => part !== '').join(': ');
  if (/^(ErrImagePull|ImagePullBackOff|InvalidImageName)$/.test(reason)) {
    return { kind: 'imagePull', cause: said };
  }
  if (/^Create(Container|ContainerConfig)Error$/.test(reason)) return { kind: 'config', cause: said };
  const last = state.terminated ?? lastState.terminated;
  const looping = reason === 'CrashLoopBackOff';
  if (last?.reason === 'OOMKilled' && (looping || state.terminated)) {
    return { kind: 'outOfMemory', cause: `OOMKilled, ${restartCount} restarts` };
  }
  if (!looping) return undefined;
  const exit = last ? `exit code ${last.exitCode}, ` : '';
  return { kind: 'crashLoop', cause: `CrashLoopBackOff: ${exit}${restartCount} restarts` };
}
