import { z } from 'zod';
import { containerFields, ecsServiceFields, environmentFields, rolloutFields } from '../ecs-service/schema';
import { duration, whole } from '../fields';
import { oneImageFields, workloadFields } from '../workload-schema';

export const gpuServiceSchema = z.strictObject({
  kind: z.literal('gpuService'),
  ...workloadFields,
  ...oneImageFields,
  ...ecsServiceFields,
  container: z.strictObject({ ...containerFields, gpus: whole(1, 8).optional() }),
  environments: z
    .array(
      z.strictObject({
        ...environmentFields,
        instanceType: z.string(),
        instances: z.strictObject({ min: whole(0, 100), max: whole(1, 100).optional() }),
      }),
    )
    .min(1, 'at least one environment'),
  rollout: z
    .strictObject({ ...rolloutFields, placementTimeout: duration('Duration.minutes(10)').optional() })
    .optional(),
});
