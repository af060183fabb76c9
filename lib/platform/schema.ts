import { Duration, Size } from 'aws-cdk-lib';
import { z } from 'zod';

/**
 * The form of the platform file. The file runs without type checking, so its values are checked here
 * as if they came from outside. Rules that relate fields to each other are in `rules.ts`.
 */

const duration = z.custom<Duration>(
  (value) => value instanceof Duration,
  'a Duration, such as Duration.minutes(5)',
);
const size = z.custom<Size>((value) => value instanceof Size, 'a Size, such as Size.gibibytes(12)');
const whole = (minimum: number, maximum: number) =>
  z.int(`a whole number from ${minimum} to ${maximum}`).min(minimum).max(maximum);
const matching = (pattern: RegExp, allowed: string) => z.string(allowed).regex(pattern, allowed);

const name = (maximum: number) =>
  matching(
    // `constructor` would meet a name that every JavaScript object has.
    new RegExp(`^(?!constructor$)[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,${maximum - 1}}$`),
    `lower-case letters, digits and single hyphens, beginning with a letter, at most ${maximum} characters`,
  );
const region = matching(
  /^(af|ap|ca|eu|il|me|mx|sa|us)-(?!gov|iso)[a-z]+-\d$/,
  'a region of the partition aws, such as us-east-1',
);
const account = matching(/^\d{12}$/, 'an AWS account id: twelve digits, in quotes');
const githubId = matching(/^[1-9]\d*$/, 'a numeric GitHub id, in quotes');
const relativePath = matching(
  /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9._-]*(\/[A-Za-z0-9._-]+)*$/,
  'a path inside the repository such as services/api, without spaces, `..`, `./`, or a slash at either end',
);
const refPattern = matching(/^[A-Za-z0-9._/*-]+$/, 'a branch or tag name, or a pattern with `*`');
/** A dynamic reference would put a secret where everybody who may read the task definition sees it. */
const plainSetting = matching(
  /^(?![^]*\{\{resolve:)/,
  'a plain value; `{{resolve:…}}` would show a secret in the task definition',
);
const variable = matching(/^[A-Za-z_][A-Za-z0-9_]*$/, 'an environment variable name');

/** GitHub wants `*` at the end only, so that a trust condition can follow it exactly. */
const tagPattern = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]*\*?$/,
  'a tag name, or its beginning with `*` at the end, such as v*',
);

const roleName = matching(/^[A-Za-z0-9+=,.@_-]{1,64}$/, 'a role name of at most 64 characters');
const ecsName = matching(/^[A-Za-z0-9_-]{1,255}$/, 'letters, digits, hyphens and underscores');
const repositoryName = matching(/^[a-z0-9]+([._/-][a-z0-9]+)*$/, 'an ECR repository name in lower case');
const parameterName = matching(
  /^\/(?!aws\b|ssm\b)[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)*$/,
  'an SSM parameter name with a leading slash, not below /aws or /ssm',
);

const workloadNamesSchema = z.strictObject({
  cluster: ecsName,
  service: ecsName,
  taskDefinitionFamily: ecsName,
  taskRole: roleName,
  executionRole: roleName,
  logGroup: matching(/^[A-Za-z0-9_./#-]{1,512}$/, 'a log group name'),
  declaredTaskDefinition: parameterName,
  releasedTaskDefinition: parameterName,
  releasedImage: parameterName,
  deployRole: roleName,
  rollbackRole: roleName,
});

const healthSchema = z.strictObject({
  path: matching(/^\/[A-Za-z0-9._~/-]*$/, 'an HTTP path that begins with a slash'),
  command: z.string().min(1).optional(),
  interval: duration.optional(),
  timeout: duration.optional(),
  retries: whole(1, 10).optional(),
  startPeriod: duration.optional(),
});

export const gpuServiceSchema = z.strictObject({
  kind: z.literal('gpuService'),
  id: name(24),
  source: relativePath,
  region: region.optional(),
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
        names: workloadNamesSchema.partial().optional(),
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
  tests: z
    .strictObject({
      python: matching(/^3\.\d{1,2}$/, 'a Python version in quotes, such as 3.11'),
      requirements: z.array(relativePath).min(1).optional(),
    })
    .optional(),
  image: z
    .strictObject({
      dockerfile: relativePath.optional(),
      scan: z
        .strictObject({
          severities: z
            .array(z.enum(['CRITICAL', 'HIGH', 'MEDIUM', 'LOW']))
            .min(1)
            .optional(),
          blocks: z.boolean().optional(),
          codeScanning: z.boolean().optional(),
        })
        .optional(),
      attestations: z.boolean().optional(),
      names: z
        .strictObject({ repository: repositoryName, publishRole: roleName, scanRole: roleName })
        .partial()
        .optional(),
    })
    .optional(),
  rollout: z
    .strictObject({
      minimumHealthyPercent: whole(0, 100).optional(),
      maximumPercent: whole(100, 200).optional(),
      timeout: duration.optional(),
      placementTimeout: duration.optional(),
    })
    .optional(),
  logRetention: duration.optional(),
  releaseTags: z.array(tagPattern).max(1, 'at most one pattern: a trust condition allows one').optional(),
  paths: z.array(matching(/^[A-Za-z0-9._/*-]+$/, 'a path pattern')).optional(),
});

export const environmentSchema = z.strictObject({
  name: name(20),
  account,
  reviewers: z
    .array(matching(/^[A-Za-z0-9-]+(\/[A-Za-z0-9_.-]+)?$/, 'a GitHub user, or a team as org/team'))
    .max(6, 'at most six reviewers')
    .optional(),
  waitTimer: duration.optional(),
  deployFrom: z.strictObject({ branches: z.array(refPattern), tags: z.array(refPattern) }).optional(),
  oidcProvider: z.enum(['create', 'import']).optional(),
  network: z
    .strictObject({
      cidr: matching(
        /^(\d{1,3}\.){3}\d{1,3}\/(1[6-9]|2[0-4])$/,
        'an IPv4 range from /16 to /24, such as 10.0.0.0/16',
      ).optional(),
      availabilityZones: z
        .array(matching(/^[a-z0-9-]+[a-z]$/, 'a zone name, such as us-east-1a'))
        .min(2)
        .max(6)
        .optional(),
      natGateways: whole(1, 6).optional(),
    })
    .optional(),
});

const trustFields = { jobWorkflowRef: z.boolean().optional(), repositoryIds: z.boolean().optional() };

export const platformSchema = z.strictObject({
  // It is the first part of parameter names, and SSM keeps `/aws…` and `/ssm…` for itself.
  name: matching(/^(?!aws|ssm)/, 'a name that does not begin with aws or ssm').and(name(20)),
  repository: z.strictObject({
    owner: matching(/^[A-Za-z0-9](?:[A-Za-z0-9]|-(?=[A-Za-z0-9])){0,38}$/, 'a GitHub user or organisation'),
    name: matching(/^[A-Za-z0-9._-]{1,100}$/, 'a GitHub repository name'),
    defaultBranch: matching(/^[A-Za-z0-9._/-]+$/, 'a branch name').optional(),
    ownerId: githubId.optional(),
    repositoryId: githubId.optional(),
  }),
  region,
  environments: z.array(z.unknown()).min(1, 'at least one environment'),
  workloads: z.array(z.unknown()).min(1, 'at least one workload'),
  imagesIn: z.string().optional(),
  trust: z
    .strictObject({ ...trustFields, roles: z.record(z.string(), z.strictObject(trustFields)).optional() })
    .optional(),
});
