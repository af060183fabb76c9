import { Duration, Validations } from 'aws-cdk-lib';
import { FederatedPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

const ISSUER = 'token.actions.githubusercontent.com';
const REPOSITORY = 'octo-org/ml-platform';
const REPOSITORY_WITH_IDS = 'octo-org@123456/ml-platform@456789';

/** Refs on which jobs run: main, and tags v* of releases. */
export type PlainRefs = 'branch' | 'branchAndTags';

export interface GithubRoleProps {
  readonly roleName: string;
  readonly account: string;
  /** GitHub environment of the jobs. @default - jobs without environment on main and on v* */
  readonly environment?: string;
  /** Workflow files that may assume the role. */
  readonly workflows: readonly string[];
  /** @default 'branchAndTags' */
  readonly refs?: PlainRefs;
  readonly statements: readonly PolicyStatement[];
  /** Resources with a wildcard that were reviewed. */
  readonly wildcards: readonly string[];
}

/** A role for jobs of GitHub Actions: trusted on these refs, for these workflow files only. */
export class GithubRole extends Construct {
  constructor(scope: Construct, id: string, props: GithubRoleProps) {
    super(scope, id);
    const provider = `arn:aws:iam::${props.account}:oidc-provider/${ISSUER}`;
    const always = {
      [`${ISSUER}:aud`]: 'sts.amazonaws.com',
      [`${ISSUER}:repository_id`]: '456789',
      [`${ISSUER}:repository_owner_id`]: '123456',
    };
    const files = (ref: string) => ({
      [`${ISSUER}:job_workflow_ref`]: props.workflows.map(
        (file) => `${REPOSITORY}/.github/workflows/${file}@${ref}`,
      ),
    });
    const subjects = (end: string) => ({
      [`${ISSUER}:sub`]: [REPOSITORY, REPOSITORY_WITH_IDS].map((repository) => `repo:${repository}:${end}`),
    });
    const onBranch = props.environment ? `environment:${props.environment}` : 'ref:refs/heads/main';
    const role = new Role(this, 'Role', {
      roleName: props.roleName,
      description: `Jobs of ${REPOSITORY}${props.environment ? ` in ${props.environment}` : ''}`,
      maxSessionDuration: Duration.hours(1),
      assumedBy: new FederatedPrincipal(
        provider,
        { StringEquals: { ...always, ...subjects(onBranch), ...files('refs/heads/main') } },
        'sts:AssumeRoleWithWebIdentity',
      ),
      inlinePolicies: { Calls: new PolicyDocument({ statements: [...props.statements] }) },
    });
    if (props.refs !== 'branch') {
      role.assumeRolePolicy?.addStatements(
        new PolicyStatement({
          actions: ['sts:AssumeRoleWithWebIdentity'],
          principals: [new FederatedPrincipal(provider)],
          conditions: props.environment
            ? { StringEquals: { ...always, ...subjects(onBranch) }, StringLike: files('refs/tags/v*') }
            : {
                StringEquals: always,
                StringLike: { ...subjects('ref:refs/tags/v*'), ...files('refs/tags/v*') },
              },
        }),
      );
    }
    Validations.of(role).acknowledge(
      ...props.wildcards.map((resource) => ({
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason: 'AWS chooses the last part of the name, or offers nothing narrower',
      })),
    );
  }
}
