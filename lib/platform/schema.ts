import { z } from 'zod';
import { account, duration, matching, name, region, whole } from './fields';

/**
 * The form of the platform file. The file runs without type checking, so its values are checked here
 * as if they came from outside. Rules that relate fields to each other are in `*rules.ts`; each kind of
 * workload has a schema of its own.
 */

const githubId = matching(/^[1-9]\d*$/, 'a numeric GitHub id, in quotes');
const refPattern = matching(/^[A-Za-z0-9._/*-]+$/, 'a branch or tag name, or a pattern with `*`');

export const environmentSchema = z.strictObject({
  name: name(20),
  account,
  reviewers: z
    .array(matching(/^[A-Za-z0-9-]+(\/[A-Za-z0-9_.-]+)?$/, 'a GitHub user, or a team as org/team'))
    .max(6, 'at most six reviewers')
    .optional(),
  waitTimer: duration('Duration.minutes(5)').optional(),
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
