import type { StageFault } from '../../../faults/fault';
import type { EcsEffect } from '../effects';
import { isOnSpot, sleeps } from '../update';
import { CRASH, ECS_WENT_BACK, PIPELINE_WENT_BACK, SUCCEEDS, tasksFail } from './outcomes';

/**
 * Instances that AWS takes away, and tasks that the clock does.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-spot.html
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
 */
export const CAPACITY_FAULTS: readonly StageFault<EcsEffect>[] = [
  {
    name: 'ecs:spot-interrupted',
    title: 'AWS takes the Spot Instance of the new task away: ECS starts another task elsewhere',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'spotTaken', others: true } }],
    outcome: { ...SUCCEEDS, deployLogs: ['took the Spot Instance of task'] },
    also: 'everywhere',
    happensTo: isOnSpot,
  },
  {
    name: 'ecs:spot-gone',
    title: 'AWS takes the Spot Instance of the new task away and has no other: the earlier version goes on',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'spotTaken', others: false } }],
    outcome: {
      ...PIPELINE_WENT_BACK,
      facts: { ...PIPELINE_WENT_BACK.facts, 'last deployment': ECS_WENT_BACK.facts['last deployment'] },
      deploySays: ['tasks cannot be placed', 'Spot Instance'],
    },
    also: 'everywhere',
    happensTo: isOnSpot,
  },
  {
    name: 'ecs:asleep',
    title: 'the service sleeps when the deployment begins: it is woken, and seen to run',
    effects: [{ when: 'atStart', effect: { kind: 'asleep' } }],
    outcome: { ...SUCCEEDS, deployLogs: ['it is woken with'] },
    also: 'everywhere',
    happensTo: sleeps,
  },
  {
    name: 'ecs:asleep-task-exits',
    title: 'the service sleeps, is woken, and each new task ends: the earlier version is awake in its place',
    effects: [
      { when: 'atStart', effect: { kind: 'asleep' } },
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: CRASH } },
    ],
    outcome: tasksFail('exit code 1'),
    also: 'everywhere',
    happensTo: sleeps,
  },
];
