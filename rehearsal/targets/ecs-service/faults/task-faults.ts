import type { StageFault } from '../../../faults/fault';
import type { EcsEffect } from '../effects';
import { CRASH, ECS_WENT_BACK, SUCCEEDS, tasksFail } from './outcomes';

/**
 * Tasks that do not start, or do not last.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export const TASK_FAULTS: readonly StageFault<EcsEffect>[] = [
  {
    name: 'ecs:task-exits',
    title: 'each new task ends with exit code 1, until there were too many',
    effects: [{ when: 'atStart', effect: { kind: 'newTasks', behaviour: CRASH } }],
    outcome: tasksFail('exit code 1', 'CUDA driver version is insufficient'),
    also: 'everywhere',
  },
  {
    name: 'ecs:out-of-memory',
    title: 'each new task is killed for want of memory',
    effects: [
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: { kind: 'outOfMemory', after: 5 } } },
    ],
    outcome: tasksFail('OutOfMemory'),
  },
  {
    name: 'ecs:health-check-fails',
    title: 'the new tasks run, but their health check fails',
    effects: [
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: { kind: 'unhealthy', check: 'container' } } },
    ],
    outcome: { ...ECS_WENT_BACK, deploySays: ['health'] },
  },
  {
    name: 'ecs:load-balancer-check-fails',
    title: 'the new tasks never answer the load balancer',
    effects: [
      {
        when: 'atStart',
        effect: { kind: 'newTasks', behaviour: { kind: 'unhealthy', check: 'loadBalancer' } },
      },
    ],
    outcome: { ...ECS_WENT_BACK, deploySays: ['health'] },
  },
  {
    name: 'ecs:slow-start',
    title: 'the new tasks need four minutes to load the model',
    effects: [
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: { kind: 'healthy', startsAfter: 240 } } },
    ],
    outcome: SUCCEEDS,
  },
  {
    name: 'ecs:never-starts',
    title: 'the new tasks pull their image for ever; nothing fails, nothing ends',
    effects: [{ when: 'atStart', effect: { kind: 'newTasks', behaviour: { kind: 'pullsForEver' } } }],
    // The command undoes what it gives up, so that the way back finds it done.
    outcome: { ...ECS_WENT_BACK, deploySays: ['ECS has restored the earlier version'] },
    also: 'everywhere',
  },
  {
    name: 'ecs:image-missing',
    title: 'the image is deleted from the registry before its tasks pull it',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'imageDeleted' } }],
    outcome: { ...ECS_WENT_BACK, deploySays: ['CannotPullContainerError'] },
  },
];
