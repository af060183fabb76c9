import { mint } from '../../proofs/claims';
import type { DispatchInputs } from './inputs';
import type { RunRequest } from './run-request';

const SERVER = 'https://github.com';

/** What the run, and not one of its jobs, says in the context `github`. */
export function githubContext(
  request: RunRequest,
  workflowName: string,
  inputs: DispatchInputs,
): Readonly<Record<string, unknown>> {
  const { file, event, ref, sha, repository, runId, runAttempt } = request;
  const { owner, name, ownerId = '1', repositoryId = '2', defaultBranch } = repository;
  const { actor, actor_id } = mint({ ...claimsOf(request, workflowName), audience: '' });
  const pullRequest = event === 'pull_request';
  return {
    actor,
    actor_id,
    triggering_actor: actor,
    repository: `${owner}/${name}`,
    repository_id: repositoryId,
    repository_owner: owner,
    repository_owner_id: ownerId,
    repositoryUrl: `git://github.com/${owner}/${name}.git`,
    event_name: event,
    event: eventOf(request, inputs),
    ref,
    ref_name: ref.replace(/^refs\/(heads|tags|pull)\//, ''),
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    ref_protected: false,
    base_ref: pullRequest ? defaultBranch : '',
    head_ref: pullRequest ? HEAD : '',
    sha,
    run_id: runId,
    run_number: '1',
    run_attempt: String(runAttempt),
    retention_days: '90',
    workflow: workflowName,
    workflow_ref: `${owner}/${name}/${file}@${ref}`,
    workflow_sha: sha,
    server_url: SERVER,
    api_url: request.apiUrl ?? 'https://api.github.com',
    graphql_url: 'https://api.github.com/graphql',
  };
}

/** Branch of every pull request of a rehearsal. */
const HEAD = 'a-change';

/** What the token of a job of this run says, besides environment and audience. */
export function claimsOf(request: RunRequest, workflowName: string) {
  const { repository, subjectForm, event, ref, file } = request;
  return {
    repository,
    form: subjectForm,
    event,
    ref,
    workflowName,
    jobWorkflowRef: `${repository.owner}/${repository.name}/${file}@${ref}`,
  };
}

/** @see https://docs.github.com/en/webhooks/webhook-events-and-payloads */
function eventOf(request: RunRequest, inputs: DispatchInputs): Readonly<Record<string, unknown>> {
  const { event, ref, sha, repository, file } = request;
  const { owner, name, ownerId = '1', repositoryId = '2', defaultBranch } = repository;
  const common = {
    repository: {
      id: Number(repositoryId),
      name,
      full_name: `${owner}/${name}`,
      default_branch: defaultBranch,
      owner: { login: owner, id: Number(ownerId) },
    },
  };
  switch (event) {
    case 'push':
      return { ...common, ref, after: sha, before: '0'.repeat(40), head_commit: { id: sha } };
    case 'workflow_dispatch':
      return {
        ...common,
        ref,
        workflow: file,
        inputs: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, String(value)])),
      };
    case 'pull_request':
      return {
        ...common,
        action: 'synchronize',
        number: 1,
        pull_request: { number: 1, head: { ref: HEAD, sha }, base: { ref: defaultBranch } },
      };
    case 'schedule':
      return common;
  }
}

/**
 * What the runner sets from the context `github`, and nobody can overwrite.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables
 */
export function githubVariables(github: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const names = Object.keys(github).filter((name) => !['token', 'event', 'repositoryUrl'].includes(name));
  return Object.fromEntries(names.map((name) => [`GITHUB_${name.toUpperCase()}`, String(github[name])]));
}
