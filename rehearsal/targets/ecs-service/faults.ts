import type { Outcome, StageFault } from '../../faults/fault';
import type { EcsEffect } from './effects';

/** The deployment fails, ECS goes back by itself, and the rollback job finds nothing left to do. */
const ECS_WENT_BACK = {
  deploy: 'failure',
  rollback: 'success',
  facts: { runs: 'earlier', 'released image': 'earlier', 'last deployment': 'ROLLBACK_SUCCESSFUL' },
  rollbackSays: ['alreadyRolledBack'],
} satisfies Outcome;

/** The deployment fails, and the rollback job goes back. */
const PIPELINE_WENT_BACK = {
  deploy: 'failure',
  rollback: 'success',
  facts: { runs: 'earlier', 'released image': 'earlier' },
} satisfies Outcome;

const SUCCEEDS = {
  deploy: 'success',
  rollback: 'skipped',
  facts: { runs: 'new', 'released image': 'new', 'last deployment': 'SUCCESSFUL' },
} satisfies Outcome;

const CRASH = {
  kind: 'exits',
  code: 1,
  lines: ['Traceback (most recent call last):', 'RuntimeError: CUDA driver version is insufficient'],
} as const;

/**
 * What goes wrong with services of ECS, in the words of its documentation.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
 */
export const ECS_FAULTS: readonly StageFault<EcsEffect>[] = [
  {
    name: 'ecs:task-exits',
    title: 'each new task ends with exit code 1; the circuit breaker goes back first',
    effects: [{ when: 'atStart', effect: { kind: 'newTasks', behaviour: CRASH } }],
    outcome: {
      ...ECS_WENT_BACK,
      deploySays: ['circuit breaker', 'exit code 1', 'CUDA driver version is insufficient'],
    },
    also: 'everywhere',
  },
  {
    name: 'ecs:out-of-memory',
    title: 'each new task is killed for want of memory',
    effects: [
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: { kind: 'outOfMemory', after: 20 } } },
    ],
    outcome: { ...ECS_WENT_BACK, deploySays: ['OutOfMemory'] },
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
    name: 'ecs:no-gpu-free',
    title: 'no GPU is free and EC2 has no more instances: tasks wait, and no breaker counts them',
    effects: [{ when: 'atStart', effect: { kind: 'noGpuFree' } }],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['tasks cannot be placed', 'GPU'] },
  },
  {
    name: 'ecs:image-missing',
    title: 'the image is deleted from the registry before its tasks pull it',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'imageDeleted' } }],
    outcome: { ...ECS_WENT_BACK, deploySays: ['CannotPullContainerError'] },
  },
  {
    name: 'ecs:breaker-off',
    title: 'each new task ends, and no circuit breaker is on: the command gives up by itself',
    effects: [
      { when: 'atStart', effect: { kind: 'breaker', enable: false, rollback: false } },
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: CRASH } },
    ],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['exit code 1'] },
  },
  {
    name: 'ecs:breaker-without-rollback',
    title: 'the circuit breaker stops the deployment and leaves it there',
    effects: [
      { when: 'atStart', effect: { kind: 'breaker', enable: true, rollback: false } },
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: CRASH } },
    ],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['exit code 1'] },
  },
  {
    name: 'cloudwatch:alarm',
    title: 'an alarm goes off while the deployment is watched',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'alarm' } }],
    outcome: { ...ECS_WENT_BACK, deploySays: ['alarm'] },
  },
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
  {
    name: 'ecs:foreign-deployment',
    title: 'somebody deploys another image while the deployment runs',
    effects: [{ when: { secondsIntoDeployment: 20 }, effect: { kind: 'foreignDeployment' } }],
    outcome: {
      deploy: 'failure',
      rollback: 'success',
      facts: { runs: 'earlier', 'released image': 'earlier', 'last deployment': 'IN_PROGRESS' },
      rollbackSays: ['leftToOther'],
      leftovers: [{ contains: 'IN_PROGRESS', because: 'the deployment of somebody else goes on' }],
    },
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
      leftovers: [{ contains: 'IN_PROGRESS', because: 'the deployment of somebody else goes on' }],
    },
  },
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
    outcome: {
      deploy: 'failure',
      rollback: 'failure',
      facts: { 'released image': 'new' },
      rollbackSays: ['going back failed', 'CUDA driver version is insufficient'],
      leftovers: [{ contains: '0 of', because: 'nothing starts any more, and the job says so' }],
    },
    also: 'whereTheWayBackHasARole',
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
