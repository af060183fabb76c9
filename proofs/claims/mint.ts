import type { RepositoryIdentity } from '../../contract';
import type { Job } from '../artefacts';
import type { Token } from './issuer';
import type { Occurrence } from './occurrence';

/** `immutable` names owner and repository with their ids; new and renamed repositories have it. */
export type SubjectForm = 'legacy' | 'immutable';

/** What GitHub knows of a job when the job asks for a token. */
export interface JobRun {
  readonly repository: RepositoryIdentity;
  readonly form: SubjectForm;
  readonly event: string;
  /** Full ref, such as `refs/heads/main`. */
  readonly ref: string;
  readonly environment?: string | undefined;
  readonly workflowName: string;
  /** File that defines the job, as `owner/name/path@ref`. */
  readonly jobWorkflowRef: string;
  readonly audience: string;
}

/** The forms that the subject of a repository can have, as far as its ids are known. */
export function formsOf({ ownerId, repositoryId }: RepositoryIdentity): readonly SubjectForm[] {
  return ownerId === undefined || repositoryId === undefined ? ['legacy'] : ['legacy', 'immutable'];
}

/** The run of a job that an occurrence of a trigger starts. */
export function runOf(
  job: Job,
  { workflow, event, ref }: Occurrence,
  repository: RepositoryIdentity,
  form: SubjectForm,
  audience: string,
): JobRun {
  return {
    repository,
    form,
    event,
    ref,
    ...(job.environment !== undefined && { environment: job.environment }),
    workflowName: workflow.name ?? workflow.file,
    jobWorkflowRef: `${repository.owner}/${repository.name}/${workflow.file}@${ref}`,
    audience,
  };
}

/** @see https://docs.github.com/en/actions/reference/security/oidc */
export function mint(run: JobRun): Token {
  const { repository, environment, ref } = run;
  const { owner, name, ownerId, repositoryId } = repository;
  return {
    aud: run.audience,
    sub: subject(run),
    ...(environment !== undefined && { environment }),
    ref,
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    repository: `${owner}/${name}`,
    repository_owner: owner,
    ...(repositoryId !== undefined && { repository_id: repositoryId }),
    ...(ownerId !== undefined && { repository_owner_id: ownerId }),
    job_workflow_ref: run.jobWorkflowRef,
    workflow: run.workflowName,
    event_name: run.event,
    actor: 'octocat',
    actor_id: '583231',
    runner_environment: 'github-hosted',
  };
}

/** An environment comes first, then the pull request, then branch or tag. */
function subject({ repository, form, environment, event, ref }: JobRun): string {
  const context =
    environment !== undefined
      ? `environment:${encode(environment)}`
      : event === 'pull_request'
        ? 'pull_request'
        : `ref:${encode(ref)}`;
  const { owner, name, ownerId, repositoryId } = repository;
  return form === 'immutable'
    ? `repo:${owner}@${String(ownerId)}/${name}@${String(repositoryId)}:${context}`
    : `repo:${owner}/${name}:${context}`;
}

/** A colon inside a value must not look like one that separates. */
const encode = (value: string): string => value.replaceAll(':', '%3A');
