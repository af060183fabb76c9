import type { K3sAppProps } from '../../../constructs/k3s-app';
import { repositoryUri } from '../image-store';
import type { K3sApp, K3sAppEnvironment } from './k3s-app';

/** Folder of the rendered manifests of one environment, relative to the repository's root. */
export const manifestFolder = ({ id }: K3sApp, { name }: K3sAppEnvironment): string => `k8s/${id}/${name}`;

/**
 * What the manifests of one environment are rendered from.
 *
 * @param imageAccount account of the ECR repositories
 */
export function appProps(app: K3sApp, environment: K3sAppEnvironment, imageAccount: string): K3sAppProps {
  return {
    workload: app.id,
    namespace: environment.names.namespace,
    source: 'platform.config.ts',
    strategy: environment.strategy.kind,
    services: app.services.map(({ imageNames: _, image, ...service }) => ({
      ...service,
      image: repositoryUri(image, app.region, imageAccount),
      replicas: environment.replicas[service.name] ?? service.replicas,
    })),
    ...(app.redis && { redis: app.redis }),
    environment: app.environment,
  };
}
