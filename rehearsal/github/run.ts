import type { Job } from '../../proofs/artefacts/workflow';
import { concurrencyOf } from './concurrency';
import { githubContext } from './contexts';
import { ExpressionFault, holds } from './expressions';
import { jobWithoutSteps } from './job-without-steps';
import { readRunnable, type RunnableWorkflow } from './parse';
import { labelled } from './matrix';
import { performJob } from './perform-job';
import { combinationsFor } from './plan-job';
import { RunCancellation } from './run-cancellation';
import type { RunContexts, RunParts } from './run-parts';
import type { RunRequest } from './run-request';
import type { Conclusion, JobResult, RunResult } from './run-result';
import type { RunnerPorts } from './runner-ports';
import { jobStatus, mergedResult } from './status';
import { triggers } from './triggers';

/**
 * Runs a workflow as GitHub would. Jobs that GitHub would run side by side run one after another, in the order of
 * the file.
 *
 * @throws LockstepError `UnsupportedWorkflow` before the first job for what cannot be run here, `InvalidArgument`
 * when the event starts nothing, `Interrupted` when the rehearsal was told to end
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
 */
export async function runWorkflow(request: RunRequest, ports: RunnerPorts): Promise<RunResult> {
  const { workflow, graph } = await readRunnable(request, new Set(ports.actions.keys()));
  const inputs = triggers(workflow, request);
  const github = githubContext(request, workflow.name ?? workflow.file, inputs);
  const contexts = { github, inputs, vars: request.variables ?? {} };
  const cancellation = new RunCancellation(ports, concurrencyOf(workflow.raw.concurrency, { contexts }));
  const run = new Run({ request, workflow, ports, contexts, cancellation }, graph);
  for (const job of graph.ordered) await run.perform(job);
  return { conclusion: mergedResult(run.results.map(({ result }) => result)), jobs: run.results };
}

/** What the jobs after a job read of it. */
interface Ended {
  readonly result: Conclusion;
  readonly outputs: Readonly<Record<string, string>>;
  readonly endedAt: number;
}

class Run {
  readonly results: JobResult[] = [];
  private readonly ended = new Map<string, Ended>();

  constructor(
    private readonly parts: RunParts,
    private readonly graph: RunnableWorkflow['graph'],
  ) {}

  async perform(job: Job): Promise<void> {
    const needs = Object.fromEntries(
      job.needs.map((need) => {
        const { result, outputs } = this.ended.get(need) ?? { result: 'skipped', outputs: {} };
        return [need, { result, outputs }] as const;
      }),
    );
    const contexts = { ...this.parts.contexts, needs };
    const results = await this.resultsOf(job, contexts);
    this.ended.set(job.id, {
      result: mergedResult(results.map(({ result }) => result)),
      outputs: Object.assign({}, ...results.map(({ outputs }) => outputs)) as Ended['outputs'],
      endedAt: this.parts.ports.clock.now(),
    });
  }

  private async resultsOf(job: Job, contexts: RunContexts): Promise<readonly JobResult[]> {
    const { resume = [], beforeJob } = this.parts.ports;
    const before = resume.find(({ id }) => id === job.id);
    if (before) return [this.end(before)];
    const done = resume.filter(({ id }) => id.startsWith(`${job.id} (`));
    const decision = this.decide(job, contexts);
    if (done.length === 0 && decision.kind === 'ends')
      return [this.end(this.without(job, decision.result, decision.message))];
    const combinations = combinationsFor(job, { contexts });
    if ('fault' in combinations) return [this.end(this.without(job, 'failure', combinations.fault))];
    const results = done.map((result) => this.end(result));
    for (const combination of combinations.slice(done.length)) {
      beforeJob?.(labelled(job.id, combination.combination));
      const failed = results.some(({ result }) => result === 'failure');
      // Those that have not begun when the run is cancelled do not begin any more.
      const cancelled =
        this.parts.cancellation.at !== undefined && this.decide(job, contexts).kind === 'ends';
      const about = { failed, cancelled, number: this.count() };
      results.push(this.end(await performJob(this.parts, job, combination, contexts, about)));
    }
    return results;
  }

  private end(result: JobResult): JobResult {
    this.results.push(result);
    this.parts.ports.emit({ kind: 'jobEnded', job: result, at: result.endedAt });
    return result;
  }

  /** Whether the job starts, and what becomes of it if not. */
  private decide(
    job: Job,
    contexts: RunContexts,
  ):
    | { readonly kind: 'starts' }
    | { readonly kind: 'ends'; readonly result: Conclusion; readonly message?: string } {
    const { at } = this.parts.cancellation;
    const before = [...(this.graph.ancestors.get(job.id) ?? [])].map(
      (id) => this.ended.get(id)?.result ?? 'skipped',
    );
    const starts = (cancelled: boolean): boolean =>
      holds(job.condition, 'jobCondition', { contexts, status: jobStatus(before, cancelled) });
    try {
      if (starts(at !== undefined)) return { kind: 'starts' };
      // It would have run by then, beside the job that did.
      const ready = at !== undefined && job.needs.every((need) => (this.ended.get(need)?.endedAt ?? at) < at);
      return { kind: 'ends', result: ready && starts(false) ? 'cancelled' : 'skipped' };
    } catch (error) {
      if (!(error instanceof ExpressionFault)) throw error;
      return { kind: 'ends', result: 'failure', message: error.message };
    }
  }

  private without(job: Job, result: Conclusion, message?: string): JobResult {
    return jobWithoutSteps(job, result, this.parts.ports.clock.now(), { message });
  }

  private jobs = 0;

  private count(): number {
    this.jobs += 1;
    return this.jobs;
  }
}
