import type { RepositoryIdentity } from './manifest';

/**
 * The `sub` claims that GitHub puts into the OIDC token of a job, in the form in use before July 2026
 * and, where the numeric ids are known, in the immutable form.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export const GithubSubject = {
  /** A job that names an environment. A colon in the name travels as `%3A`. */
  environment: (repository: RepositoryIdentity, environment: string): readonly string[] =>
    subjects(repository, `environment:${encode(environment)}`),

  /** A job without environment that runs on a branch. */
  branch: (repository: RepositoryIdentity, branch: string): readonly string[] =>
    subjects(repository, `ref:refs/heads/${encode(branch)}`),

  /** A job without environment that runs on a tag. The pattern may end in `*`. */
  tag: (repository: RepositoryIdentity, pattern: string): readonly string[] =>
    subjects(repository, `ref:refs/tags/${encode(pattern)}`),
} as const;

function subjects(repository: RepositoryIdentity, context: string): readonly string[] {
  const { owner, name, ownerId, repositoryId } = repository;
  const legacy = `repo:${owner}/${name}:${context}`;
  if (ownerId === undefined || repositoryId === undefined) return [legacy];
  return [legacy, `repo:${owner}@${ownerId}/${name}@${repositoryId}:${context}`];
}

const encode = (text: string): string => text.replaceAll(':', '%3A');
