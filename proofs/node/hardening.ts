import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import type { ProofResult } from '../proof';
import { containersOf, items, json, type Json, type KubernetesObject, podOf, renderedOf } from './manifests';
import { type Wrong, wrongAt } from './place';
import { isWorkload } from './selectors';
import { nodesOf } from './spec';

const ENFORCE = 'pod-security.kubernetes.io/enforce';

/**
 * A pod that was taken over gets nowhere: Kubernetes refuses pods that are not restricted, none may reach another or be
 * reached unless a policy says so, and none has rights on its node or a token of the cluster.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-and-all-egress-traffic
 */
export function hardeningFaults(artefacts: Artefacts): ProofResult {
  const parts = nodesOf(artefacts.manifest).map((node) => {
    const { objects } = renderedOf(artefacts, node);
    const pods = objects.filter(isWorkload);
    return {
      checked: 2 + pods.length,
      findings: [
        ...wrongAt(node.spec.manifests, 'shut the namespace', namespaceFaults(objects)),
        ...pods.flatMap((pod): readonly Fault[] =>
          wrongAt(
            `${node.spec.manifests}/${pod.file}, ${pod.kind} ${pod.name}`,
            'take the rights away from the pod, and tell Kubernetes when it is ready',
            podFaults(pod),
          ),
        ),
      ],
    };
  });
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

function namespaceFaults(objects: readonly KubernetesObject[]): readonly Wrong[] {
  const levels = objects
    .filter(({ kind }) => kind === 'Namespace')
    .map(({ body }) => json(json(body.metadata).labels)[ENFORCE]);
  const policies = objects.filter(({ kind }) => kind === 'NetworkPolicy').map(({ body }) => json(body.spec));
  return [
    ...(levels.length > 0 && levels.every((level) => level === 'restricted')
      ? []
      : [[`${ENFORCE}: ${levels.map(String).join(', ') || 'no namespace'}`, 'restricted'] as const]),
    ...(policies.some(deniesAll)
      ? []
      : [
          [
            'no policy that denies by default',
            'one for every pod, inbound and outbound, without rules',
          ] as const,
        ]),
    ...policies
      .filter(({ ingress }) => items(ingress).some((rule) => items(json(rule).from).length === 0))
      .map(
        (policy) =>
          [
            `a policy for ${JSON.stringify(policy.podSelector)} that lets everybody in`,
            'named peers',
          ] as const,
      ),
  ];
}

/** An empty selector means every pod of the namespace. */
const deniesAll = ({ podSelector, policyTypes, ingress, egress }: Json): boolean =>
  Object.keys(json(podSelector)).length === 0 &&
  ['Ingress', 'Egress'].every((type) => items(policyTypes).includes(type)) &&
  items(ingress).length === 0 &&
  items(egress).length === 0;

function podFaults(object: KubernetesObject): readonly Wrong[] {
  const pod = podOf(object);
  const shared = ['hostNetwork', 'hostPID', 'hostIPC'].filter((name) => pod[name] === true);
  const paths = items(pod.volumes).filter((volume) => 'hostPath' in json(volume));
  return [
    ...(pod.automountServiceAccountToken === false
      ? []
      : [['a token of the cluster', 'automountServiceAccountToken: false'] as const]),
    ...shared.map((name) => [`${name}: true`, 'namespaces of its own'] as const),
    ...(paths.length === 0 ? [] : [['a folder of the node', 'no hostPath'] as const]),
    ...containersOf(object).flatMap((container) => containerFaults(container, json(pod.securityContext))),
    ...items(pod.containers)
      .map(json)
      .filter(({ readinessProbe }) => Object.keys(json(readinessProbe)).length === 0)
      .map(
        ({ name }) =>
          [`${String(name)} without readinessProbe`, 'a probe: without one, a pod is ready at once'] as const,
      ),
  ];
}

/** What a container says goes before what its pod says. */
function containerFaults(container: Json, ofPod: Json): readonly Wrong[] {
  const context = { ...ofPod, ...json(container.securityContext) };
  const name = String(container.name);
  return [
    ...(context.runAsNonRoot === true && context.runAsUser !== 0
      ? []
      : [[`${name} as root`, 'runAsNonRoot: true, and a user that is not 0'] as const]),
    ...(context.allowPrivilegeEscalation === false
      ? []
      : [[`${name} may become more than it is`, 'allowPrivilegeEscalation: false'] as const]),
    ...(context.privileged === true ? [[`${name} is privileged`, 'no rights on the node'] as const] : []),
    ...(items(json(context.capabilities).drop).includes('ALL') &&
    items(json(context.capabilities).add).length === 0
      ? []
      : [[`${name} keeps capabilities`, 'capabilities: drop ALL, add none'] as const]),
  ];
}
