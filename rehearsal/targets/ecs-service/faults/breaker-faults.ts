import type { StageFault } from '../../../faults/fault';
import type { EcsEffect } from '../effects';
import { isRolling } from '../update';
import { CRASH, PIPELINE_WENT_BACK } from './outcomes';

/**
 * Circuit breakers that are not as declared. Only rolling updates have one.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export const BREAKER_FAULTS: readonly StageFault<EcsEffect>[] = [
  {
    name: 'ecs:breaker-off',
    title: 'each new task ends, and no circuit breaker is on: the command gives up by itself',
    effects: [
      { when: 'atStart', effect: { kind: 'breaker', enable: false, rollback: false } },
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: CRASH } },
    ],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['exit code 1'] },
    happensTo: isRolling,
  },
  {
    name: 'ecs:breaker-without-rollback',
    title: 'the circuit breaker stops the deployment and leaves it there',
    effects: [
      { when: 'atStart', effect: { kind: 'breaker', enable: true, rollback: false } },
      { when: 'atStart', effect: { kind: 'newTasks', behaviour: CRASH } },
    ],
    outcome: { ...PIPELINE_WENT_BACK, deploySays: ['exit code 1'] },
    happensTo: isRolling,
  },
];
