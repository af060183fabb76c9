import { createHash } from 'node:crypto';
import { ownerLabels, type Place } from './app-labels';
import type { IConfigMap } from './kubernetes-object';
import type { K3sAppProps } from './props';
import { REDIS_ADDRESS } from './redis';

/**
 * What all services find in their environment. The name ends with a hash of the values: a change of them is a new
 * object and a new revision of each Deployment, and going back to an earlier revision brings its values back.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-immutable
 */
export function configOf({
  workload,
  namespace,
  redis,
  environment,
}: Place & Pick<K3sAppProps, 'redis' | 'environment'>): IConfigMap {
  const data: Record<string, string> = Object.fromEntries(
    Object.entries({ ...(redis ? { REDIS_ADDRESS } : {}), ...environment }).sort(([a], [b]) =>
      a < b ? -1 : 1,
    ),
  );
  const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 10);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: `${workload}-config-${hash}`,
      namespace,
      labels: { ...ownerLabels(workload) },
    },
    immutable: true,
    data,
  };
}
