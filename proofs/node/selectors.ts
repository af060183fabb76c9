import { json, type Json, type KubernetesObject } from './manifests';

/** Whether an object makes pods. */
export const isWorkload = ({ kind }: KubernetesObject): boolean =>
  kind === 'Deployment' || kind === 'StatefulSet';

/** Labels of the pods that an object makes. */
export const labelsOfPods = ({ body }: KubernetesObject): Json =>
  json(json(json(json(body.spec).template).metadata).labels);

/** What makes the pods that labels take; none at all take nothing. */
export function selectedBy(
  labels: unknown,
  objects: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const wanted = Object.entries(json(labels));
  if (wanted.length === 0) return [];
  return objects.filter((object) => {
    const given = labelsOfPods(object);
    return isWorkload(object) && wanted.every(([key, value]) => given[key] === value);
  });
}
