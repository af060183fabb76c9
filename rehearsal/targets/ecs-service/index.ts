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
  underWay: [
    { contains: 'IN_PROGRESS', because: 'the deployment goes on at AWS; the next run takes it up' },
    { contains: 'tasks run', because: 'its tasks are being replaced' },
  ],
  firstReleaseUndone: [
    {
      contains: 'ROLLBACK_IN_PROGRESS',
      because: 'AWS is still going back to what was there before: nothing',
    },
    { contains: 'of 0 tasks run', because: 'what AWS started to go back with is being stopped' },
  ],
  deployForeign: (scene) => applyEffect({ kind: 'foreignDeployment' }, scene),
};
