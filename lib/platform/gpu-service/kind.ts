import { Size } from 'aws-cdk-lib';
import { parsePart } from '../faults';
import type { WorkloadKind } from '../kind';
import { type PhysicalName, roleName } from '../physical-name';
import { accountOf } from '../platform';
import type { Harmless } from '../repair';
import type { GpuService } from './gpu-service';
import { resolveGpuService } from './resolve';
import { gpuServiceFaults } from './rules';
import { gpuServiceSchema } from './schema';

// What stands in for faulty values while the rules judge the rest.
const HARMLESS: Harmless = {
  source: 'x',
  'container.port': 80,
  'container.cpu': 128,
  'container.memory': Size.mebibytes(4),
  'container.health': { path: '/' },
  'container.health.path': '/',
  'environments.*.instances': { min: 0, max: 100 },
  'environments.*.instances.min': 0,
  'environments.*.instances.max': 100,
  'environments.*.tasks': { desired: 1 },
  'environments.*.tasks.desired': 1,
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
