import type { TargetEntry } from '../../../contract';
import type { Effect, Outcome, StageFault } from '../../faults/fault';
import type { K3sEffect } from './effects';
import { specOf } from './view';

/** What runs and is recorded after a way back, whoever went it. */
export const EARLIER = {
  runs: 'earlier',
  pods: 'all ready',
  'stateful sets not ready': '0',
  'pods without traffic': '0',
  'traffic without pods': 'none',
  'released image': 'earlier',
  'node remembers': 'a recorded release',
} as const;

/** The deployment fails on the node, and the rollback job leads back what it has changed. */
export const PIPELINE_WENT_BACK = {
  deploy: 'failure',
  rollback: 'success',
  facts: EARLIER,
  rollbackSays: ['rolledBack'],
} satisfies Outcome;

/** The command undoes by itself what it has found bad, so that the rollback job finds it done. */
export const COMMAND_WENT_BACK = {
  deploy: 'failure',
  rollback: 'success',
  facts: EARLIER,
  rollbackSays: ['alreadyRolledBack'],
} satisfies Outcome;

/** Nothing was changed, perhaps because the node takes no command at all: the way back finds nothing to undo. */
export const NOTHING_STARTED = {
  deploy: 'failure',
  rollback: 'success',
  facts: EARLIER,
  rollbackSays: ['nothingToDo'],
} satisfies Outcome;

export const SUCCEEDS = {
  deploy: 'success',
  rollback: 'skipped',
  facts: { ...EARLIER, runs: 'new', 'released image': 'new' },
} satisfies Outcome;

export const CRASH = { kind: 'crashes', code: 1, after: 2 } as const;

export const strategyOf = (target: TargetEntry) => specOf(target).strategy.kind;

export const isCanary = (target: TargetEntry): boolean => strategyOf(target) === 'canary';

export const pollDenied = (by: 'deploy' | 'rollback'): Effect => ({
  kind: 'disturb',
  action: 'ssm:GetCommandInvocation',
  disturbance: 'denied',
  by,
});

export const atStart = (...effects: readonly (K3sEffect | Effect)[]): StageFault<K3sEffect>['effects'] =>
  effects.map((effect) => ({ when: 'atStart', effect }));
