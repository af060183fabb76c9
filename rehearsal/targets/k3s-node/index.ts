import type { TargetRehearsal } from '../target-rehearsal';
import { applyEffect } from './apply';
import type { K3sEffect } from './effects';
import { atRest, facts, versions } from './facts';
import { COMMAND_FAULTS } from './command-faults';
import { POD_FAULTS } from './pod-faults';

/** A node with K3s in a rehearsal. */
export const k3sNode: TargetRehearsal<K3sEffect> = {
  kind: 'k3s-node',
  startedBy: 'ssm:SendCommand',
  faults: [...POD_FAULTS, ...COMMAND_FAULTS],
  apply: applyEffect,
  facts,
  atRest,
  versions,
  underWay: [],
  firstReleaseUndone: [],
  deployForeign: (scene) => applyEffect({ kind: 'foreignVersion' }, scene),
};
