/**
 * Sends a signal to a process, or to a group by its negative number.
 *
 * @returns false when there is nobody any more
 */
export function sendSignal(target: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(target, signal);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** Whether a process, or anybody of a group, is still there. */
export function isAlive(target: number): boolean {
  try {
    return process.kill(target, 0);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
}

/** `ESRCH`: nobody is there. `EPERM`: nobody is there whom this process may signal, so it is none of its own. */
const isGone = (error: unknown): boolean =>
  ['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
