import { Duration, Validations } from 'aws-cdk-lib';
import { Effect, FederatedPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AwsCall, RoleEntry } from '../../contract';
import { githubOidcProviderArn } from '../github-oidc-provider';
import { statementsFor } from './statements';
import { type GithubTrust, trustConditions } from './trust';

export interface DeployRoleProps {
  /** Id of the role in the manifest. */
  readonly roleId: string;
  readonly roleName: string;
  readonly purpose: RoleEntry['purpose'];
  readonly account: string;
  readonly trust: GithubTrust;
  /** Everything that the jobs which assume the role call. It is the whole policy. */
  readonly calls: readonly AwsCall[];
  /** Longest session a job may ask for; AWS allows one hour to twelve. @default Duration.hours(1) */
  readonly maxSession?: Duration;
}

/**
 * A role that jobs of emitted workflows assume with their GitHub token. Its policy is the union of the
 * calls that those jobs make; statements cannot be added by hand.
 */
export class DeployRole extends Construct {
  readonly roleArn: string;
  private readonly maxSession: Duration;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DeployRoleProps,
  ) {
    super(scope, id);
    this.maxSession = props.maxSession ?? Duration.hours(1);
    this.roleArn = `arn:aws:iam::${props.account}:role/${props.roleName}`;
    const [first, ...others] = trustConditions(props.trust);
    const provider = githubOidcProviderArn(props.account);
    const role = new Role(this, 'Role', {
      roleName: props.roleName,
      description: describePurpose(props),
      maxSessionDuration: this.maxSession,
      assumedBy: new FederatedPrincipal(provider, { ...first }, 'sts:AssumeRoleWithWebIdentity'),
      inlinePolicies: { Calls: new PolicyDocument({ statements: statementsFor(props.calls) }) },
    });
    for (const { resources, because } of props.calls) {
      for (const pattern of resources.filter((resource) => resource.includes('*'))) {
        if (because === undefined) continue;
        Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${pattern}]`, reason: because });
      }
    }
    for (const conditions of others) {
      role.assumeRolePolicy?.addStatements(
        new PolicyStatement({
          effect: Effect.ALLOW,
          actions: ['sts:AssumeRoleWithWebIdentity'],
          principals: [new FederatedPrincipal(provider)],
          conditions: { ...conditions },
        }),
      );
    }
  }

  /** The role as the manifest lists it. */
  describe(): RoleEntry {
    const { roleId, purpose, roleName, account, trust } = this.props;
    return {
      id: roleId,
      purpose,
      name: roleName,
      arn: this.roleArn,
      account,
      ...(trust.environment !== undefined && { environment: trust.environment }),
      maxSessionMinutes: this.maxSession.toMinutes(),
      constructPath: this.node.path,
    };
  }
}

function describePurpose({ purpose, trust }: DeployRoleProps): string {
  const repository = `${trust.repository.owner}/${trust.repository.name}`;
  const where =
    trust.environment === undefined ? 'without environment' : `in environment ${trust.environment}`;
  return `Lockstep ${purpose}: jobs of ${repository} ${where}`;
}
