import { Duration, Validations } from 'aws-cdk-lib';
import { Effect, FederatedPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type AwsCall, LockstepError, type RoleEntry } from '../../contract';
import { githubOidcProviderArn } from '../github-oidc-provider';
import { statementsFor } from './statements';
import { type GithubTrust, type TrustCondition, trustConditions } from './trust';

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
    const conditions = trustConditions(props.trust);
    const provider = githubOidcProviderArn(props.account);
    refuseLongTrust(conditions, provider, props);
    const [first, ...others] = conditions;
    const role = new Role(this, 'Role', {
      roleName: props.roleName,
      description: describePurpose(props),
      maxSessionDuration: this.maxSession,
      assumedBy: new FederatedPrincipal(provider, { ...first }, 'sts:AssumeRoleWithWebIdentity'),
      inlinePolicies: { Calls: new PolicyDocument({ statements: statementsFor(props.calls) }) },
    });
    for (const [pattern, reason] of reasonsOf(props.calls)) {
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${pattern}]`, reason });
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

/** Why each pattern among the resources stands there. A pattern without a reason stays a finding. */
function reasonsOf(calls: readonly AwsCall[]): ReadonlyMap<string, string> {
  return new Map(
    calls.flatMap(({ resources, because }) =>
      because === undefined
        ? []
        : resources
            .filter((resource) => resource.includes('*'))
            .map((pattern) => [pattern, because] as const),
    ),
  );
}

/** Characters that IAM allows a trust policy to have unless the quota is raised. White space does not count. */
const TRUST_POLICY_LIMIT = 2048;

/**
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 * @throws LockstepError `TrustPolicyTooLong`
 */
function refuseLongTrust(
  conditions: readonly TrustCondition[],
  provider: string,
  { roleName }: DeployRoleProps,
): void {
  const document = {
    Version: '2012-10-17',
    Statement: conditions.map((Condition) => ({
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition,
    })),
  };
  const length = JSON.stringify(document).length;
  if (length <= TRUST_POLICY_LIMIT) return;
  throw new LockstepError('TrustPolicyTooLong', {
    place: `trust of ${roleName}`,
    value: `${length} characters`,
    allowed: `at most ${TRUST_POLICY_LIMIT}, the quota of IAM`,
    change: 'shorten the names of owner, repository, workload or environment',
  });
}

function describePurpose({ purpose, trust }: DeployRoleProps): string {
  const repository = `${trust.repository.owner}/${trust.repository.name}`;
  const where =
    trust.environment === undefined ? 'without environment' : `in environment ${trust.environment}`;
  return `Lockstep ${purpose}: jobs of ${repository} ${where}`;
}
