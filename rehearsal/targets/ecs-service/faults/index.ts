import type { StageFault } from '../../../faults/fault';
import type { EcsEffect } from '../effects';
import { BREAKER_FAULTS } from './breaker-faults';
import { CALL_FAULTS } from './call-faults';
import { CAPACITY_FAULTS } from './capacity-faults';
import { MEDDLING_FAULTS } from './meddling-faults';
import { PLACEMENT_FAULTS } from './placement-faults';
import { TASK_FAULTS } from './task-faults';
import { TRAFFIC_FAULTS } from './traffic-faults';
import { WAY_BACK_FAULTS } from './way-back-faults';

/** What goes wrong with services of ECS, in the words of its documentation. */
export const ECS_FAULTS: readonly StageFault<EcsEffect>[] = [
  ...TASK_FAULTS,
  ...PLACEMENT_FAULTS,
  ...CAPACITY_FAULTS,
  ...BREAKER_FAULTS,
  ...TRAFFIC_FAULTS,
  ...CALL_FAULTS,
  ...MEDDLING_FAULTS,
  ...WAY_BACK_FAULTS,
];
