import type { Resource, Value } from './template';

/** A role as its template makes it: trust, policies and the longest session. */
export interface TemplateRole {
  readonly name: string;
  readonly arn: string;
  readonly account: string;
  /** Construct path. */
  readonly place: string;
  readonly trust: Value;
  readonly policies: readonly RolePolicy[];
  /** ARNs of managed policies that the role names and its template does not make, such as those of AWS. */
  readonly managedPolicyArns: readonly Value[];
  /** ARN of the permissions boundary. */
  readonly boundary?: Value;
  readonly maxSessionSeconds: number;
}

export interface RolePolicy {
  readonly name: string;
  readonly document: Value;
  /** True for a policy of its own (`AWS::IAM::ManagedPolicy`), false for one that is part of the role. */
  readonly managed: boolean;
}

/** Policies that name the roles they are attached to. */
const ATTACHED: ReadonlySet<string> = new Set(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']);

/** CloudFormation's default where a role names none. */
const ONE_HOUR_SECONDS = 3600;

/** Every role with a physical name, with the policies that its stack attaches to it. */
export function rolesOf(resources: readonly Resource[]): readonly TemplateRole[] {
  const policies = resources.filter(({ type }) => ATTACHED.has(type) || type === 'AWS::IAM::RolePolicy');
  /** A reference to a managed policy is its ARN, which no template knows: see `Unresolved`. */
  const byReference = new Map<string, Resource>(
    policies.map((policy) => [`${policy.stack} <Ref ${policy.logicalId}>`, policy] as const),
  );
  const byRole = new Map<string, Resource[]>();
  for (const policy of policies) {
    const { Roles, RoleName } = policy.properties;
    for (const name of [...list(Roles), ...(typeof RoleName === 'string' ? [RoleName] : [])]) {
      const key = `${policy.account} ${String(name)}`;
      byRole.set(key, [...(byRole.get(key) ?? []), policy]);
    }
  }
  return resources
    .filter(({ type, properties }) => type === 'AWS::IAM::Role' && typeof properties.RoleName === 'string')
    .map((role) => {
      const name = String(role.properties.RoleName);
      const named = asList(role.properties.ManagedPolicyArns);
      const managed = named.map((arn) => byReference.get(`${role.stack} ${String(arn)}`));
      const attached = [
        ...(byRole.get(`${role.account} ${name}`) ?? []),
        ...managed.flatMap((policy) => policy ?? []),
      ];
      const inline = asList(role.properties.Policies).filter(isRecord);
      return {
        name,
        arn: `arn:aws:iam::${role.account}:role/${name}`,
        account: role.account,
        place: role.path,
        trust: role.properties.AssumeRolePolicyDocument ?? null,
        policies: [
          ...inline.map((policy) => ({
            name: String(policy.PolicyName),
            document: policy.PolicyDocument ?? null,
            managed: false,
          })),
          ...attached.map(({ logicalId, type, properties }) => ({
            name: logicalId,
            document: properties.PolicyDocument ?? null,
            managed: type === 'AWS::IAM::ManagedPolicy',
          })),
        ],
        managedPolicyArns: named.filter((_, index) => managed[index] === undefined),
        ...(role.properties.PermissionsBoundary !== undefined && {
          boundary: role.properties.PermissionsBoundary,
        }),
        maxSessionSeconds: Number(role.properties.MaxSessionDuration ?? ONE_HOUR_SECONDS),
      };
    });
}

const list = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [];

/** What is known only at deployment stays in the list, so that nobody takes it for nothing. */
const asList = (value: Value | undefined): readonly Value[] =>
  value === undefined || Array.isArray(value) ? list(value) : [value];

const isRecord = (value: Value): value is { readonly [key: string]: Value } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
