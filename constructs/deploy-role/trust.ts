import { GithubSubject, type RepositoryIdentity } from '../../contract';
import { GITHUB_ISSUER, STS_AUDIENCE } from '../github-oidc-provider';

/** Who may assume a role, and from where. */
export interface GithubTrust {
  readonly repository: RepositoryIdentity;
  /** GitHub environment that the job must name. @default - a job without environment, on a trusted branch or tag */
  readonly environment?: string;
  /** Branch whose workflow runs are trusted. */
  readonly branch: string;
  /** Tag whose workflow runs are trusted, with `*` at the end only. @default - none */
  readonly tag?: string;
  /** Paths of the workflow files that may assume the role on the branch. */
  readonly branchWorkflows: readonly string[];
  /** Paths of the workflow files that may assume the role on a tag. @default - none */
  readonly tagWorkflows?: readonly string[];
  /** Test the workflow file (`job_workflow_ref`). */
  readonly jobWorkflowRef: boolean;
  /** Test repository and owner ids, where they are known. */
  readonly repositoryIds: boolean;
}

type Condition = Record<string, string | readonly string[]>;

export interface TrustCondition {
  readonly StringEquals: Condition;
  readonly StringLike?: Condition;
}

const key = (claim: string): string => `${GITHUB_ISSUER}:${claim}`;

/**
 * Conditions of the trust statements: one for the branch and, where tags are trusted, one for them.
 * Everything is compared for equality; only the end of a tag's name may be a pattern.
 *
 * @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 */
export function trustConditions(trust: GithubTrust): TrustCondition[] {
  const { repository, environment } = trust;
  const always: Condition = {
    [key('aud')]: STS_AUDIENCE,
    ...(trust.repositoryIds &&
      repository.ownerId !== undefined &&
      repository.repositoryId !== undefined && {
        [key('repository_id')]: repository.repositoryId,
        [key('repository_owner_id')]: repository.ownerId,
      }),
  };
  const file = (path: string, ref: string) => `${repository.owner}/${repository.name}/${path}@${ref}`;

  const onBranch: TrustCondition = {
    StringEquals: {
      ...always,
      [key('sub')]:
        environment === undefined
          ? GithubSubject.branch(repository, trust.branch)
          : GithubSubject.environment(repository, environment),
      ...(trust.jobWorkflowRef && {
        [key('job_workflow_ref')]: trust.branchWorkflows.map((path) =>
          file(path, `refs/heads/${trust.branch}`),
        ),
      }),
    },
  };
  const { tag, tagWorkflows = [] } = trust;
  if (tag === undefined || tagWorkflows.length === 0) return [onBranch];
  // Without the workflow file, a subject with environment is the same on branches and tags.
  if (environment !== undefined && !trust.jobWorkflowRef) return [onBranch];

  const workflowOnTag = {
    [key('job_workflow_ref')]: tagWorkflows.map((path) => file(path, `refs/tags/${tag}`)),
  };
  const onTag: TrustCondition =
    environment === undefined
      ? {
          StringEquals: always,
          StringLike: {
            [key('sub')]: GithubSubject.tag(repository, tag),
            ...(trust.jobWorkflowRef && workflowOnTag),
          },
        }
      : {
          StringEquals: { ...always, [key('sub')]: GithubSubject.environment(repository, environment) },
          StringLike: workflowOnTag,
        };
  return [onBranch, onTag];
}
