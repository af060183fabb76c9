import type { Fault } from '../../contract';
import { AttachedPolicies } from './attached-policies';
import { type Resource, roleArn } from './template';
import { Unresolved, type Value } from './value';

/** A role as its template makes it: trust, policies and the longest session. */
export interface TemplateRole {
  /** A reference such as `<Ref NodeRole>` where CloudFormation chooses the name. */
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  readonly stack: string;
  /** Construct path. */
  readonly place: string;
  readonly trust: Value;
  readonly policies: readonly RolePolicy[];
  /** ARNs of managed policies that the role names and its template does not make, such as those of AWS. */
  readonly managedPolicyArns: readonly Value[];
  /** ARN of the permissions boundary. */
  readonly boundary?: Value;
  readonly maxSessionSeconds: number;
  /** Policies that may be attached to the role, which no template tells. */
  readonly unread: readonly Fault[];
}

export interface RolePolicy {
  readonly name: string;
  readonly document: Value;
  /** True for a policy of its own (`AWS::IAM::ManagedPolicy`), false for one that is part of the role. */
  readonly managed: boolean;
}

/** CloudFormation's default where a role names none. */
const ONE_HOUR_SECONDS = 3600;

/** Every role, with the policies that its stack attaches to it. */
export function rolesOf(resources: readonly Resource[]): readonly TemplateRole[] {
  const attached = new AttachedPolicies(resources);
  return resources.filter(({ type }) => type === 'AWS::IAM::Role').map((role) => roleOf(role, attached));
}

function roleOf(role: Resource, attached: AttachedPolicies): TemplateRole {
  const { account, stack, logicalId, properties } = role;
  const name = String(properties.RoleName ?? `<Ref ${logicalId}>`);
  const named = asList(properties.ManagedPolicyArns);
  const managed = named.map((arn) => attached.referredTo(role, arn));
  const own = [...attached.to(role), ...managed.flatMap((policy) => policy ?? [])];
  return {
    name,
    arn: roleArn(account, name, properties.Path),
    account,
    stack,
    place: role.path,
    trust: properties.AssumeRolePolicyDocument ?? null,
    policies: [
      ...asList(properties.Policies).map(inline),
      ...own.map((policy) => ({
        name: policy.logicalId,
        document: policy.properties.PolicyDocument ?? null,
        managed: policy.type === 'AWS::IAM::ManagedPolicy',
      })),
    ],
    managedPolicyArns: named.filter((_, index) => managed[index] === undefined),
    ...(properties.PermissionsBoundary !== undefined && { boundary: properties.PermissionsBoundary }),
    maxSessionSeconds: Number(properties.MaxSessionDuration ?? ONE_HOUR_SECONDS),
    unread: attached.unreadFor(role),
  };
}

/** A policy that stands in the role. One that is known only at deployment keeps its place, and no document. */
function inline(policy: Value): RolePolicy {
  if (!isRecord(policy)) return { name: String(policy), document: policy, managed: false };
  return { name: String(policy.PolicyName), document: policy.PolicyDocument ?? null, managed: false };
}

/** What is known only at deployment stays in the list, so that nobody takes it for nothing. */
export function asList(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value];
}

const isRecord = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unresolved);
