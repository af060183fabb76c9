import { z } from 'zod';
import { containerFields, ecsServiceFields, environmentFields, rolloutFields } from '../ecs-service/schema';
import { oneImageFields, workloadFields } from '../workload-schema';

export const fargateServiceSchema = z.strictObject({
  kind: z.literal('fargateService'),
  ...workloadFields,
  ...oneImageFields,
  ...ecsServiceFields,
  container: z.strictObject(containerFields),
  environments: z.array(z.strictObject(environmentFields)).min(1, 'at least one environment'),
  rollout: z.strictObject(rolloutFields).optional(),
});
