import { z } from 'zod';
import { duration, matching, name, parameterName, roleName, size, whole } from '../fields';
import { jobRoleNames, oneImageFields, workloadFields } from '../workload-schema';

/** A dynamic reference would put a secret where everybody who may read the task definition sees it. */
const plainSetting = matching(
  /^(?![^]*\{\{resolve:)/,
  'a plain value; `{{resolve:…}}` would show a secret in the task definition',
);
const variable = matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'an environment variable name');
const ecsName = matching(/^[A-Za-z0-9_-]{1,255}$/, 'letters, digits, hyphens and underscores');

const namesSchema = z.strictObject({
  cluster: ecsName,
  service: ecsName,
  taskDefinitionFamily: ecsName,
  taskRole: roleName,
  executionRole: roleName,
  logGroup: matching(/^[A-Za-z0-9_./#-]{1,512}$/, 'a log group name'),
  declaredTaskDefinition: parameterName,
  releasedTaskDefinition: parameterName,
  releasedImage: parameterName,
  ...jobRoleNames,
});

const healthSchema = z.strictObject({
  path: matching(/^\/[A-Za-z0-9._~/-]*$/, 'an HTTP path that begins with a slash'),
  command: matching(/./, 'a shell command').optional(),
  interval: duration('Duration.seconds(15)').optional(),
  timeout: duration('Duration.seconds(5)').optional(),
  retries: whole(1, 10).optional(),
  startPeriod: duration('Duration.minutes(2)').optional(),
});

export const gpuServiceSchema = z.strictObject({
  kind: z.literal('gpuService'),
  ...workloadFields,
  ...oneImageFields,
  container: z.strictObject({
    name: name(64).optional(),
    port: whole(1, 65535),
    cpu: whole(128, 196_608),
    memory: size,
    gpus: whole(1, 8).optional(),
    environment: z.record(variable, plainSetting).optional(),
    health: healthSchema,
  }),
  environments: z
    .array(
      z.strictObject({
        name: z.string(),
        instanceType: z.string(),
        instances: z.strictObject({ min: whole(0, 100), max: whole(1, 100) }),
        tasks: z.strictObject({
          desired: whole(1, 1000),
          min: whole(1, 1000).optional(),
          max: whole(1, 1000).optional(),
        }),
        names: namesSchema.partial().optional(),
        loadBalancer: z
          .strictObject({
            scheme: z.enum(['internal', 'internetFacing']).optional(),
            certificateArn: matching(
              /^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[a-f0-9-]+$/,
              'the ARN of an ACM certificate',
            ).optional(),
          })
          .optional(),
      }),
    )
    .min(1, 'at least one environment'),
  rollout: z
    .strictObject({
      minimumHealthyPercent: whole(0, 100).optional(),
      maximumPercent: whole(100, 200).optional(),
      timeout: duration('Duration.minutes(30)').optional(),
      placementTimeout: duration('Duration.minutes(10)').optional(),
    })
    .optional(),
  logRetention: duration('Duration.days(30)').optional(),
});
