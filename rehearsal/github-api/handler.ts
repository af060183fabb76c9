import type { RawHandler } from '../aws/raw-handler';
import { permissionsOf } from '../github/job-token';
import type { GithubApi } from './github-api';
import type { RecordedJob, RecordedRun } from './state';

/** First part of the path: on loopback, the host stands there. */
export const GITHUB_API_HOST = 'api.github.com';

export const githubApiUrl = (endpoint: string): string => `${endpoint}/${GITHUB_API_HOST}`;

interface Answer {
  readonly status: number;
  readonly body: object;
}

const refused = (status: number, message: string): Answer => ({ status, body: { message } });

/**
 * GitHub's REST API of one repository, as far as workflows are read from it.
 *
 * @see https://docs.github.com/en/rest/actions/workflow-runs
 * @see https://docs.github.com/en/rest/actions/workflow-jobs
 */
export const githubHandler =
  (github: GithubApi): RawHandler =>
  ({ method, url = '/', headers }, _, response) => {
    const { pathname, searchParams } = new URL(url, 'http://github');
    const answer = github.state.down
      ? refused(503, 'Service Unavailable')
      : method === 'GET'
        ? authorised(github, pathname, searchParams, headers.authorization)
        : refused(405, 'Method Not Allowed');
    const body = JSON.stringify(answer.body);
    response.writeHead(answer.status, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  };

/** Reading runs needs the permission `actions: read`. */
function authorised(
  github: GithubApi,
  path: string,
  query: URLSearchParams,
  authorization: string | undefined,
): Answer {
  const permissions = permissionsOf(authorization?.replace(/^Bearer /, '') ?? '');
  if (!permissions) return refused(401, 'Bad credentials');
  if (permissions.actions === undefined) return refused(403, 'Resource not accessible by integration');
  return answerTo(github, path, query);
}

const ROUTES = {
  runs: /^\/api\.github\.com\/repos\/(?<repository>[^/]+\/[^/]+)\/actions\/workflows\/(?<file>[^/]+)\/runs$/,
  jobs: /^\/api\.github\.com\/repos\/(?<repository>[^/]+\/[^/]+)\/actions\/runs\/(?<run>\d+)(?:\/attempts\/(?<attempt>\d+))?\/jobs$/,
};

function answerTo({ state }: GithubApi, path: string, query: URLSearchParams): Answer {
  const runs = ROUTES.runs.exec(path)?.groups;
  if (runs) {
    const { repository = '', file = '' } = runs;
    const found = state.runs
      .filter((run) => run.file.endsWith(`/${file}`) && isWanted(run, query.get('created')))
      .reverse();
    return pageOf(query, 'workflow_runs', found, (run) => runView(run, repository));
  }
  const jobs = ROUTES.jobs.exec(path)?.groups;
  const run = state.runs.find(({ id }) => id === Number(jobs?.run));
  if (!jobs || !run || Number(jobs.attempt ?? run.attempt) !== run.attempt) return refused(404, 'Not Found');
  return pageOf(query, 'jobs', run.jobs, (job) => jobView(job, run));
}

/** @see https://docs.github.com/en/search-github/getting-started-with-searching-on-github/understanding-the-search-syntax#query-for-dates */
function isWanted({ createdAt }: RecordedRun, created: string | null): boolean {
  if (created === null) return true;
  return createdAt >= Date.parse(created.replace(/^>=/, ''));
}

function pageOf<T>(
  query: URLSearchParams,
  name: string,
  items: readonly T[],
  view: (item: T) => object,
): Answer {
  const size = Math.min(100, Number(query.get('per_page') ?? 30));
  const start = (Number(query.get('page') ?? 1) - 1) * size;
  return {
    status: 200,
    body: { total_count: items.length, [name]: items.slice(start, start + size).map(view) },
  };
}

/** Repository of somebody else. */
const FORK = 'somebody-else/fork';

const timeText = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z');

const runView = ({ id, attempt, sha, event, fromFork, createdAt }: RecordedRun, repository: string) => ({
  id,
  event,
  repository: { full_name: repository },
  head_repository: { full_name: fromFork ? FORK : repository },
  run_attempt: attempt,
  head_sha: sha,
  created_at: timeText(createdAt),
  html_url: `https://github.com/${repository}/actions/runs/${id}`,
  head_commit: { id: sha, timestamp: timeText(createdAt) },
});

const jobView = ({ id, name, conclusion, startedAt, endedAt, steps }: RecordedJob, run: RecordedRun) => ({
  id,
  run_id: run.id,
  run_attempt: run.attempt,
  name,
  status: 'completed',
  conclusion,
  started_at: timeText(startedAt),
  completed_at: timeText(endedAt),
  steps,
});
