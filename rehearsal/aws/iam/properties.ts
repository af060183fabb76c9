import { z } from 'zod';

const policy = z.strictObject({ PolicyName: z.string(), PolicyDocument: z.unknown() });
const names = z.array(z.string()).default([]);

/** Properties that no call can see. */
const unseen = { Description: z.unknown().optional(), Tags: z.unknown().optional() };

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html */
export const roleProperties = z.strictObject({
  ...unseen,
  RoleName: z.string().optional(),
  Path: z.string().default('/'),
  AssumeRolePolicyDocument: z.unknown(),
  Policies: z.array(policy).default([]),
  ManagedPolicyArns: names,
  PermissionsBoundary: z.string().optional(),
  MaxSessionDuration: z.coerce.number().default(3_600),
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html */
export const policyProperties = z.strictObject({
  ...policy.shape,
  Roles: names,
  Users: names,
  Groups: names,
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-rolepolicy.html */
export const rolePolicyProperties = z.strictObject({ ...policy.shape, RoleName: z.string() });

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html */
export const managedPolicyProperties = z.strictObject({
  ...unseen,
  ManagedPolicyName: z.string().optional(),
  Path: z.string().default('/'),
  PolicyDocument: z.unknown(),
  Roles: names,
  Users: names,
  Groups: names,
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-oidcprovider.html */
export const providerProperties = z.strictObject({
  Tags: z.unknown().optional(),
  Url: z.string(),
  ClientIdList: names,
  ThumbprintList: names,
});

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html */
export const instanceProfileProperties = z.strictObject({
  InstanceProfileName: z.string().optional(),
  Path: z.string().default('/'),
  Roles: names,
});
