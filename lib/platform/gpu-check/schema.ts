import { z } from 'zod';
import {
  CUDA_FORM,
  DRIVER_FORM,
  meantVersion,
  parseVersion,
  PYTORCH_FORM,
  type VersionForm,
} from '../../../constructs/gpu-compatibility';
import { isCron } from '../cron';
import { ecsName, logGroupName } from '../ecs-service/schema';
import { duration, parameterName, relativePath, roleName } from '../fields';
import { repositoryName } from '../workload-schema';

/** The form of a GPU check as the platform file tells it. */

const versions = (form: VersionForm) =>
  z
    .array(
      z.custom<string>((value) => typeof value === 'string' && parseVersion(value, form) !== undefined, {
        error: ({ input }) =>
          `a version of ${form.of.replace(/^an? /, '')}, such as ${typeof input === 'string' ? (meantVersion(input, form) ?? form.example) : form.example}`,
      }),
    )
    .min(1, 'at least one version')
    .optional();

export const gpuCheckSchema = z.strictObject({
  environment: z.string(),
  source: relativePath.optional(),
  instanceTypes: z.array(z.string()).min(1, 'at least one type').optional(),
  cuda: versions(CUDA_FORM),
  driver: versions(DRIVER_FORM),
  pytorch: versions(PYTORCH_FORM),
  schedule: z
    .custom<string>(
      (value) => typeof value === 'string' && isCron(value),
      "a cron expression of five fields with single spaces, such as '17 4 * * 1'",
    )
    .optional(),
  taskTimeout: duration('Duration.minutes(30)').optional(),
  names: z
    .strictObject({
      repository: repositoryName,
      cluster: ecsName,
      capacityProviderPrefix: ecsName,
      taskDefinitionFamily: ecsName,
      taskRole: roleName,
      executionRole: roleName,
      logGroup: logGroupName,
      declaredTaskDefinition: parameterName,
      checkRole: roleName,
    })
    .partial()
    .optional(),
});

export type ParsedGpuCheck = z.infer<typeof gpuCheckSchema>;
