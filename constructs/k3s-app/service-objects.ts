import { metadataOf, type Place, routedName, selectorOf, type Track, TRACKS, trackName } from './app-labels';
import { PORT_NAME } from './deployment';
import type {
  IHorizontalPodAutoscaler,
  IIngressRoute,
  IPodDisruptionBudget,
  IService,
  ITraefikService,
} from './kubernetes-object';
import type { K3sAutoscaler, K3sRoute, K3sService } from './props';

/** Port of every Service, whatever the port of its pods. */
export const SERVICE_PORT = 80;

/** A stable name and address for the pods of a service, or of one of its tracks. */
export function serviceOf(place: Place, { name }: K3sService, track?: Track): IService {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(place, track === undefined ? name : trackName(name, track), name, track),
    spec: {
      type: 'ClusterIP',
      selector: selectorOf(place, name, track),
      ports: [{ name: PORT_NAME, port: SERVICE_PORT, targetPort: PORT_NAME }],
    },
  };
}

/**
 * Whoever empties the node takes one pod of a service at a time. A share of the pods would be none of one.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/
 */
export const disruptionBudgetOf = (place: Place, { name }: K3sService): IPodDisruptionBudget => ({
  apiVersion: 'policy/v1',
  kind: 'PodDisruptionBudget',
  metadata: metadataOf(place, name, name),
  spec: {
    maxUnavailable: 1,
    // Pods that serve nobody hold nothing up.
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
    selector: { matchLabels: { ...selectorOf(place, name) } },
  },
});

/** @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ */
export const autoscalerOf = (
  place: Place,
  { name }: K3sService,
  { min, max, cpuPercent }: K3sAutoscaler,
): IHorizontalPodAutoscaler => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: metadataOf(place, name, name),
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    minReplicas: min,
    maxReplicas: max,
    metrics: [
      {
        type: 'Resource',
        resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpuPercent } },
      },
    ],
  },
});

/** Requests of a host to the one Service. */
export const ingressRouteOf = (place: Place, { name }: K3sService, route: K3sRoute): IIngressRoute => {
  const match = ruleOf(route);
  const services = [{ name, kind: 'Service' as const, port: SERVICE_PORT }];
  return ingressRoute(metadataOf(place, name, name), { match, priority: priorityOf(match), services });
};

/**
 * Requests of a host to the TraefikService that shares them between the tracks. While the strategy is being changed
 * the other route is there as well: this one counts as soon as it is there, the other one as soon as it is gone.
 */
export const routedIngressOf = (place: Place, { name }: K3sService, route: K3sRoute): IIngressRoute => {
  const match = ruleOf(route);
  const services = [{ name, kind: 'TraefikService' as const }];
  const metadata = metadataOf(place, routedName(name), name);
  return ingressRoute(metadata, { match, priority: priorityOf(match) + 1, services });
};

const ruleOf = ({ host, path }: K3sRoute): string => `Host(\`${host}\`) && PathPrefix(\`${path ?? '/'}\`)`;

/**
 * The longer rule comes first, as without a priority. It is doubled so that there is one between a rule and the next
 * longer one: a route to tracks goes before that of the same rule, and never before that of a longer path.
 *
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/http/routing/rules-and-priority/
 */
const priorityOf = (rule: string): number => 2 * rule.length;

/** @see https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/ingressroute/ */
const ingressRoute = (
  metadata: IIngressRoute['metadata'],
  rule: Omit<IIngressRoute['spec']['routes'][number], 'kind'>,
): IIngressRoute => ({
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'IngressRoute',
  metadata,
  spec: { entryPoints: ['web'], routes: [{ kind: 'Rule', ...rule }] },
});

/**
 * Shares the traffic between the tracks. This is how it begins; afterwards the weights belong to the deployer.
 *
 * @see https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/traefikservice/
 */
export const weightedRouteOf = (place: Place, { name }: K3sService): ITraefikService => ({
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'TraefikService',
  metadata: metadataOf(place, name, name),
  spec: {
    weighted: {
      services: TRACKS.map((track) => ({
        name: trackName(name, track),
        kind: 'Service',
        port: SERVICE_PORT,
        weight: track === 'blue' ? 100 : 0,
      })),
    },
  },
});
