import type { StageFault } from '../../../faults/fault';
import type { EcsEffect } from '../effects';
import { PIPELINE_WENT_BACK, SUCCEEDS } from './outcomes';

/** Calls of the pipeline that go wrong where ECS makes a difference. */
export const CALL_FAULTS: readonly StageFault<EcsEffect>[] = [
  {
    name: 'ecs:update-reset',
    title: 'the connection breaks right after ECS took the update: nobody knows whether it did',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'disturb',
          action: 'ecs:UpdateService',
          disturbance: 'reset',
          by: 'deploy',
          times: 1,
        },
      },
    ],
    outcome: SUCCEEDS,
  },
  {
    name: 'ecs:update-denied',
    title: 'the role may not update the service',
    effects: [
      {
        when: 'atStart',
        effect: { kind: 'disturb', action: 'ecs:UpdateService', disturbance: 'denied', by: 'deploy' },
      },
    ],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['ecs:UpdateService'] },
  },
  {
    name: 'sts:session-expires',
    title: 'the session ends while the deployment is waited for',
    effects: [
      {
        when: { secondsIntoDeployment: 30 },
        effect: { kind: 'disturb', action: '*', disturbance: 'expired', by: 'deploy' },
      },
    ],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['session'] },
  },
  {
    name: 'ecs:eventual-consistency',
    title: 'ECS lists the new deployment only half a minute later',
    effects: [{ when: 'atStart', effect: { kind: 'listedAfter', seconds: 30 } }],
    outcome: SUCCEEDS,
  },
];
