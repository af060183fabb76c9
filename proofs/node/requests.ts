import { containersOf, items, json, type KubernetesObject, podOf } from './manifests';
import { mebibytes, milliCpu } from './quantity';
import type { NodeSpec } from './spec';

/** Pods of one Deployment or StatefulSet, at the moment of a deployment when most of them run. */
export interface PodRequests {
  readonly name: string;
  readonly file: string;
  readonly pods: number;
  /** Such as `2 replicas and 1 more`. */
  readonly because: string;
  /** Of one pod. Undefined where a container does not say. */
  readonly memoryMib: number | undefined;
  readonly milliCpu: number | undefined;
}

/** What Kubernetes takes where a Deployment does not say how many pods more may run while it rolls. */
const USUAL_SURGE = '25%';

/** What the rendered manifests ask a node for at most. */
export const requestsOf = (
  objects: readonly KubernetesObject[],
  { routed }: NodeSpec,
): readonly PodRequests[] =>
  objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .map((object) => {
      const { name, file, kind, body } = object;
      const replicas = most(objects, object);
      const isTrack = routed.some((one) => name === `${one}-blue` || name === `${one}-green`);
      // A track that is not served begins at none, and StatefulSets replace their pods one by one.
      const more = kind === 'StatefulSet' || isTrack ? 0 : surge(json(body.spec), replicas);
      return {
        name,
        file,
        pods: replicas + more,
        because: `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}${more > 0 ? ` and ${more} more` : ''}`,
        memoryMib: asked(object, 'memory', mebibytes),
        milliCpu: asked(object, 'cpu', milliCpu),
      };
    });

/** Replicas, or the most that an autoscaler may ask for. */
function most(objects: readonly KubernetesObject[], { kind, name, body }: KubernetesObject): number {
  const scaler = objects.find((one) => {
    const { kind: of, name: named } = json(json(one.body.spec).scaleTargetRef);
    return one.kind === 'HorizontalPodAutoscaler' && of === kind && named === name;
  });
  return Number(scaler ? json(scaler.body.spec).maxReplicas : (json(body.spec).replicas ?? 1));
}

/** @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge */
function surge({ strategy }: Readonly<Record<string, unknown>>, replicas: number): number {
  const { type, rollingUpdate } = json(strategy);
  if (type === 'Recreate') return 0;
  const given = String(json(rollingUpdate).maxSurge ?? USUAL_SURGE);
  return given.endsWith('%') ? Math.ceil((replicas * Number.parseFloat(given)) / 100) : Number(given);
}

/** What all containers of a pod request together; those that run before the others count where they ask for more. */
function asked(
  object: KubernetesObject,
  what: 'memory' | 'cpu',
  read: (text: unknown) => number | undefined,
): number | undefined {
  const requested = (container: unknown) => read(json(json(json(container).resources).requests)[what]);
  const { containers, initContainers } = podOf(object);
  const all = containersOf(object).map(requested);
  if (all.length === 0 || all.includes(undefined)) return undefined;
  const sum = items(containers).reduce<number>((total, one) => total + (requested(one) ?? 0), 0);
  return Math.max(sum, ...items(initContainers).map((one) => requested(one) ?? 0));
}
