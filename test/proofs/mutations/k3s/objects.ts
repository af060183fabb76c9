import type { Mutation } from '../../sample';
import { defects, editFile } from './edit';

const RENDERED = 'k8s/production-platform/production';
const edited =
  (owner: 'P01' | 'P03', file: string, place = `${RENDERED}/${file}`) =>
  (name: string, from: string | RegExp, to: string): Mutation =>
    defects(owner, place)(name, (sample) => editFile(sample, `${RENDERED}/${file}`, from, to));

const shared = edited('P01', '40-routed/api/shared.yaml');
const route = edited('P01', '40-routed/api/route.yaml');
const ingress = edited('P01', '40-routed/api/ingress.yaml');
const worker = edited('P01', '30-deployments/worker.yaml');
const redis = edited('P01', '20-stateful/redis.yaml');
const green = edited('P01', '40-routed/api/green.yaml');
const policy = edited('P01', '10-base/network-policy.yaml');

const OTHER_TRACK = 'matchLabels:\n      app.kubernetes.io/name: api\n      lockstep.dev/track: blue';

/** Rendered objects that name what is not there. */
export const OBJECT_REFERENCE_MUTATIONS: readonly Mutation[] = [
  ingress('a route to weights that nothing has', '- name: api\n', '- name: web\n'),
  ingress('a route to a Service that is none', 'kind: TraefikService', 'kind: Service'),
  route('weights of a Service that nothing has', '- name: api-green', '- name: api-red'),
  route('weights for a port that the Service does not have', 'port: 80\n', 'port: 8080\n'),
  shared(
    'the Service of a track that takes the pods of both',
    '    lockstep.dev/track: green\n  ports',
    '  ports',
  ),
  shared(
    'the Service of a track that takes the pods of the other one',
    'lockstep.dev/track: green\n  ports',
    'lockstep.dev/track: blue\n  ports',
  ),
  shared(
    'a Service whose selector takes nothing',
    /name: api\n {4}app.kubernetes.io\/part-of: production-platform\n {4}lockstep.dev\/track: blue\n {2}ports/,
    'name: web\n  ports',
  ),
  shared('a port at which no container listens', 'targetPort: http', 'targetPort: https'),
  shared(
    'a disruption budget for no pods',
    /matchLabels:\n {6}app.kubernetes.io\/name: api/,
    'matchLabels:\n      app.kubernetes.io/name: web',
  ),
  worker(
    'settings that nobody renders',
    /name: production-platform-config-\w+/,
    'name: production-platform-config-0',
  ),
  worker('a volume that the pod does not have', /- name: tmp\n {14}/, '- name: temporary\n              '),
  worker('a probe of a port that is closed', 'port: http', 'port: probe'),
  worker(
    'a Deployment whose selector takes other pods',
    /matchLabels:\n {6}app.kubernetes.io\/name: worker/,
    'matchLabels:\n      app.kubernetes.io/name: redis',
  ),
  green('a track whose pods the other one takes', /matchLabels:\n[\s\S]*?track: green/, OTHER_TRACK),
  redis('a StatefulSet without its Service', 'serviceName: redis', 'serviceName: cache'),
  policy(
    'a policy for pods that nobody makes',
    /podSelector:\n {4}matchLabels:\n {6}app.kubernetes.io\/name: redis/,
    'podSelector:\n    matchLabels:\n      app.kubernetes.io/name: cache',
  ),
];

const pod = edited('P03', '30-deployments/worker.yaml');
const base = (file: string) => edited('P03', file, RENDERED);

/** Pods with rights that they do not need, and a namespace that takes them. */
export const HARDENING_MUTATIONS: readonly Mutation[] = [
  base('10-base/namespace.yaml')(
    'a namespace for pods of any kind',
    'enforce: restricted',
    'enforce: privileged',
  ),
  base('10-base/network-policy.yaml')('a default that denies inbound only', '    - Egress\n', ''),
  base('10-base/network-policy.yaml')('a default that denies outbound only', '    - Ingress\n', ''),
  base('10-base/network-policy.yaml')(
    'a default for some pods',
    'podSelector: {}',
    'podSelector: { matchLabels: { app.kubernetes.io/name: api } }',
  ),
  base('10-base/network-policy.yaml')('a policy that lets everybody in', 'ingress: []', 'ingress: [{}]'),
  pod('a pod as root', 'runAsNonRoot: true', 'runAsNonRoot: false'),
  pod(
    'a container as root in a pod that is not',
    'allowPrivilegeEscalation: false',
    'allowPrivilegeEscalation: false\n            runAsNonRoot: false',
  ),
  pod('a pod of the user 0', 'runAsUser: 65532', 'runAsUser: 0'),
  pod('a pod that may become more', 'allowPrivilegeEscalation: false', 'allowPrivilegeEscalation: true'),
  pod('a pod that does not say that it may not', 'allowPrivilegeEscalation: false\n', 'procMount: Default\n'),
  pod(
    'a pod with rights on the node',
    'allowPrivilegeEscalation: false',
    'allowPrivilegeEscalation: false\n            privileged: true',
  ),
  pod('a pod that keeps capabilities', '- ALL', '- NET_RAW'),
  pod(
    'a pod with a token of the cluster',
    'automountServiceAccountToken: false',
    'automountServiceAccountToken: true',
  ),
  pod(
    'a pod in the network of the node',
    'enableServiceLinks: false',
    'enableServiceLinks: false\n      hostNetwork: true',
  ),
  pod(
    'a pod with a folder of the node',
    /emptyDir:\n {12}sizeLimit: 64Mi/,
    'hostPath:\n            path: /var/lib/rancher',
  ),
  pod('a pod that is ready at once', / {10}readinessProbe:[\s\S]*?failureThreshold: 3\n/, ''),
];
