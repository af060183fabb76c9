import type { Outcome, StageFault } from '../../../faults/fault';
import type { EcsEffect } from '../effects';
import { hasHook, hasVerification, shiftsInParts, shiftsTraffic } from '../update';
import { ECS_WENT_BACK, PIPELINE_WENT_BACK, SUCCEEDS } from './outcomes';

const HOOK_SAID_NO = { ...ECS_WENT_BACK, deploySays: ['the hook', 'test listener'] } satisfies Outcome;

/** The way back of a version that was released. */
const WAS_RELEASED = {
  ...PIPELINE_WENT_BACK,
  facts: { ...PIPELINE_WENT_BACK.facts, 'released revision': 'earlier', 'last deployment': 'SUCCESSFUL' },
  deploySays: ['answer through the load balancer'],
  rollbackSays: ['rolledBack'],
} satisfies Outcome;

/** Passes the checks of the container and of the load balancer, and answers clients so. */
const answering = (answers: { readonly status?: number; readonly seconds?: number }) =>
  ({ kind: 'newTasks', behaviour: { kind: 'healthy', answers } }) as const;

/**
 * What clients get, what alarms and hooks say of it, and who goes back.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export const TRAFFIC_FAULTS: readonly StageFault<EcsEffect>[] = [
  {
    name: 'cloudwatch:alarm',
    title: 'an alarm goes off while the deployment is watched',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'alarm', when: 'newTaskRuns' } }],
    outcome: { ...ECS_WENT_BACK, deploySays: ['alarm'] },
  },
  {
    name: 'ecs:test-traffic-fails',
    title:
      'the new tasks pass their checks and answer requests with 500; the hook finds out before clients do',
    effects: [{ when: 'atStart', effect: answering({ status: 500 }) }],
    outcome: HOOK_SAID_NO,
    happensTo: hasHook,
  },
  {
    name: 'ecs:test-traffic-slow',
    title: 'the new tasks need five seconds for each answer; the hook finds out before clients do',
    effects: [{ when: 'atStart', effect: answering({ seconds: 5 }) }],
    outcome: HOOK_SAID_NO,
    happensTo: hasHook,
  },
  {
    name: 'ecs:hook-crashes',
    title: 'the function that ECS asks about the new tasks ends with an error',
    effects: [{ when: 'atStart', effect: { kind: 'function', fault: 'crashes', asked: 'byEcs' } }],
    outcome: HOOK_SAID_NO,
    happensTo: hasHook,
  },
  {
    name: 'ecs:hook-times-out',
    title: 'the function that ECS asks about the new tasks does not answer in its time',
    effects: [{ when: 'atStart', effect: { kind: 'function', fault: 'hangs', asked: 'byEcs' } }],
    outcome: HOOK_SAID_NO,
    happensTo: hasHook,
  },
  {
    name: 'ecs:alarm-in-shift',
    title: 'an alarm goes off when a part of the clients is sent to the new tasks: all of them are led back',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'alarm', when: 'partOfTraffic' } }],
    outcome: { ...ECS_WENT_BACK, deploySays: ['alarm'] },
    happensTo: shiftsInParts,
  },
  {
    name: 'ecs:alarm-in-bake',
    title: 'an alarm goes off after all traffic has moved, while the earlier tasks still run',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'alarm', when: 'bake' } }],
    outcome: { ...ECS_WENT_BACK, deploySays: ['alarm'] },
    happensTo: shiftsTraffic,
  },
  {
    name: 'ecs:tasks-end-in-bake',
    title: 'all new tasks end in the bake, and so do those that take their place',
    effects: [{ when: { secondsIntoDeployment: 0 }, effect: { kind: 'newTasksEnd', when: 'bake' } }],
    outcome: { ...ECS_WENT_BACK, deploySays: ['tasks failed one after the other'] },
    happensTo: shiftsTraffic,
  },
  {
    name: 'ecs:slow-once',
    title: 'the new tasks answer their first requests late: asked again, they are in time',
    effects: [
      {
        when: 'atStart',
        effect: { kind: 'newTasks', behaviour: { kind: 'healthy', answers: { seconds: 5, warmAfter: 4 } } },
      },
    ],
    outcome: SUCCEEDS,
    happensTo: hasVerification,
  },
  {
    name: 'ecs:smoke-test-fails',
    title: 'the deployment ends well and is released, then the new tasks answer clients with 503',
    effects: [
      { when: { secondsIntoDeployment: 0 }, effect: { kind: 'badAnswersAfterRelease', status: 503 } },
    ],
    outcome: WAS_RELEASED,
    also: 'whereTheWayBackHasARole',
    happensTo: hasVerification,
  },
  {
    name: 'ecs:verification-crashes',
    title:
      'the function that asks the service ends with an error for the pipeline: what nobody saw answer is taken back',
    effects: [{ when: 'atStart', effect: { kind: 'function', fault: 'crashes', asked: 'byPipeline' } }],
    outcome: {
      deploy: 'failure',
      // The way back is taken, and nobody sees it answer either.
      rollback: 'failure',
      facts: { ...PIPELINE_WENT_BACK.facts, 'last deployment': 'SUCCESSFUL' },
      deploySays: ['answer through the load balancer', 'Runtime exited'],
      rollbackSays: ['answer through the load balancer'],
    },
    happensTo: hasVerification,
  },
];
