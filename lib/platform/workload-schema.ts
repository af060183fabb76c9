import { z } from 'zod';
import { matching, name, region, relativePath, roleName, tagPattern } from './fields';
import { notificationsSchema } from './notifications';
import type { Harmless } from './repair';
import { testsSchema } from './tests-schema';
import type { ImagePlatform } from './workload';

/** The form of what every kind of workload has. */

export const repositoryName = matching(
  /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
  'an ECR repository name in lower case',
);

const imagePlatform = z.custom<ImagePlatform>(
  (value) => value === 'linux/amd64',
  'linux/amd64: the instances have x86 processors, and start no container of another platform',
);

/** What every kind of workload is told. */
export const workloadFields = {
  id: name(24),
  source: relativePath,
  region: region.optional(),
  paths: z.array(matching(/^[A-Za-z0-9._/*-]+$/, 'a path pattern')).optional(),
  delivery: z.enum(['throughEnvironments', 'byPromotion']).optional(),
  notifications: notificationsSchema.optional(),
  releaseTags: z.array(tagPattern).max(1, 'at most one pattern: a trust condition allows one').optional(),
};

/** How an image is built and scanned. */
export const imageFields = {
  platform: imagePlatform.optional(),
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
};

/** Names of the repository and of the roles that push and read one image. */
export const imageNamesSchema = z
  .strictObject({ repository: repositoryName, publishRole: roleName, scanRole: roleName })
  .partial();

/** What workloads with one image are told, whose source folder is one project. */
export const oneImageFields = {
  tests: testsSchema.optional(),
  image: z
    .strictObject({
      dockerfile: relativePath.optional(),
      ...imageFields,
      names: imageNamesSchema.optional(),
    })
    .optional(),
};

/**
 * Values of these fields that break no rule. What may be left out needs none, unless its default could contradict what
 * stands beside it.
 */
export const HARMLESS_FIELDS: Harmless = {
  id: 'without-a-good-id',
  source: 'x',
  delivery: 'throughEnvironments',
  releaseTags: [],
};

/** Names of what jobs use of a workload in an environment. */
export const jobRoleNames = {
  deployRole: roleName,
  rollbackRole: roleName,
  inspectRole: roleName,
  notifyRole: roleName,
  noticeTopic: matching(/^[A-Za-z0-9_-]{1,256}$/, 'a topic name: letters, digits, hyphens and underscores'),
};

/** What every kind of workload has, as its props say it. */
export type ParsedWorkloadFields = z.infer<z.ZodObject<typeof workloadFields>>;
export type ParsedImageFields = z.infer<z.ZodObject<typeof imageFields>>;
export type ParsedOneImageFields = z.infer<z.ZodObject<typeof oneImageFields>>;
