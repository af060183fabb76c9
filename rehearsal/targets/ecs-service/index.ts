import type { TargetRehearsal } from '../target-rehearsal';
import { applyEffect } from './apply';
import type { EcsEffect } from './effects';
import { atRest, facts, versions } from './facts';
import { ECS_FAULTS } from './faults';

/** A service of ECS in a rehearsal. */
export const ecsService: TargetRehearsal<EcsEffect> = {
  kind: 'ecs-service',
  startedBy: 'ecs:UpdateService',
  faults: ECS_FAULTS,
  apply: applyEffect,
  facts,
  atRest,
  versions,
};
