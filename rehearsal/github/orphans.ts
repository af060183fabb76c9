import { readdirSync, readFileSync } from 'node:fs';
import { sendSignal } from './signals';

/** Variable that marks each process of a job, as GitHub's runner marks them. */
export const TRACKING = 'RUNNER_TRACKING_ID';

/**
 * Kills what a job left running, also what has left its process group. Where the system does not show the environments
 * of processes (`/proc`), only the groups of the steps end.
 *
 * @param id value of `RUNNER_TRACKING_ID` of the job
 * @see https://github.com/actions/runner/blob/main/src/Runner.Worker/JobExtension.cs
 */
export function killOrphans(id: string): void {
  const mark = `${TRACKING}=${id}`;
  for (const pid of processes()) {
    if (environmentOf(pid).split('\0').includes(mark)) sendSignal(pid, 'SIGKILL');
  }
}

function processes(): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid);
}

/** Nothing for a process that has ended meanwhile, or that belongs to somebody else. */
function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
