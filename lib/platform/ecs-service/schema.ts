import { z } from 'zod';
import type { ServiceStrategy } from '../../../constructs/ecs-service';
import { duration, matching, name, parameterName, roleName, size, whole } from '../fields';
import { jobRoleNames } from '../workload-schema';

/** The form of what every service on ECS is told. */

/** A dynamic reference would put a secret where everybody who may read the task definition sees it. */
const plainSetting = matching(
  /^(?![^]*\{\{resolve:)/,
  'a plain value; `{{resolve:…}}` would show a secret in the task definition',
);
const variable = matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'an environment variable name');
export const ecsName = matching(/^[A-Za-z0-9_-]{1,255}$/, 'letters, digits, hyphens and underscores');
export const logGroupName = matching(/^[A-Za-z0-9_./#-]{1,512}$/, 'a log group name');
const httpPath = matching(/^\/[A-Za-z0-9._~/-]*$/, 'an HTTP path that begins with a slash');

const STRATEGIES: Readonly<Record<ServiceStrategy, true>> = {
  rolling: true,
  blueGreen: true,
  canary: true,
  linear: true,
};
const strategy = z.custom<ServiceStrategy>(
  (value) => typeof value === 'string' && Object.hasOwn(STRATEGIES, value),
  "a strategy: 'rolling', 'blueGreen', 'canary' or 'linear'",
);

/** A share of the traffic as ECS takes it. */
const tenths = (minimum: number) =>
  z.custom<number>(
    (value) =>
      typeof value === 'number' && value >= minimum && value <= 100 && Math.round(value * 10) / 10 === value,
    `a percentage from ${minimum} to 100, in steps of 0.1`,
  );

const namesSchema = z.strictObject({
  cluster: ecsName,
  service: ecsName,
  taskDefinitionFamily: ecsName,
  taskRole: roleName,
  executionRole: roleName,
  logGroup: logGroupName,
  declaredTaskDefinition: parameterName,
  releasedTaskDefinition: parameterName,
  releasedImage: parameterName,
  verificationFunction: matching(/^[A-Za-z0-9_-]{1,64}$/, 'a function name of at most 64 characters'),
  hookRole: roleName,
  ...jobRoleNames,
});

const healthSchema = z.strictObject({
  path: httpPath,
  command: matching(/./, 'a shell command').optional(),
  interval: duration('Duration.seconds(15)').optional(),
  timeout: duration('Duration.seconds(5)').optional(),
  retries: whole(1, 10).optional(),
  startPeriod: duration('Duration.minutes(2)').optional(),
});

export const containerFields = {
  name: name(64).optional(),
  port: whole(1, 65535),
  cpu: whole(128, 196_608),
  memory: size,
  environment: z.record(variable, plainSetting).optional(),
  health: healthSchema,
};

export const environmentFields = {
  name: z.string(),
  strategy: strategy.optional(),
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
};

/**
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
 */
export const rolloutFields = {
  minimumHealthyPercent: whole(0, 100).optional(),
  maximumPercent: whole(100, 200).optional(),
  timeout: duration('Duration.minutes(30)').optional(),
  bake: duration('Duration.minutes(5)').optional(),
  canary: z
    .strictObject({
      percent: tenths(0.1).optional(),
      wait: duration('Duration.minutes(10)').optional(),
    })
    .optional(),
  linear: z
    .strictObject({
      percent: tenths(3).optional(),
      wait: duration('Duration.minutes(3)').optional(),
    })
    .optional(),
};

export const ecsServiceFields = {
  strategy: strategy.optional(),
  verification: z
    .strictObject({
      path: httpPath.optional(),
      status: whole(200, 599).optional(),
      latencyBudget: duration('Duration.seconds(1)').optional(),
    })
    .optional(),
  logRetention: duration('Duration.days(30)').optional(),
};

export type ParsedContainer = z.infer<z.ZodObject<typeof containerFields>>;
export type ParsedEnvironment = z.infer<z.ZodObject<typeof environmentFields>>;
export type ParsedRollout = z.infer<z.ZodObject<typeof rolloutFields>>;
export type ParsedEcsService = z.infer<z.ZodObject<typeof ecsServiceFields>>;
