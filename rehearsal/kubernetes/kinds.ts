/** A kind as kubectl names it. */
export interface Kind {
  readonly kind: string;
  readonly apiVersion: string;
  /** As in messages: `deployment.apps`. */
  readonly resource: string;
  /** What people may write. */
  readonly names: readonly string[];
  readonly isNamespaced: boolean;
}

const kindOf = (
  kind: string,
  apiVersion: string,
  plural: string,
  short: readonly string[] = [],
  isNamespaced = true,
): Kind => {
  const single = kind.toLowerCase();
  const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
  const suffix = group === '' ? '' : `.${group}`;
  const names = [single, plural, `${single}${suffix}`, `${plural}${suffix}`, ...short];
  return { kind, apiVersion, resource: `${single}${suffix}`, names, isNamespaced };
};

/** @see https://kubernetes.io/docs/reference/kubectl/#resource-types */
export const KINDS: readonly Kind[] = [
  kindOf('Namespace', 'v1', 'namespaces', ['ns'], false),
  kindOf('Node', 'v1', 'nodes', ['no'], false),
  kindOf('ConfigMap', 'v1', 'configmaps', ['cm']),
  kindOf('Service', 'v1', 'services', ['svc']),
  kindOf('Pod', 'v1', 'pods', ['po']),
  kindOf('Event', 'v1', 'events', ['ev']),
  kindOf('PersistentVolumeClaim', 'v1', 'persistentvolumeclaims', ['pvc']),
  kindOf('Deployment', 'apps/v1', 'deployments', ['deploy']),
  kindOf('ReplicaSet', 'apps/v1', 'replicasets', ['rs']),
  kindOf('StatefulSet', 'apps/v1', 'statefulsets', ['sts']),
  kindOf('TraefikService', 'traefik.io/v1alpha1', 'traefikservices'),
  kindOf('IngressRoute', 'traefik.io/v1alpha1', 'ingressroutes'),
  kindOf('PodDisruptionBudget', 'policy/v1', 'poddisruptionbudgets', ['pdb']),
  kindOf('HorizontalPodAutoscaler', 'autoscaling/v2', 'horizontalpodautoscalers', ['hpa']),
  kindOf('NetworkPolicy', 'networking.k8s.io/v1', 'networkpolicies', ['netpol']),
];

/** What kubectl says when it cannot do what it was asked. */
export class Refusal extends Error {}

/** @throws Refusal as kubectl words it */
export function kindNamed(name: string): Kind {
  const found = KINDS.find(({ names }) => names.includes(name.toLowerCase()));
  if (found) return found;
  throw new Refusal(`error: the server doesn't have a resource type "${name}"`);
}

export const notFound = ({ resource }: Kind, name: string): Refusal => {
  const [single = '', ...group] = resource.split('.');
  const plural = KINDS.find((each) => each.resource === resource)?.names[1] ?? single;
  return new Refusal(`Error from server (NotFound): ${[plural, ...group].join('.')} "${name}" not found`);
};
