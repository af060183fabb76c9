import type { StageFault } from '../../../faults/fault';
import type { EcsEffect } from '../effects';
import { shiftsTraffic } from '../update';
import { CRASH, PIPELINE_WENT_BACK } from './outcomes';

/** What goes wrong after the release, or on the way back. */
export const WAY_BACK_FAULTS: readonly StageFault<EcsEffect>[] = [
  {
    name: 'ecs:way-back-denied',
    title: 'each new task ends, and the role of the way back does not let the job in; ECS goes back alone',
    effects: [
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: CRASH } },
      {
        when: 'atStart',
        effect: {
          kind: 'disturb',
          action: 'sts:AssumeRoleWithWebIdentity',
          disturbance: 'denied',
          by: 'rollback',
        },
      },
    ],
    outcome: {
      deploy: 'failure',
      rollback: 'failure',
      facts: {
        runs: 'earlier',
        'released image': 'earlier',
        'released revision': 'earlier',
        'last deployment': 'ROLLBACK_SUCCESSFUL',
      },
    },
  },
  {
    name: 'ecs:crashes-after-release',
    title: 'the deployment succeeds and is recorded, then every new task ends',
    effects: [
      { when: { secondsIntoDeployment: 0 }, effect: { kind: 'crashAfterRelease', lines: CRASH.lines } },
    ],
    outcome: {
      ...PIPELINE_WENT_BACK,
      facts: { ...PIPELINE_WENT_BACK.facts, 'released revision': 'earlier', 'last deployment': 'SUCCESSFUL' },
      rollbackSays: ['rolledBack'],
    },
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'ecs:way-back-crashes',
    title: 'after the release no task starts any more, not even those of the earlier version',
    effects: [
      {
        when: { secondsIntoDeployment: 0 },
        effect: { kind: 'nothingStartsAfterRelease', lines: CRASH.lines },
      },
    ],
    outcome: (target) => ({
      deploy: 'failure',
      rollback: 'failure',
      facts: { 'released image': 'new' },
      rollbackSays: ['going back failed', 'CUDA driver version is insufficient'],
      leftovers: [
        { contains: '0 of', because: 'nothing starts any more, and the job says so' },
        ...(shiftsTraffic(target)
          ? [{ contains: 'ROLLBACK_IN_PROGRESS', because: 'ECS goes on starting what ran before' }]
          : []),
      ],
    }),
    also: 'whereTheWayBackHasARole',
  },
  {
    name: 'ecs:rollback-target-gone',
    title: 'the new tasks end after the release, and somebody has deregistered every earlier revision',
    effects: [
      { when: { secondsIntoDeployment: 0 }, effect: { kind: 'crashAfterRelease', lines: CRASH.lines } },
      { when: { secondsIntoDeployment: 20 }, effect: { kind: 'earlierDeregistered' } },
    ],
    outcome: {
      deploy: 'failure',
      rollback: 'failure',
      facts: { 'released image': 'new' },
      rollbackSays: ['NoStableVersion'],
      leftovers: [{ contains: 'tasks run', because: 'its tasks end, and nothing is there to go back to' }],
    },
  },
];
