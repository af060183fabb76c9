import { LockstepError } from '../../contract/errors';
import type { TargetEntry } from '../../contract/manifest';

/** For a command that only some kinds of target know. */
export const notSupported = (command: string, { id, kind }: TargetEntry): LockstepError =>
  new LockstepError('VerbNotSupported', {
    place: `target ${id}`,
    value: command,
    allowed: `what a target of the kind ${kind} can do`,
    change: 'use `status`, `verify` or `diagnose`, which every target knows',
  });
