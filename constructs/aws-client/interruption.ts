import { type DeployContext, LockstepError } from '../../contract';

/** @throws LockstepError `Interrupted` once the command was told to stop */
export function throwIfInterrupted({ signal }: DeployContext): void {
  if (!signal.aborted) return;
  throw new LockstepError('Interrupted', {
    place: 'this wait',
    value: 'a signal to stop',
    allowed: 'waiting until the deployment has ended',
    change: 'run the same command again: it takes up the deployment where it is',
  });
}
