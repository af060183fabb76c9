import { definePlatform, Duration, fargateService, gpuService, k3sApp, sagemakerEndpoint, Size } from './lib';

/**
 * The platform: repository, environments and workloads. This is the one file to edit.
 * After a change run `npx projen`; it writes the workflows and the manifest anew.
 */
export default definePlatform({
  name: 'ml-platform',
  region: 'us-east-1',
  repository: {
    owner: 'octo-org',
    name: 'ml-platform',
    // gh api repos/octo-org/ml-platform --jq '.owner.id, .id'
    ownerId: '123456',
    repositoryId: '456789',
  },

  // In the order of delivery.
  environments: [
    { name: 'dev', account: '333333333333' },
    { name: 'staging', account: '111111111111' },
    {
      name: 'production',
      account: '222222222222',
      reviewers: ['octo-org/platform', 'octo-org/ml-serving'],
      waitTimer: Duration.minutes(5),
      deployFrom: { branches: ['main'], tags: ['v*'] },
      network: { natGateways: 2 },
    },
  ],

  workloads: [
    gpuService({
      id: 'kvs-infer',
      source: 'services/kvs-infer',
      tests: { python: '3.11' },
      // Attestations of a private repository need GitHub Enterprise Cloud.
      image: { scan: { blocks: true }, attestations: true },
      container: {
        port: 8080,
        cpu: 3072,
        memory: Size.gibibytes(12),
        gpus: 1,
        environment: { LOG_LEVEL: 'info' },
        health: { path: '/readyz', command: 'python -m kvs_infer.probe' },
      },
      // Or 'blueGreen', 'canary', 'linear': everything else follows from this word.
      strategy: 'rolling',
      verification: { path: '/readyz' },
      environments: [
        {
          name: 'staging',
          // Cheap, and AWS may take it away: whichever of the types it has, outside working hours none.
          instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge'],
          spot: { onDemandBase: 0 },
          sleep: { from: '20:00', to: '07:00', timeZone: 'Europe/Berlin' },
          instances: { min: 0 },
          tasks: { desired: 1 },
        },
        {
          name: 'production',
          instanceType: 'g4dn.xlarge',
          instances: { min: 2 },
          tasks: { desired: 2, min: 2, max: 4 },
        },
      ],
      gpuCheck: {
        environment: 'staging',
        instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge', 'g4dn.12xlarge'],
        // Combinations that nobody supports are left out; the emitted workflow says which, and why.
        cuda: ['12.1.1', '12.2.0', '12.6.3'],
        driver: ['525.85.12', '535.54.03', '580.159.03'],
        pytorch: ['2.3.1', '2.4.0', '2.9.0'],
      },
    }),
    sagemakerEndpoint({
      id: 'bikeshare',
      source: 'services/bikeshare',
      region: 'ca-central-1',
      tests: { python: '3.11', checks: { coverage: 90 } },
      // What the very first release serves; the training uploads it once the model bucket is there.
      model: { initial: 'bikeshare/initial/model.tar.gz' },
      verification: {
        payload: 'payload.json',
        schema: 'answer.schema.json',
        latencyBudget: Duration.millis(500),
      },
      environments: [
        {
          name: 'staging',
          instanceType: 'ml.m5.large',
          instances: { min: 1, max: 2 },
          update: { strategy: 'allAtOnce' },
        },
        {
          name: 'production',
          instanceType: 'ml.m5.large',
          instances: { min: 2, max: 4 },
          update: { strategy: 'canary', canaryPercent: 50 },
        },
      ],
    }),
    k3sApp({
      id: 'production-platform',
      source: 'services/production-platform',
      tests: { go: '1.26' },
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
      redis: {
        memory: { request: Size.mebibytes(64), limit: Size.mebibytes(128) },
        storage: Size.gibibytes(2),
      },
      k3s: { version: 'v1.35.8+k3s1' },
      environments: [
        { name: 'staging', instanceType: 't3.small' },
        {
          name: 'production',
          instanceType: 't3.medium',
          replicas: { api: 2 },
          // The range of the VPC: what stands before the node, such as a load balancer.
          inbound: { cidrs: ['10.0.0.0/16'] },
          update: { strategy: 'canary', steps: [10, 50], step: Duration.minutes(5) },
        },
      ],
    }),
    fargateService({
      id: 'devops-day3-app',
      source: 'services/devops-day3-app',
      region: 'eu-west-2',
      tests: { node: '22' },
      container: {
        port: 8080,
        cpu: 256,
        memory: Size.mebibytes(512),
        health: {
          path: '/healthz',
          command: 'node probe.js',
          startPeriod: Duration.seconds(15),
        },
      },
      strategy: 'rolling',
      verification: {},
      // Secrets of the GitHub environments: SLACK_WEBHOOK_URL and PAGERDUTY_ROUTING_KEY.
      notifications: { slack: {}, pagerDuty: {}, email: ['on-call@example.com'] },
      environments: [
        { name: 'dev', tasks: { desired: 1 } },
        { name: 'staging', tasks: { desired: 1 } },
        { name: 'production', tasks: { desired: 2, max: 4 } },
      ],
    }),
  ],
});
