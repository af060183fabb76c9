import type { StageFault } from '../../../faults/fault';
import type { EcsEffect } from '../effects';
import { usesInstances } from '../update';
import { PIPELINE_WENT_BACK } from './outcomes';

/**
 * GPUs that are not there. Fargate finds a place for every task.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
 */
export const PLACEMENT_FAULTS: readonly StageFault<EcsEffect>[] = [
  {
    name: 'ecs:no-gpu-free',
    title: 'no GPU is free and EC2 has no more instances: tasks wait, and no breaker counts them',
    effects: [{ when: 'atStart', effect: { kind: 'noGpuFree' } }],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['tasks cannot be placed', 'GPU'] },
    happensTo: usesInstances,
  },
  {
    name: 'ecs:way-back-without-gpu',
    title: 'after the release other tasks take the GPUs, and the way back finds none',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'gpusLostAfterRelease' } }],
    outcome: {
      deploy: 'failure',
      rollback: 'failure',
      facts: { 'released image': 'new' },
      rollbackSays: ['GPU'],
      leftovers: [
        { contains: '0 of', because: 'nothing finds a place any more, and the job says so' },
        { contains: 'ROLLBACK_IN_PROGRESS', because: 'ECS goes on looking for a place' },
      ],
    },
    also: 'whereTheWayBackHasARole',
    happensTo: usesInstances,
  },
];
