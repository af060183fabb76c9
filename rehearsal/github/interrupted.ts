import { LockstepError } from '../../contract';

/** The person who rehearses has pressed Ctrl-C. */
export function interrupted(): LockstepError {
  return new LockstepError('Interrupted', {
    place: 'rehearsal',
    value: 'a signal to stop',
    allowed: 'a rehearsal that runs to its end',
    change: 'run it again',
  });
}
