import { Size } from 'aws-cdk-lib';
import { harmlessFields } from '../ecs-service/harmless';
import { ecsPhysicalNames } from '../ecs-service/physical-names';
import { parsePart } from '../faults';
import type { WorkloadKind } from '../kind';
import type { FargateService } from './fargate-service';
import { resolveFargateService } from './resolve';
import { fargateServiceFaults } from './rules';
import { fargateServiceSchema } from './schema';

// What stands in for faulty values while the rules judge the rest.
const HARMLESS = harmlessFields({ container: { cpu: 256, memory: Size.mebibytes(512) }, environment: {} });

/** A service on ECS whose tasks run on AWS Fargate. */
export const fargateServiceKind: WorkloadKind<FargateService> = {
  parse(value, path, faults, platform) {
    const parsed = parsePart(fargateServiceSchema, value, path, faults, HARMLESS);
    return parsed && resolveFargateService(parsed, platform);
  },
  faults: fargateServiceFaults,
  names: ecsPhysicalNames,
  stacks: () => [],
  files: () => [],
};
