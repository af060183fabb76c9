import type { Fault } from '../../contract';
import type { Resource } from './template';
import { Unresolved, type Value } from './value';

/** Policies that name the roles they are attached to, and the property that does. */
const NAMES_ROLES: Readonly<Record<string, 'Roles' | 'RoleName'>> = {
  'AWS::IAM::Policy': 'Roles',
  'AWS::IAM::ManagedPolicy': 'Roles',
  'AWS::IAM::RolePolicy': 'RoleName',
};

/** A policy beside a name that it gives, as far as the template tells the name. */
interface Attachment {
  readonly policy: Resource;
  readonly property: string;
  readonly name: Value;
}

/**
 * The policies of all templates by the roles that they name. Where a name is put together when
 * CloudFormation deploys, nobody can say which role is meant: then each role of the account may be.
 */
export class AttachedPolicies {
  private readonly byRole = new Map<string, Resource[]>();
  private readonly byReference = new Map<string, Resource>();
  private readonly unknown: readonly Attachment[];

  constructor(resources: readonly Resource[]) {
    const policies = resources.filter(({ type }) => Object.hasOwn(NAMES_ROLES, type));
    const unnamedRoles = new Set(
      resources
        .filter(({ type, properties }) => type === 'AWS::IAM::Role' && properties.RoleName === undefined)
        .map(({ stack, logicalId }) => `${stack} <Ref ${logicalId}>`),
    );
    const attachments = policies.flatMap(attachmentsOf);
    for (const { policy, name } of attachments) {
      const key = typeof name === 'string' ? keyOf(policy.account, name) : `${policy.stack} ${String(name)}`;
      this.byRole.set(key, [...(this.byRole.get(key) ?? []), policy]);
    }
    // A reference to a managed policy is its ARN, which no template knows: see `Unresolved`.
    for (const policy of policies) this.byReference.set(`${policy.stack} <Ref ${policy.logicalId}>`, policy);
    this.unknown = attachments.filter(
      ({ policy, name }) => typeof name !== 'string' && !unnamedRoles.has(`${policy.stack} ${String(name)}`),
    );
  }

  /** Policies that name the role. */
  to({ account, stack, logicalId, properties: { RoleName } }: Resource): readonly Resource[] {
    const key = RoleName === undefined ? `${stack} <Ref ${logicalId}>` : keyOf(account, String(RoleName));
    return this.byRole.get(key) ?? [];
  }

  /** The policy of the same template that a value refers to. */
  referredTo({ stack }: Resource, value: Value): Resource | undefined {
    return this.byReference.get(`${stack} ${String(value)}`);
  }

  /** Policies that may name the role, for all that the templates tell. */
  unreadFor({ account }: Resource): readonly Fault[] {
    return this.unknown
      .filter(({ policy }) => policy.account === account)
      .map(({ policy, property, name }) => ({
        place: `${policy.path}, ${property}`,
        value: String(name),
        allowed: 'the name of a role that can be told from the template of the policy',
        change:
          'name the role literally or by a reference within the stack, or write the policy into the role',
      }));
  }
}

/** No two roles of an account differ in case alone, and either spelling means the same one. */
const keyOf = (account: string, role: string): string => `${account} ${role.toLowerCase()}`;

function attachmentsOf(policy: Resource): readonly Attachment[] {
  const property = NAMES_ROLES[policy.type] ?? 'Roles';
  const value = policy.properties[property];
  const names = Array.isArray(value) ? (value as readonly Value[]) : value === undefined ? [] : [value];
  return names
    .filter((name) => !(name instanceof Unresolved && name.description === 'Ref AWS::NoValue'))
    .map((name) => ({ policy, property, name }));
}
