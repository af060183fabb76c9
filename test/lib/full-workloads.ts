import { Duration, Size } from 'aws-cdk-lib';
import { type Endpoint, endpoint, type Service, service } from './platform-props';

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
/** A service that says everything. */
export const fullService: Required<Service> = {
  ...service(),
  ...shared,
  delivery: 'throughEnvironments',
  releaseTags: ['v*'],
  container: {
    name: 'x',
    port: 80,
    cpu: 1024,
    memory: Size.gibibytes(4),
    gpus: 1,
    environment: { LEVEL: 'info' },
    health: {
      path: '/',
      command: 'true',
      interval: Duration.seconds(60),
      timeout: Duration.seconds(50),
      retries: 3,
      startPeriod: Duration.seconds(0),
    },
  },
  environments: names.map((name) => ({
    name,
    instanceType: 'g4dn.xlarge',
    instances: { min: 1, max: 2 },
    tasks: { desired: 2, min: 2, max: 2 },
    loadBalancer: {
      scheme: 'internetFacing',
      certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/0',
    },
    names: { cluster: `x-${name}` },
  })),
  rollout: {
    minimumHealthyPercent: 50,
    maximumPercent: 100,
    timeout: Duration.minutes(60),
    placementTimeout: Duration.minutes(45),
  },
  logRetention: Duration.days(7),
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
