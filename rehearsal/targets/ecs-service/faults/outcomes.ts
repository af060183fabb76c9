import type { TargetEntry } from '../../../../contract';
import type { Outcome } from '../../../faults/fault';
import { isRolling } from '../update';

/** The deployment fails, ECS goes back by itself, and the rollback job finds nothing left to do. */
export const ECS_WENT_BACK = {
  deploy: 'failure',
  rollback: 'success',
  facts: {
    runs: 'earlier',
    traffic: '100 % earlier',
    'released image': 'earlier',
    'last deployment': 'ROLLBACK_SUCCESSFUL',
  },
  rollbackSays: ['alreadyRolledBack'],
} satisfies Outcome;

/** The deployment fails, and the rollback job goes back. */
export const PIPELINE_WENT_BACK = {
  deploy: 'failure',
  rollback: 'success',
  facts: { runs: 'earlier', traffic: '100 % earlier', 'released image': 'earlier' },
} satisfies Outcome;

export const SUCCEEDS = {
  deploy: 'success',
  rollback: 'skipped',
  facts: {
    runs: 'new',
    traffic: '100 % new',
    'released image': 'new',
    'last deployment': 'SUCCESSFUL',
  },
} satisfies Outcome;

/** New tasks that end. */
export const CRASH = {
  kind: 'exits',
  code: 1,
  lines: ['Traceback (most recent call last):', 'RuntimeError: CUDA driver version is insufficient'],
} as const;

/**
 * ECS goes back: by its circuit breaker in a rolling update, else because the command that counts failed tasks asks it
 * to.
 */
export const tasksFail =
  (...says: readonly string[]) =>
  (target: TargetEntry): Outcome => ({
    ...ECS_WENT_BACK,
    deploySays: [isRolling(target) ? 'circuit breaker' : 'tasks failed one after the other', ...says],
  });
