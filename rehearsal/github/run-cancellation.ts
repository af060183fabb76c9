import { type ConcurrencyGroup, supersededMessage } from './concurrency';
import type { RunnerPorts } from './runner-ports';

/** Whether and when the run was cancelled, and who must hear of it. */
export class RunCancellation {
  /** When the run was cancelled, in milliseconds since the epoch. */
  at: number | undefined;
  private job: { readonly group?: ConcurrencyGroup; readonly cancel: (message: string) => void } | undefined;

  /**
   * @param group of the whole workflow
   */
  constructor(
    private readonly ports: RunnerPorts,
    private readonly group: ConcurrencyGroup | undefined,
  ) {
    ports.cancel?.(() => this.cancel('The run was canceled by @octocat.'));
    ports.supersede?.(() => this.superseded());
  }

  /**
   * The job that runs from now on, or waits at its gate.
   *
   * @param cancel is called when it must end
   */
  runs(group: ConcurrencyGroup | undefined, cancel: (message: string) => void): void {
    this.job = { ...(group && { group }), cancel };
  }

  /** No job runs. */
  rests(): void {
    this.job = undefined;
  }

  private cancel(message: string): void {
    if (this.at !== undefined) return;
    this.at = this.ports.clock.now();
    this.job?.cancel(message);
  }

  private superseded(): void {
    const group = this.job?.group;
    if (this.group?.cancelInProgress) this.cancel(supersededMessage(this.group));
    else if (group?.cancelInProgress) this.job?.cancel(supersededMessage(group));
  }
}
