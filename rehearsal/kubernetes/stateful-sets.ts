import { hashOf, podsOfOwner } from './deployments';
import { isNamed, type Moment, nextId } from './moment';
import { isReady } from './pods';
import type { ClusterState, ObjectName, StatefulSetState } from './state';

/**
 * One second of each StatefulSet: its pods come one after the other, and are replaced from the last to the first.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deployment-and-scaling-guarantees
 */
export function liveStatefulSets(moment: Moment): void {
  for (const set of moment.state.statefulSets) live(moment, set);
}

function live(moment: Moment, set: StatefulSetState): void {
  const { state, now } = moment;
  const hash = hashOf(set.manifest.spec.template);
  const pods = [...podsOfOwner(state, 'StatefulSet', set)];
  const surplus = pods.filter((pod) => ordinalOf(pod) >= set.replicas);
  for (const pod of surplus) pod.deletedAt = now;
  // A pod that is on its way out keeps its name until it is gone.
  const taken = state.pods.filter((pod) => pod.namespace === set.namespace && pod.owner.name === set.name);
  if (taken.length < set.replicas && pods.every(isReady)) {
    const free =
      [...Array(set.replicas).keys()].find((at) => !taken.some((pod) => ordinalOf(pod) === at)) ?? 0;
    state.pods = [
      ...state.pods,
      {
        namespace: set.namespace,
        name: `${set.name}-${free}`,
        uid: nextId(moment),
        at: now,
        owner: { kind: 'StatefulSet', name: set.name },
        workload: set.name,
        hash,
        template: set.manifest.spec.template,
        phase: { kind: 'unscheduled', message: 'not looked at yet' },
        restarts: 0,
      },
    ];
    return;
  }
  const old = pods.filter((pod) => pod.hash !== hash).sort((one, other) => ordinalOf(other) - ordinalOf(one));
  const [next] = old;
  // What is updated has to serve before the next one is taken away.
  if (next && pods.filter((pod) => pod.hash === hash).every(isReady)) next.deletedAt = now;
}

const ordinalOf = ({ name }: { readonly name: string }): number =>
  Number(name.slice(name.lastIndexOf('-') + 1));

export interface StatefulSetStatus {
  readonly updated: number;
  readonly ready: number;
  readonly complete: boolean;
}

export function statefulSetStatus(state: ClusterState, set: StatefulSetState): StatefulSetStatus {
  const pods = podsOfOwner(state, 'StatefulSet', set);
  const hash = hashOf(set.manifest.spec.template);
  const updated = pods.filter((pod) => pod.hash === hash).length;
  const ready = pods.filter(isReady).length;
  return { updated, ready, complete: updated === set.replicas && ready === set.replicas };
}

export const statefulSetNamed = (
  { statefulSets }: ClusterState,
  name: ObjectName,
): StatefulSetState | undefined => statefulSets.find((each) => isNamed(each, name));
