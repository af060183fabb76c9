import { metadataOf, type Place, selectorOf } from './app-labels';
import { toRange } from './egress';
import type { INetworkPolicy } from './kubernetes-object';
import type { K3sAppProps, K3sService } from './props';
import { REDIS, REDIS_PORT } from './redis';

type Spec = NonNullable<INetworkPolicy['spec']>;
type Ingress = NonNullable<Spec['ingress']>[number];
type Egress = NonNullable<Spec['egress']>[number];
type Peer = NonNullable<Ingress['from']>[number];

/**
 * Nothing may be reached, and nothing may reach out, but what is named here. Answers to the kubelet's probes always
 * pass.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
 * @see https://docs.k3s.io/networking/networking-services#network-policy-controller
 */
export function networkPoliciesOf(app: K3sAppProps): readonly INetworkPolicy[] {
  return [
    policy(app, 'default-deny', {}, { policyTypes: ['Ingress', 'Egress'] }),
    policy(app, 'dns', {}, { policyTypes: ['Egress'], egress: [toNameServer] }),
    ...(app.redis ? [redisPolicy(app)] : []),
    ...app.services.flatMap((service) => servicePolicy(app, service)),
  ];
}

function redisPolicy(app: K3sAppProps): INetworkPolicy {
  return policy(app, REDIS, selectorOf(app, REDIS), {
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: app.services.map(({ name }) => pods(app, name)),
        ports: [{ protocol: 'TCP', port: REDIS_PORT }],
      },
    ],
  });
}

function servicePolicy(app: K3sAppProps, service: K3sService): INetworkPolicy[] {
  const from = [
    ...(service.route ? [TRAEFIK] : []),
    ...(service.callers ?? []).map((caller) => pods(app, caller)),
  ];
  const ingress: Ingress[] =
    from.length === 0 ? [] : [{ from, ports: [{ protocol: 'TCP', port: service.port }] }];
  const egress: Egress[] = [
    ...(app.redis ? [to(app, REDIS, REDIS_PORT)] : []),
    ...app.services
      .filter(({ callers }) => callers?.includes(service.name))
      .map(({ name, port }) => to(app, name, port)),
    ...(service.egress ?? []).map(toRange),
  ];
  if (ingress.length + egress.length === 0) return [];
  return [
    policy(app, service.name, selectorOf(app, service.name), {
      policyTypes: ['Ingress', 'Egress'],
      ingress,
      egress,
    }),
  ];
}

const policy = (
  place: Place,
  name: string,
  selector: Readonly<Record<string, string>>,
  spec: Omit<Spec, 'podSelector'>,
): INetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: metadataOf(place, name, name),
  spec: { podSelector: Object.keys(selector).length > 0 ? { matchLabels: { ...selector } } : {}, ...spec },
});

const pods = (place: Place, name: string): Peer => ({
  podSelector: { matchLabels: { ...selectorOf(place, name) } },
});

const to = (place: Place, name: string, port: number): Egress => ({
  to: [pods(place, name)],
  ports: [{ protocol: 'TCP', port }],
});

const inKubeSystem = (labels: Record<string, string>): Peer => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
  podSelector: { matchLabels: labels },
});

/** The ingress controller that comes with K3s. */
const TRAEFIK = inKubeSystem({ 'app.kubernetes.io/name': 'traefik' });

/** The name server of the cluster. */
const toNameServer: Egress = {
  to: [inKubeSystem({ 'k8s-app': 'kube-dns' })],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};
