import { readProperties } from '../resource-properties';
import type { AwsService, Made, TemplateResource } from '../service';
import {
  instanceProfileProperties,
  managedPolicyProperties,
  policyProperties,
  providerProperties,
  rolePolicyProperties,
  roleProperties,
} from './properties';
import type { IamState, StoredPolicy } from './state';

/** Who holds the state; it may be another object after a situation was taken up again. */
interface IamHolder {
  state: IamState;
}

/** What CloudFormation makes in IAM. */
export function iamResources(iam: IamHolder): AwsService['makes'] {
  return {
    'AWS::IAM::Role': (resource) => makeRole(iam, resource),
    'AWS::IAM::Policy': (resource) => {
      const { PolicyName, PolicyDocument, Roles } = readProperties(resource, policyProperties);
      for (const role of Roles) attach(iam, resource, role, { name: PolicyName, document: PolicyDocument });
      return { ref: PolicyName, attributes: { Id: PolicyName } };
    },
    'AWS::IAM::RolePolicy': (resource) => {
      const { PolicyName, PolicyDocument, RoleName } = readProperties(resource, rolePolicyProperties);
      attach(iam, resource, RoleName, { name: PolicyName, document: PolicyDocument });
      return { ref: PolicyName };
    },
    'AWS::IAM::ManagedPolicy': (resource) => {
      const properties = readProperties(resource, managedPolicyProperties);
      const name = properties.ManagedPolicyName ?? generatedName(resource);
      const arn = `arn:aws:iam::${resource.account}:policy${properties.Path}${name}`;
      const policy = { name, document: properties.PolicyDocument };
      iam.state.managedPolicies.set(arn, policy);
      for (const role of properties.Roles) attach(iam, resource, role, policy);
      return { ref: arn, attributes: { PolicyArn: arn } };
    },
    'AWS::IAM::OIDCProvider': (resource) => {
      const { Url, ClientIdList } = readProperties(resource, providerProperties);
      const issuer = Url.replace(/^https:\/\//, '').replace(/\/$/, '');
      const arn = `arn:aws:iam::${resource.account}:oidc-provider/${issuer}`;
      iam.state.providers.set(arn, { arn, clientIds: ClientIdList });
      return { ref: arn, attributes: { Arn: arn } };
    },
    'AWS::IAM::InstanceProfile': (resource) => {
      const { InstanceProfileName, Path, Roles } = readProperties(resource, instanceProfileProperties);
      const name = InstanceProfileName ?? generatedName(resource);
      const arn = `arn:aws:iam::${resource.account}:instance-profile${Path}${name}`;
      iam.state.instanceProfiles.set(arn, Roles);
      return { ref: name, attributes: { Arn: arn } };
    },
  };
}

function makeRole(iam: IamHolder, resource: TemplateResource): Made {
  const properties = readProperties(resource, roleProperties);
  const { account, path: place } = resource;
  const name = properties.RoleName ?? generatedName(resource);
  const arn = `arn:aws:iam::${account}:role${properties.Path}${name}`;
  const id = `AROA${String(++iam.state.lastId).padStart(17, '0')}`;
  iam.state.roles.set(arn, {
    arn,
    name,
    account,
    place,
    id,
    trust: properties.AssumeRolePolicyDocument,
    policies: properties.Policies.map(({ PolicyName, PolicyDocument }) => ({
      name: PolicyName,
      document: PolicyDocument,
    })),
    managedPolicyArns: properties.ManagedPolicyArns,
    ...(properties.PermissionsBoundary !== undefined && { boundary: properties.PermissionsBoundary }),
    maxSessionSeconds: properties.MaxSessionDuration,
  });
  return { ref: name, attributes: { Arn: arn, RoleId: id } };
}

/** A role that the templates do not make has its policies outside of the rehearsal. */
function attach(
  { state }: IamHolder,
  { account }: TemplateResource,
  name: string,
  policy: StoredPolicy,
): void {
  const role = [...state.roles.values()].find((each) => each.account === account && each.name === name);
  if (role) state.roles.set(role.arn, { ...role, policies: [...role.policies, policy] });
}

/** CloudFormation cuts the name so that a role can have it, and appends random letters; here it does not. */
const generatedName = ({ stack, logicalId }: TemplateResource): string =>
  `${stack}-${logicalId}`.slice(0, 64);
