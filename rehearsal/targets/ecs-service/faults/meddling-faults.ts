import type { StageFault } from '../../../faults/fault';
import type { EcsEffect } from '../effects';
import { usesInstances } from '../update';
import { ECS_WENT_BACK } from './outcomes';

const GOES_ON = { contains: 'IN_PROGRESS', because: 'the deployment of somebody else goes on' };
const REPLACES = { contains: 'tasks run', because: "somebody else's tasks take the place of others" };

/** Somebody else does something at the same time. */
export const MEDDLING_FAULTS: readonly StageFault<EcsEffect>[] = [
  {
    name: 'ecs:foreign-deployment',
    title: 'somebody deploys another image while the deployment runs',
    effects: [{ when: { secondsIntoDeployment: 20 }, effect: { kind: 'foreignDeployment' } }],
    outcome: (target) => ({
      deploy: 'failure',
      rollback: 'success',
      facts: {
        // On Fargate the tasks of somebody else run within seconds; instances take minutes.
        ...(usesInstances(target) && { runs: 'earlier' }),
        'released image': 'earlier',
        'last deployment': 'IN_PROGRESS',
      },
      rollbackSays: ['leftToOther'],
      leftovers: usesInstances(target) ? [GOES_ON] : [GOES_ON, REPLACES],
    }),
  },
  {
    name: 'ecs:foreign-before-denied',
    title:
      'somebody else deploys, and the role does not let the job in: what it did not start, nobody undoes',
    effects: [
      { when: 'atStart', effect: { kind: 'foreignDeployment' } },
      {
        when: 'atStart',
        effect: {
          kind: 'disturb',
          action: 'sts:AssumeRoleWithWebIdentity',
          disturbance: 'denied',
          by: 'deploy',
        },
      },
    ],
    outcome: {
      deploy: 'failure',
      rollback: 'success',
      facts: { 'released image': 'earlier', 'last deployment': 'IN_PROGRESS' },
      rollbackSays: ['nothingToDo'],
      leftovers: [GOES_ON],
    },
  },
  {
    name: 'ecs:stopped-by-somebody',
    title: 'somebody stops the deployment in the console when the new version serves its first clients',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'stoppedBySomebody' } }],
    outcome: { ...ECS_WENT_BACK, deploySays: ['stopped'] },
  },
];
