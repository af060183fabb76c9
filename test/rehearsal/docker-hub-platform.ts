import { definePlatform, Duration, k3sApp, Size } from '../../lib';

/** Two services whose images are kept at Docker Hub; each version starts beside the one before. */
export default definePlatform({
  name: 'shop',
  region: 'eu-west-1',
  repository: { owner: 'octo-org', name: 'shop', ownerId: '123456', repositoryId: '456789' },
  environments: [{ name: 'live', account: '333333333333' }],
  workloads: [
    k3sApp({
      id: 'production-platform',
      source: 'services/production-platform',
      deployOnPush: true,
      tests: { go: '1.26' },
      registry: { dockerHub: { organization: 'octo-org', username: 'octo-bot' } },
      services: [
        {
          name: 'api',
          port: 8080,
          cpu: { request: 100 },
          memory: { request: Size.mebibytes(48), limit: Size.mebibytes(128) },
          probes: { liveness: '/healthz', readiness: '/readyz' },
          route: { host: 'api.example.com' },
        },
        {
          name: 'worker',
          port: 8081,
          cpu: { request: 100 },
          memory: { request: Size.mebibytes(48), limit: Size.mebibytes(128) },
          probes: { liveness: '/healthz', readiness: '/readyz' },
        },
      ],
      environments: [
        {
          name: 'live',
          instanceType: 't3.small',
          update: { strategy: 'blueGreen', bake: Duration.minutes(1) },
        },
      ],
    }),
  ],
});
