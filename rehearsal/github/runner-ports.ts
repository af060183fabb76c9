import type { ClockService } from '../clock/serve-clock';
import type { VirtualClock } from '../clock/virtual-clock';
import type { ActionStandIn } from './action-stand-in';
import type { JobResult, RunEvent } from './run-result';
import type { TokenIssuer } from './token-issuer';

/** Says what to call when something happens, if it ever does. */
export type Subscribe = (listener: () => void) => void;

/** What a run works with. */
export interface RunnerPorts {
  readonly clock: VirtualClock;
  /** Virtual time for the processes of the jobs. @default - they live in real time */
  readonly processes?: ClockService;
  /** Stand-ins by action, in lower case: `actions/checkout`. */
  readonly actions: ReadonlyMap<string, ActionStandIn>;
  /** An empty folder. Each job gets workspace, HOME and temporary files of its own beneath. */
  readonly folder: string;
  /** PATH of every process, as absolute folders. */
  readonly path: readonly string[];
  /** Added to the environment of every step, such as `AWS_ENDPOINT_URL`. */
  readonly environment: Readonly<Record<string, string>>;
  readonly tokens: TokenIssuer;
  emit(event: RunEvent): void;
  /** Ends the rehearsal: every process is killed at once. */
  readonly signal: AbortSignal;
  /** Somebody presses "Cancel workflow". @default - nobody does */
  readonly cancel?: Subscribe;
  /** Jobs of this run that have run before, also some of a matrix: they are not run again. @default - none */
  readonly resume?: readonly JobResult[];
  /**
   * Told the key of each job, with the values of its matrix, right before it runs, when nothing else of the run does.
   *
   * @default - nobody is told
   */
  readonly beforeJob?: (job: string) => void;
  /** A later run comes that has the same concurrency groups. @default - none comes */
  readonly supersede?: Subscribe;
}
