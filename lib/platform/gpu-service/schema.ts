import { z } from 'zod';
import { containerFields, ecsServiceFields, environmentFields, rolloutFields } from '../ecs-service/schema';
import { duration, matching, whole } from '../fields';
import { gpuCheckSchema } from '../gpu-check/schema';
import { oneImageFields, workloadFields } from '../workload-schema';

/** Hour and minute of a day of 24 hours. */
const timeOfDay = matching(/^([01]\d|2[0-3]):[0-5]\d$/, "a time of the day, such as '20:00'");

const environmentSchema = z
  .strictObject({
    ...environmentFields,
    instanceType: z.string().optional(),
    instanceTypes: z
      .tuple(
        [z.string(), z.string()],
        z.string(),
        'at least two instance types; a single one is `instanceType`',
      )
      .readonly()
      .optional(),
    instances: z.strictObject({
      min: whole(0, 100),
      max: whole(1, 100).optional(),
      warm: whole(0, 100).optional(),
    }),
    spot: z.strictObject({ onDemandBase: whole(0, 100).optional() }).optional(),
    sleep: z
      .strictObject({
        from: timeOfDay,
        to: timeOfDay,
        days: z.enum(['weekdays', 'everyDay'], "'weekdays' or 'everyDay'").optional(),
        timeZone: z
          .string()
          .refine(isTimeZone, 'a name of the IANA time zone database, such as `Europe/Berlin`'),
      })
      .optional(),
  })
  .transform(({ instanceType, instanceTypes, ...environment }, context) => {
    if (instanceTypes && instanceType === undefined) return { ...environment, instanceTypes };
    if (instanceType !== undefined && !instanceTypes) {
      return { ...environment, instanceTypes: [instanceType] as const };
    }
    context.addIssue({
      code: 'custom',
      path: [instanceTypes ? 'instanceTypes' : 'instanceType'],
      message: 'exactly one of `instanceType` and `instanceTypes`',
    });
    return z.NEVER;
  });

export const gpuServiceSchema = z.strictObject({
  kind: z.literal('gpuService'),
  ...workloadFields,
  ...oneImageFields,
  ...ecsServiceFields,
  container: z.strictObject({ ...containerFields, gpus: whole(1, 8).optional() }),
  environments: z.array(environmentSchema).min(1, 'at least one environment'),
  rollout: z
    .strictObject({ ...rolloutFields, placementTimeout: duration('Duration.minutes(10)').optional() })
    .optional(),
  gpuCheck: gpuCheckSchema.optional(),
});

/** As it is written there: AWS takes neither `europe/berlin` nor, as later versions of Node do, `+02:00`. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
