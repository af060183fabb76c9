import type { ProcessPorts } from './process-ports';
import { sendSignal } from './signals';

/** Seconds after SIGINT at which the runner sends SIGTERM, and at which it kills the tree. */
const TERMINATE_SECONDS = 7.5;
const KILL_SECONDS = 10;

/** How often silence is looked for, in real time. */
const LOOK_MS = 1_000;

/** After so much silence, in real time, a process is taken to hang until its time limit. */
const HANGS_MS = 60_000;

/** Seconds of virtual time that pass at once for a process that hangs. */
const LEAP_SECONDS = 60;

/**
 * Ends a process when it is cancelled: SIGINT, then SIGTERM, to the process alone and not to its children, then
 * SIGKILL to all. Time passes while the process waits; when it is silent, it passes anyway.
 *
 * @param heard counts the lines that the process has written
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
 */
export function stopProcess(
  pid: number,
  exited: Promise<unknown>,
  heard: () => number,
  { clock, processes, cancel }: ProcessPorts,
): { dispose(): void } {
  let over = false;
  let stages: readonly number[] = [];
  let last = '';
  let silentFor = 0;
  let leaping = false;

  const send = (target: number, signal: NodeJS.Signals): void => {
    if (over) return;
    processes?.interrupt(exited);
    if (!sendSignal(target, signal)) over = true;
  };
  const stop = (): void => {
    if (over || stages.length > 0) return;
    stages = [TERMINATE_SECONDS, KILL_SECONDS].map((seconds) => clock.now() + seconds * 1_000);
    clock.in(TERMINATE_SECONDS, () => send(pid, 'SIGTERM'));
    clock.in(KILL_SECONDS, () => send(-pid, 'SIGKILL'));
    silentFor = 0;
    send(pid, 'SIGINT');
  };
  const leap = async (): Promise<void> => {
    const stage = stages.find((at) => at > clock.now());
    leaping = true;
    await clock.sleep(
      stage === undefined ? LEAP_SECONDS * 1_000 : stage - clock.now(),
      cancel.aborted ? undefined : cancel,
    );
    leaping = false;
  };
  const look = (): void => {
    const now = `${heard()} ${processes?.said() ?? 0}`;
    silentFor = now === last ? silentFor + LOOK_MS : 0;
    last = now;
    if (!leaping && silentFor >= (stages.length > 0 ? LOOK_MS : HANGS_MS)) void leap();
  };
  const watch = setInterval(look, LOOK_MS);
  cancel.addEventListener('abort', stop);
  if (cancel.aborted) stop();
  const dispose = (): void => {
    over = true;
    clearInterval(watch);
    cancel.removeEventListener('abort', stop);
  };
  exited.then(dispose, dispose);
  return { dispose };
}
