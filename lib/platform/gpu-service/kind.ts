import { Size } from 'aws-cdk-lib';
import { harmlessFields } from '../ecs-service/harmless';
import { ecsPhysicalNames } from '../ecs-service/physical-names';
import { stackNames } from '../../names';
import { parsePart } from '../faults';
import { gpuCheckPhysicalNames } from '../gpu-check/physical-names';
import type { WorkloadKind } from '../kind';
import type { Harmless } from '../repair';
import type { GpuService } from './gpu-service';
import { resolveGpuService } from './resolve';
import { gpuServiceFaults } from './rules';
import { gpuServiceSchema } from './schema';

// The largest type.
const ENVIRONMENT = { instanceType: 'g5.48xlarge', instances: { min: 0, max: 100 } };

// What stands in for faulty values while the rules judge the rest.
const HARMLESS: Harmless = {
  ...harmlessFields({ container: { cpu: 128, memory: Size.mebibytes(4) }, environment: ENVIRONMENT }),
  'environments.*.instanceType': ENVIRONMENT.instanceType,
  'environments.*.instanceTypes': undefined,
  'environments.*.instances': ENVIRONMENT.instances,
  'environments.*.instances.min': ENVIRONMENT.instances.min,
  'environments.*.instances.max': ENVIRONMENT.instances.max,
};

/** A service on ECS whose containers use GPUs of EC2 instances. */
export const gpuServiceKind: WorkloadKind<GpuService> = {
  parse(value, path, faults, platform) {
    const parsed = parsePart(gpuServiceSchema, value, path, faults, HARMLESS);
    return parsed && resolveGpuService(parsed, platform);
  },
  faults: gpuServiceFaults,
  names: (service, platform) => [
    ...ecsPhysicalNames(service, platform),
    ...(service.gpuCheck ? gpuCheckPhysicalNames(service.gpuCheck, service.region, platform) : []),
  ],
  stacks: ({ id, gpuCheck }, { name }) =>
    gpuCheck ? [{ name: stackNames.gpuCheck(name, id), owner: `the GPU check of ${id}` }] : [],
  files: ({ gpuCheck }) =>
    gpuCheck ? [{ path: 'Dockerfile', folder: gpuCheck.source, field: 'gpuCheck.source' }] : [],
};
