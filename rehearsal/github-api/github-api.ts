import type { AwsService } from '../aws/service';
import type { JobResult } from '../github/run-result';
import type { RunRequest } from '../github/run-request';
import type { GithubState } from './state';

/**
 * What GitHub remembers of runs. It is no service of AWS; it stands among them because its state is part of a situation:
 * a run that begins where others ended knows of them.
 */
export class GithubApi implements AwsService {
  readonly signingName = 'github-api';
  readonly protocol = 'json';
  readonly schemas = {};
  readonly operations = {};
  readonly makes = {};
  state: GithubState = { runs: [], down: false };

  leftovers(): readonly string[] {
    return [];
  }

  /** Answers everything with 503. */
  breakDown(): void {
    this.state.down = true;
  }

  /** Answers again. */
  mend(): void {
    this.state.down = false;
  }

  /** Id for a run that begins: each is greater than those before. */
  nextId(wanted: number): number {
    return Math.max(wanted, (this.state.runs.at(-1)?.id ?? 0) + 1);
  }

  /** Id of the run that goes on. */
  currentId(): number | undefined {
    return this.state.runs.at(-1)?.id;
  }

  /** A run begins, or goes on from where another scenario branched off. */
  begin({ runId, runAttempt, file, sha, event, fromFork = false }: RunRequest, at: number): void {
    const id = Number(runId);
    const before = this.state.runs.find((run) => run.id === id);
    if (before) before.jobs.splice(0);
    else
      this.state.runs.push({ id, attempt: runAttempt, file, sha, event, fromFork, createdAt: at, jobs: [] });
  }

  /** A job of the newest run has ended. */
  ended({ name, outcome, result, startedAt, endedAt, steps }: JobResult): void {
    const run = this.state.runs.at(-1);
    run?.jobs.push({
      id: run.id * 100 + run.jobs.length,
      name,
      conclusion: outcome ?? result,
      startedAt,
      endedAt,
      steps: steps.map((step) => ({ name: step.name, conclusion: step.conclusion })),
    });
  }
}
