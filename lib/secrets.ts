import type { SecretEntry } from '../contract';
import type { Workload } from './platform';

/** Secrets that people set at GitHub, each once. */
export function secretsOf(workloads: readonly Workload[]): readonly SecretEntry[] {
  const tokens = workloads.flatMap(({ images }) =>
    images.flatMap(({ store }) =>
      store.registry === 'dockerHub' ? [[store.tokenSecret, store.username] as const] : [],
    ),
  );
  return [...new Map(tokens)].map(([name, username]) => ({
    name,
    purpose: `access token of ${username} at Docker Hub, which may read and write: builds push their images with it`,
  }));
}
