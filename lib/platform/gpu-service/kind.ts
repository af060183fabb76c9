import { Duration, Size } from 'aws-cdk-lib';
import { LONGEST_DEPLOY_MINUTES } from '../../../contract';
import { parsePart } from '../faults';
import type { WorkloadKind } from '../kind';
import { type PhysicalName, roleName } from '../physical-name';
import { accountOf } from '../platform';
import type { Harmless } from '../repair';
import { HARMLESS_FIELDS } from '../workload-schema';
import type { GpuService } from './gpu-service';
import { resolveGpuService } from './resolve';
import { gpuServiceFaults } from './rules';
import { gpuServiceSchema } from './schema';

const CONTAINER = { port: 80, cpu: 128, memory: Size.mebibytes(4), health: { path: '/' } };
const ENVIRONMENT = {
  name: '',
  // The largest one.
  instanceType: 'g5.48xlarge',
  instances: { min: 0, max: 100 },
  tasks: { desired: 1 },
};
const ROLLOUT = { minimumHealthyPercent: 0, timeout: Duration.minutes(LONGEST_DEPLOY_MINUTES) };

// What stands in for faulty values while the rules judge the rest.
const HARMLESS: Harmless = {
  ...HARMLESS_FIELDS,
  container: CONTAINER,
  'container.port': CONTAINER.port,
  'container.cpu': CONTAINER.cpu,
  'container.memory': CONTAINER.memory,
  'container.health': CONTAINER.health,
  'container.health.path': CONTAINER.health.path,
  'container.health.interval': Duration.minutes(5),
  environments: [ENVIRONMENT],
  'environments.*': ENVIRONMENT,
  'environments.*.name': ENVIRONMENT.name,
  'environments.*.instanceType': ENVIRONMENT.instanceType,
  'environments.*.instances': ENVIRONMENT.instances,
  'environments.*.instances.min': ENVIRONMENT.instances.min,
  'environments.*.instances.max': ENVIRONMENT.instances.max,
  'environments.*.tasks': ENVIRONMENT.tasks,
  'environments.*.loadBalancer.certificateArn': 'arn:aws:acm:us-east-1:000000000000:certificate/0',
  rollout: ROLLOUT,
  'rollout.timeout': ROLLOUT.timeout,
  'rollout.minimumHealthyPercent': ROLLOUT.minimumHealthyPercent,
};

/** A service on ECS whose containers use GPUs of EC2 instances. */
export const gpuServiceKind: WorkloadKind<GpuService> = {
  parse(value, path, faults, platform) {
    const parsed = parsePart(gpuServiceSchema, value, path, faults, HARMLESS);
    return parsed && resolveGpuService(parsed, platform);
  },
  faults: gpuServiceFaults,
  names: (service, platform) =>
    service.environments.flatMap(({ name, names }, index): PhysicalName[] => {
      const account = accountOf(platform, name);
      const where = `${account} ${service.region}`;
      const field = `environments[${index}].names`;
      const parameters = [names.declaredTaskDefinition, names.releasedTaskDefinition, names.releasedImage];
      return [
        ...[names.taskRole, names.executionRole].map((role) => roleName(role, account)),
        { what: 'cluster', where, name: names.cluster, field: `${field}.cluster` },
        {
          what: 'task definition family',
          where,
          name: names.taskDefinitionFamily,
          field: `${field}.taskDefinitionFamily`,
        },
        { what: 'log group', where, name: names.logGroup, field: `${field}.logGroup` },
        ...parameters.map((parameter) => ({ what: 'parameter', where, name: parameter, field })),
      ];
    }),
  stacks: () => [],
  files: () => [],
};
