import { z } from 'zod';
import { duration, matching, parameterName, relativePath, roleName, whole } from '../fields';
import { jobRoleNames, oneImageFields, workloadFields } from '../workload-schema';

/**
 * The form of the props. Limits of SageMaker's API are not here: the spec of the target knows them, and the rules ask
 * it.
 */

const sagemakerName = (most: number) =>
  matching(
    new RegExp(`^(?=.{1,${most}}$)[a-z0-9](?:-*[a-z0-9])*$`),
    `lower-case letters, digits and hyphens, at most ${most} characters`,
  );

const namesSchema = z.strictObject({
  endpoint: sagemakerName(63),
  namePrefix: sagemakerName(50),
  executionRole: roleName,
  declaredSettings: parameterName,
  releasedConfig: parameterName,
  releasedImage: parameterName,
  releasedModel: parameterName,
  ...jobRoleNames,
});

const number = z.number('a number');

const times = {
  wait: duration('Duration.minutes(5)').optional(),
  maximumExecution: duration('Duration.minutes(30)').optional(),
};
const blueGreen = { ...times, terminationWait: duration('Duration.minutes(5)').optional() };

const updateSchema = z.discriminatedUnion(
  'strategy',
  [
    z.strictObject({ strategy: z.literal('allAtOnce'), ...blueGreen }),
    z.strictObject({ strategy: z.literal('canary'), ...blueGreen, canaryPercent: number.optional() }),
    z.strictObject({ strategy: z.literal('linear'), ...blueGreen, stepPercent: number.optional() }),
    z.strictObject({
      strategy: z.literal('rolling'),
      ...times,
      batchPercent: number.optional(),
      rollbackBatchPercent: number.optional(),
    }),
  ],
  {
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? "a strategy: 'allAtOnce', 'canary', 'linear' or 'rolling'"
        : "an object such as { strategy: 'canary' }",
  },
);

const environmentSchema = z.strictObject({
  name: z.string(),
  instanceType: matching(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'an instance type of SageMaker, such as ml.m5.large'),
  instances: z.strictObject({ initial: number.optional(), min: number, max: number }),
  update: updateSchema,
  dataCapture: z
    .strictObject({
      bucketUri: matching(
        /^s3:\/\/[a-z0-9.-]+\/[A-Za-z0-9/_-]+$/,
        'a bucket and a prefix, such as s3://bucket/prefix',
      ),
      percentage: number,
    })
    .optional(),
  alarms: z
    .array(matching(/^(?!\s*$).{1,255}$/, 'the name of an alarm, at most 255 characters'))
    .max(8, 'at most 8: SageMaker takes ten, and two are there already')
    .optional(),
  invocationsPerInstance: whole(1, 1_000_000).optional(),
  names: namesSchema.partial().optional(),
});

export const sagemakerEndpointSchema = z.strictObject({
  kind: z.literal('sagemakerEndpoint'),
  ...workloadFields,
  ...oneImageFields,
  model: z
    .strictObject({
      initial: matching(
        /^(?!\/)[A-Za-z0-9!_.*'()/-]+\.tar\.gz$/,
        'a key in the model bucket that ends with .tar.gz, such as bikeshare/1/model.tar.gz',
      ).optional(),
      bucket: matching(
        /^(?!xn--|sthree-)[a-z0-9](?:[a-z0-9-]{1,61})[a-z0-9]$/,
        'a bucket name: 3 to 63 lower-case letters, digits and hyphens',
      ).optional(),
    })
    .optional(),
  verification: z.strictObject({
    payload: relativePath,
    schema: relativePath,
    contentType: mediaType().optional(),
    accept: mediaType().optional(),
    latencyBudget: duration('Duration.millis(500)'),
    calls: number.optional(),
  }),
  rollout: z.strictObject({ timeout: duration('Duration.minutes(45)').optional() }).optional(),
  keepVersions: number.optional(),
  environments: z.array(environmentSchema).min(1, 'at least one environment'),
});

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-media-type */
function mediaType() {
  return matching(/^[a-z]+\/[A-Za-z0-9.+-]+(; ?[a-z]+=[A-Za-z0-9-]+)*$/, 'a media type, such as text/csv');
}
