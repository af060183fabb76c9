import { Duration, Size } from 'aws-cdk-lib';
import {
  type App,
  app,
  type Endpoint,
  endpoint,
  type Fargate,
  fargate,
  type Service,
  service,
} from './platform-props';

// Workloads in which every field is given, with values that the default of a field beside them would contradict.

const names = ['staging', 'qa', 'production'];
/** Environments of the platform that the workloads run in. */
export const environments = names.map((name, index) => ({ name, account: `${index}`.repeat(12) }));
const tests = {
  python: '3.11',
  requirements: ['requirements-dev.txt'],
  checks: {
    coverage: 90,
    audit: ['requirements.txt'],
    exceptedVulnerabilities: ['GHSA-aaaa-bbbb-cccc'],
    securityBaseline: 'bandit.json',
  },
};
const shared = {
  region: 'us-east-1',
  tests,
  image: {
    dockerfile: 'Dockerfile',
    platform: 'linux/amd64',
    scan: { severities: ['HIGH'], blocks: true, codeScanning: true },
    attestations: true,
    names: { repository: 'team/x', publishRole: 'publish', scanRole: 'scan' },
  },
  paths: ['shared/**'],
} as const;
const container = {
  name: 'x',
  port: 80,
  cpu: 1024,
  memory: Size.gibibytes(4),
  environment: { LEVEL: 'info' },
  health: {
    path: '/',
    command: 'true',
    interval: Duration.seconds(60),
    timeout: Duration.seconds(50),
    retries: 3,
    startPeriod: Duration.seconds(0),
  },
};
const inEnvironment = (name: string) => ({
  name,
  tasks: { desired: 2, min: 2, max: 2 },
  loadBalancer: {
    scheme: 'internetFacing',
    certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/0',
  } as const,
  names: { cluster: `x-${name}` },
});
/** The default waits of all of them together would be longer than the deadline. */
const rollout = {
  minimumHealthyPercent: 50,
  maximumPercent: 100,
  timeout: Duration.minutes(9),
  bake: Duration.minutes(1),
  canary: { percent: 50, wait: Duration.minutes(2) },
  linear: { percent: 50, wait: Duration.minutes(3) },
};
const ecs = {
  strategy: 'rolling',
  verification: { path: '/', status: 204, latencyBudget: Duration.seconds(2) },
  logRetention: Duration.days(7),
} as const;
const strategies = ['rolling', 'canary', 'linear'] as const;
const notifications = {
  slack: { secret: 'SLACK_OF_X' },
  pagerDuty: { secret: 'PAGERDUTY_OF_X' },
  email: ['on-call@example.com'],
};
/** On demand with one that waits, and on Spot with a sleep: one excludes the other. */
const gpuInstances = [
  { instanceType: 'g4dn.xlarge', instances: { min: 1, max: 3, warm: 1 } },
  {
    instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge'],
    instances: { min: 0, max: 4 },
    spot: { onDemandBase: 1 },
    sleep: { from: '20:00', to: '07:00', days: 'everyDay', timeZone: 'Europe/Berlin' },
  },
  { instanceType: 'g4dn.xlarge', instances: { min: 1, max: 4 } },
] as const;
/** A service on GPUs that says everything. */
export const fullService: Required<Service> = {
  ...service(),
  ...shared,
  notifications,
  delivery: 'throughEnvironments',
  releaseTags: ['v*'],
  ...ecs,
  container: { ...container, gpus: 1 },
  environments: names.map((name, index) => ({
    ...inEnvironment(name),
    strategy: strategies[index] ?? 'rolling',
    ...(gpuInstances[index] ?? gpuInstances[0]),
  })),
  rollout: { ...rollout, placementTimeout: Duration.minutes(8) },
  gpuCheck: {
    environment: 'staging',
    source: 'checks/gpu',
    instanceTypes: ['g4dn.2xlarge'],
    cuda: ['12.1.1'],
    driver: ['535.54.03'],
    pytorch: ['2.4.0'],
    schedule: '0 3 * * SUN',
    taskTimeout: Duration.minutes(20),
    names: { cluster: 'x-check' },
  },
};
/** A service on Fargate that says everything. */
export const fullFargate: Required<Fargate> = {
  ...fargate(),
  ...shared,
  notifications,
  tests: { node: '22', scripts: ['lint', 'test'] },
  delivery: 'throughEnvironments',
  releaseTags: ['v*'],
  ...ecs,
  container,
  environments: names.map((name, index) => ({
    ...inEnvironment(name),
    strategy: strategies[index] ?? 'rolling',
  })),
  rollout,
};
const times = { wait: Duration.seconds(0), maximumExecution: Duration.minutes(10) };
const updates = [
  { strategy: 'canary', canaryPercent: 50, terminationWait: Duration.minutes(1), ...times },
  { strategy: 'linear', stepPercent: 10, ...times },
  { strategy: 'rolling', batchPercent: 10, rollbackBatchPercent: 50, ...times },
] as const;
/** An endpoint that says everything. */
export const fullEndpoint: Required<Endpoint> = {
  ...endpoint(),
  ...shared,
  notifications,
  delivery: 'byPromotion',
  releaseTags: [],
  model: { initial: 'x/model.tar.gz', bucket: 'models' },
  verification: {
    payload: 'payload.json',
    schema: 'schema.json',
    contentType: 'text/csv',
    accept: 'text/csv',
    latencyBudget: Duration.minutes(1),
    calls: 3,
  },
  rollout: { timeout: Duration.minutes(11) },
  keepVersions: 3,
  environments: updates.map((update, index) => ({
    name: names[index] ?? '',
    instanceType: 'ml.m5.large',
    instances: { initial: 3, min: 3, max: 3 },
    update,
    dataCapture: { bucketUri: 's3://bucket/capture', percentage: 50 },
    alarms: ['alarm'],
    invocationsPerInstance: 10,
    names: { endpoint: `x-${names[index]}` },
  })),
};

const memory = { request: Size.mebibytes(16), limit: Size.mebibytes(32) };
const appUpdates = [
  { strategy: 'rolling' },
  { strategy: 'blueGreen', bake: Duration.minutes(1) },
  {
    strategy: 'canary',
    steps: [20, 40],
    step: Duration.minutes(2),
    rule: { minimumRequests: 10, errorRateMargin: 2, latencyRatio: 2, latencyQuantile: 0.9 },
  },
] as const;
const serviceOf = (name: string) => ({
  name,
  directory: `cmd/${name}`,
  dockerfile: 'Dockerfile',
  port: 80,
  command: ['serve'],
  replicas: 1,
  cpu: { request: 10, limit: 20 },
  memory,
  environment: { LEVEL: 'info' },
  egress: [{ cidr: '203.0.113.0/24', ports: [443, 8443] }],
  probes: { liveness: '/', readiness: '/', startup: '/', startupTime: Duration.seconds(5) },
  names: { repository: `team/${name}`, publishRole: `publish-${name}`, scanRole: `scan-${name}` },
});
/** Services on K3s that say everything but what only one of the two registries is told. */
export const fullApp: Required<Omit<App, 'registry'>> = {
  ...app(),
  notifications,
  region: 'us-east-1',
  paths: ['shared/**'],
  delivery: 'throughEnvironments',
  releaseTags: ['v*'],
  deployOnPush: true,
  tests: { go: '1.26', modules: ['cmd'] },
  image: { platform: 'linux/amd64', scan: shared.image.scan, attestations: true },
  services: [
    { ...serviceOf('api'), callers: ['worker'], route: { host: 'shop.example.com', path: '/api' } },
    { ...serviceOf('worker'), autoscaler: { min: 1, max: 2, cpuPercent: 50 } },
  ],
  redis: { memory, storage: Size.gibibytes(1), image: 'public.ecr.aws/docker/library/redis:8.2.1' },
  environment: { LEVEL: 'info' },
  rollout: { timeout: Duration.minutes(20) },
  k3s: { version: 'v1.35.8+k3s1', sha256: '0'.repeat(64) },
  logRetention: Duration.days(7),
  environments: appUpdates.map((update, index) => ({
    name: names[index] ?? '',
    instanceType: 't3.medium',
    dataVolume: Size.gibibytes(10),
    keepSnapshots: 3,
    keepBackups: Duration.days(7),
    update,
    replicas: { api: 2 },
    inbound: { cidrs: ['203.0.113.0/24'] },
    names: { document: `x-${names[index]}` },
  })),
};
