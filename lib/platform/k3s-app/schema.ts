import { z } from 'zod';
import { duration, matching, parameterName, relativePath, secretName, size, whole } from '../fields';
import { imageFields, jobRoleNames, workloadFields } from '../workload-schema';
import { ipv4Range } from './ipv4-range';
import { environmentVariables, memorySchema, serviceSchema } from './service-schema';

const number = z.number('a number');

const namesSchema = z.strictObject({
  namespace: matching(
    /^[a-z](?:[a-z0-9-]{0,51}[a-z0-9])?$/,
    'lower-case letters, digits and hyphens, at most 53 characters',
  ),
  nodeTag: matching(/^[A-Za-z0-9._-]{1,128}$/, 'letters, digits, dots, hyphens and underscores'),
  document: matching(/^[A-Za-z0-9._-]{3,128}$/, 'a document name of 3 to 128 characters'),
  bucket: matching(
    /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    'a bucket name: 3 to 63 lower-case letters, digits and hyphens',
  ),
  logGroup: matching(/^[A-Za-z0-9_./#-]{1,512}$/, 'a log group name'),
  releasedRelease: parameterName,
  ...jobRoleNames,
});

const ruleSchema = z.strictObject({
  minimumRequests: whole(1, 1_000_000),
  errorRateMargin: number.min(0).max(100),
  latencyRatio: number.min(1).max(100),
  latencyQuantile: number.gt(0).lt(1),
});

export const updateSchema = z.discriminatedUnion(
  'strategy',
  [
    z.strictObject({ strategy: z.literal('rolling') }),
    z.strictObject({
      strategy: z.literal('blueGreen'),
      bake: duration('Duration.minutes(5)').optional(),
    }),
    z.strictObject({
      strategy: z.literal('canary'),
      steps: z.array(whole(1, 99)).min(1, 'at least one step').optional(),
      step: duration('Duration.minutes(5)').optional(),
      rule: ruleSchema.partial().optional(),
    }),
  ],
  {
    error: ({ input }) =>
      typeof input === 'object' && input !== null
        ? "a strategy: 'rolling', 'blueGreen' or 'canary'"
        : "an object such as { strategy: 'canary' }",
  },
);

const environmentSchema = z.strictObject({
  name: z.string(),
  instanceType: matching(/^[a-z0-9-]+\.[a-z0-9-]+$/, 'an instance type of EC2, such as t3.small').optional(),
  dataVolume: size.optional(),
  keepSnapshots: whole(1, 1000).optional(),
  keepBackups: duration('Duration.days(30)').optional(),
  update: updateSchema.optional(),
  replicas: z.record(z.string(), whole(1, 100)).optional(),
  inbound: z
    .strictObject({
      cidrs: z.array(ipv4Range).min(1, 'at least one range; leave `inbound` out for none'),
    })
    .optional(),
  names: namesSchema.partial().optional(),
});

/** @see https://github.com/distribution/reference/blob/main/reference.go for the grammar of a path component */
const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const REGISTRY = '(?:[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9])(?::[0-9]+)?';
const TAG = ':\\w[\\w.-]{0,127}';
const DIGEST = '@sha256:[0-9a-f]{64}';

const dockerHubName = matching(new RegExp(`^${COMPONENT}$`), 'a name at Docker Hub, in lower case');

const redisSchema = z.strictObject({
  memory: memorySchema,
  storage: size,
  image: matching(
    new RegExp(`^(?:${REGISTRY}/)?${COMPONENT}(?:/${COMPONENT})*(?:${TAG}(?:${DIGEST})?|${DIGEST})$`),
    'a reference with tag or digest, such as public.ecr.aws/docker/library/redis:8.2.1',
  ).optional(),
});

export const k3sAppSchema = z.strictObject({
  kind: z.literal('k3sApp'),
  ...workloadFields,
  deployOnPush: z.boolean().optional(),
  tests: z
    .strictObject({
      go: matching(/^1\.\d{1,2}(\.\d{1,2})?$/, 'a Go version in quotes, such as 1.26'),
      modules: z.array(relativePath).min(1).optional(),
    })
    .optional(),
  image: z.strictObject(imageFields).optional(),
  registry: z
    .strictObject({
      dockerHub: z.strictObject({
        organization: dockerHubName,
        username: dockerHubName,
        tokenSecret: secretName.optional(),
      }),
    })
    .optional(),
  services: z.array(serviceSchema).min(1, 'at least one service'),
  redis: redisSchema.optional(),
  environment: environmentVariables.optional(),
  rollout: z.strictObject({ timeout: duration('Duration.minutes(30)').optional() }).optional(),
  // Pods wait with `preStop.sleep`: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/
  k3s: z
    .strictObject({
      version: matching(
        /^v1\.[3-9]\d\.\d{1,2}\+k3s\d+$/,
        'a release of K3s from v1.30 on, such as v1.35.8+k3s1: earlier ones do not know all that the manifests say',
      ),
      sha256: matching(/^[0-9a-f]{64}$/, 'a SHA-256 sum: 64 hexadecimal digits in lower case').optional(),
    })
    .optional(),
  logRetention: duration('Duration.days(30)').optional(),
  environments: z.array(environmentSchema).min(1, 'at least one environment'),
});
