import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  EcsService,
  type EcsServiceProps,
  type ServiceStrategy,
  type ServiceUpdateProps,
} from '../../../constructs/ecs-service';
import { Network } from '../../../constructs/network';
import { CDK_CONTEXT } from '../../../lib/cdk-context';

export const ENV = { account: '111111111111', region: 'us-east-1' };
export const VPC_CIDR = '10.0.0.0/16';
const NAME = 'ml-app-staging';

export const GPU: Partial<EcsServiceProps> = {
  compute: {
    kind: 'gpu',
    instanceTypes: ['g4dn.xlarge'],
    purchase: { kind: 'onDemand' },
    instances: { min: 0, max: 4 },
    placementTimeout: Duration.minutes(10),
  },
};

export const VERIFIED: Partial<EcsServiceProps> = {
  verification: { path: '/readyz', status: 200, latencyBudget: Duration.millis(1500) },
};

export const UPDATES: Readonly<Record<ServiceStrategy, ServiceUpdateProps>> = {
  rolling: { strategy: 'rolling' },
  blueGreen: { strategy: 'blueGreen', bake: Duration.minutes(5) },
  canary: { strategy: 'canary', bake: Duration.minutes(5), percent: 10, wait: Duration.minutes(10) },
  linear: { strategy: 'linear', bake: Duration.minutes(5), percent: 20, wait: Duration.minutes(3) },
};

/** A service on Fargate, changed where a test wants it. */
export function serviceIn(app: App, id: string, changes: Partial<EcsServiceProps> = {}) {
  const network = new Network(new Stack(app, `${id}-network`, { env: ENV }), 'Network', {
    cidr: VPC_CIDR,
    availabilityZones: ['us-east-1a', 'us-east-1b'],
  });
  const stack = new Stack(app, id, { env: ENV });
  const service = new EcsService(stack, 'Service', {
    ...ENV,
    names: {
      cluster: NAME,
      service: 'app',
      taskDefinitionFamily: NAME,
      taskRole: `${NAME}-task`,
      executionRole: `${NAME}-execution`,
      logGroup: '/ml/staging/app',
      declaredTaskDefinition: '/ml/staging/app/declared-task-definition',
      releasedTaskDefinition: '/ml/staging/app/released-task-definition',
      releasedImage: '/ml/staging/app/released-image',
      verificationFunction: `${NAME}-verify`,
      hookRole: `${NAME}-hook`,
    },
    vpc: network.vpc,
    vpcCidr: VPC_CIDR,
    natAddresses: network.natAddresses,
    accessLogs: network.accessLogs,
    container: {
      name: 'app',
      port: 8080,
      cpu: 1024,
      memoryMib: 2048,
      gpus: changes.compute?.kind === 'gpu' ? 1 : 0,
      environment: {},
      health: {
        path: '/healthz',
        command: 'node probe.js',
        intervalSeconds: 15,
        timeoutSeconds: 5,
        retries: 3,
        startPeriodSeconds: 60,
      },
    },
    repositoryArn: 'arn:aws:ecr:us-east-1:222222222222:repository/ml/app',
    compute: { kind: 'fargate' },
    tasks: { desired: 1, min: 1, max: 2 },
    loadBalancer: { scheme: 'internal' },
    update: UPDATES.rolling,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    deployTimeout: Duration.minutes(45),
    logRetention: RetentionDays.ONE_MONTH,
    ...changes,
  });
  return { service, stack };
}

export function synthesize(...changes: readonly Partial<EcsServiceProps>[]) {
  const app = new App({ context: { ...CDK_CONTEXT } });
  const { service, stack } = serviceIn(app, 'app', Object.assign({}, ...changes) as Partial<EcsServiceProps>);
  return { service, template: Template.fromStack(stack) };
}
