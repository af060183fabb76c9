import { z } from 'zod';

/**
 * One AWS API call that a step makes. Calls are the only source of role policies: a role is granted
 * the union of the calls of the verbs that its jobs run, and nothing else.
 */
export const awsCallSchema = z.strictObject({
  /** IAM action, such as `ecs:UpdateService`. */
  action: z.string().regex(/^[a-z0-9-]+:[A-Za-z0-9]+$/),
  /** ARNs with literal names; `*` and `?` only where IAM offers nothing narrower. */
  resources: z.array(z.string().min(1)).min(1).readonly(),
  /** Why a resource is a pattern, and what bounds it. Required where one is. */
  because: z.string().optional(),
  /** Condition keys that the request carries, with their values. */
  context: z.record(z.string(), z.string()).optional(),
});

export type AwsCall = z.infer<typeof awsCallSchema>;
