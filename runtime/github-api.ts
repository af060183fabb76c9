import { z } from 'zod';
import { LockstepError } from '../contract/errors';
import type { GithubEnvironment } from './environment';
import { type Answer, exchange, type ExchangePorts, isRateLimited } from './exchange';

const time = z.iso.datetime({ offset: true });

/** @see https://docs.github.com/en/rest/actions/workflow-runs#list-workflow-runs-for-a-workflow */
const repository = z.object({ full_name: z.string() });
const runSchema = z.object({
  id: z.int(),
  event: z.string(),
  repository,
  /** Where the commit comes from. Null for a fork that was deleted. */
  head_repository: repository.nullish(),
  run_attempt: z.int().positive().default(1),
  head_sha: z.string(),
  created_at: time,
  html_url: z.string(),
  head_commit: z.object({ timestamp: time }).nullish(),
});
const runsSchema = z.object({ total_count: z.int(), workflow_runs: z.array(runSchema) });

/** @see https://docs.github.com/en/rest/actions/workflow-jobs#list-jobs-for-a-workflow-run */
const jobSchema = z.object({
  id: z.int(),
  name: z.string(),
  /** Null while the job goes on. */
  conclusion: z.string().nullable(),
  started_at: time.nullish(),
  completed_at: time.nullish(),
  steps: z.array(z.object({ name: z.string(), conclusion: z.string().nullable() })).default([]),
});
const jobsSchema = z.object({ total_count: z.int(), jobs: z.array(jobSchema) });

export type WorkflowRun = z.infer<typeof runSchema>;
export type WorkflowJob = z.infer<typeof jobSchema>;

/** What the command reads of GitHub. */
export interface GithubApi {
  /**
   * Runs of a workflow file, newest first, page by page. None where GitHub knows no such file.
   *
   * @param createdSince only runs that were created then or later
   * @throws LockstepError `GithubCallFailed`
   */
  runs(file: string, createdSince?: Date): AsyncGenerator<WorkflowRun>;
  /**
   * Jobs of a run.
   *
   * @param which those of the latest attempt, of every attempt, or of the one with this number
   * @throws LockstepError `GithubCallFailed`
   */
  jobs(run: number, which: 'latest' | 'all' | number): Promise<readonly WorkflowJob[]>;
}

const PAGE = 100;
/** GitHub hands out no more than this of a list that is filtered by time. */
const MOST_RUNS = 1_000;

/**
 * Reads GitHub's REST API of one repository. The token stands in no message.
 *
 * @param repository `owner/name`
 */
export function openGithub(
  ports: ExchangePorts,
  { apiUrl, token }: Pick<GithubEnvironment, 'apiUrl' | 'token'>,
  repository: string,
): GithubApi {
  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T | 'notFound'> => {
    const call = `GET /repos/${repository}/actions/${path}`;
    const answer = await exchange(ports, {
      method: 'GET',
      url: `${apiUrl.replace(/\/+$/, '')}/repos/${repository}/actions/${path}`,
      headers: {
        accept: 'application/vnd.github+json',
        'x-github-api-version': '2022-11-28',
        'user-agent': 'lockstep',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    });
    if (!answer.came || answer.status !== 200) {
      if (answer.came && answer.status === 404) return 'notFound';
      throw callFailed(call, answer);
    }
    return readAnswer(call, answer.body, schema);
  };
  return {
    runs: async function* (file, createdSince) {
      const since = createdSince ? `&created=${encodeURIComponent(`>=${createdSince.toISOString()}`)}` : '';
      for (let page = 1, seen = 0; ; page += 1) {
        const path = `workflows/${encodeURIComponent(file)}/runs?per_page=${PAGE}&page=${page}${since}`;
        const found = await get(path, runsSchema);
        if (found === 'notFound') return;
        yield* found.workflow_runs;
        seen += found.workflow_runs.length;
        if (found.workflow_runs.length === 0 || seen >= found.total_count) return;
        if (seen >= MOST_RUNS) throw tooManyRuns(file, found.total_count);
      }
    },
    jobs: async (run, which) => {
      const list = typeof which === 'number' ? `attempts/${which}/jobs?` : `jobs?filter=${which}&`;
      const jobs: WorkflowJob[] = [];
      for (let page = 1; ; page += 1) {
        const found = await get(`runs/${run}/${list}per_page=${PAGE}&page=${page}`, jobsSchema);
        if (found === 'notFound') return jobs;
        jobs.push(...found.jobs);
        if (found.jobs.length === 0 || jobs.length >= found.total_count) return jobs;
      }
    },
  };
}

function readAnswer<T>(call: string, body: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw unreadable(call, 'no JSON');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw unreadable(call, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'another form'}`);
}

function callFailed(call: string, answer: Answer): LockstepError {
  return new LockstepError('GithubCallFailed', {
    place: call,
    value: answer.came ? `status ${answer.status}${messageOf(answer.body)}` : `no answer (${answer.reason})`,
    allowed: 'status 200',
    change: changeFor(answer),
  });
}

function changeFor(answer: Answer): string {
  if (isRateLimited(answer)) return `wait until GitHub's limit is reset${resetOf(answer)}, then run it again`;
  if (answer.came && answer.status === 401) return 'set GITHUB_TOKEN to a token that is valid';
  if (answer.came && answer.status === 403)
    return 'give the job the permission `actions: read`, or use a token that has it';
  return 'run it again once GitHub can be reached; https://www.githubstatus.com says how it is';
}

function resetOf(answer: Answer): string {
  const reset = answer.came ? Number(answer.headers.get('x-ratelimit-reset') ?? Number.NaN) : Number.NaN;
  const time = new Date(reset * 1_000);
  return Number.isNaN(time.getTime()) ? '' : ` at ${time.toISOString()}`;
}

const MESSAGE = z.object({ message: z.string() });

function messageOf(body: string): string {
  try {
    return `: ${MESSAGE.parse(JSON.parse(body)).message.slice(0, 200)}`;
  } catch {
    return '';
  }
}

const unreadable = (call: string, value: string): LockstepError =>
  new LockstepError('GithubCallFailed', {
    place: call,
    value,
    allowed: 'an answer in the form that GitHub documents',
    change: 'look whether GITHUB_API_URL is the address of the API',
  });

const tooManyRuns = (file: string, total: number): LockstepError =>
  new LockstepError('GithubCallFailed', {
    place: `runs of ${file}`,
    value: `${total} runs`,
    allowed: `at most ${MOST_RUNS}: GitHub hands out no more of a list by time`,
    change: 'ask for fewer days',
  });
