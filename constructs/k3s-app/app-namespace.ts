import { ownerLabels, type Place } from './app-labels';
import type { INamespace } from './kubernetes-object';

/**
 * The namespace of a workload. Kubernetes refuses pods in it that do not follow its strictest standard.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export const namespaceOf = ({ workload, namespace }: Place): INamespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: namespace,
    labels: {
      ...ownerLabels(workload),
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'latest',
    },
  },
});
