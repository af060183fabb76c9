import type { Fault } from '../../../contract';
import { ecsServiceFaults } from '../ecs-service/rules';
import { outside } from '../faults';
import { gpuCheckFaults } from '../gpu-check/rules';
import type { Surroundings } from '../kind';
import { capacityFaults } from './capacity-faults';
import type { GpuService } from './gpu-service';
import { sleepFaults } from './sleep-faults';

/** What is asked of a service on GPUs besides what is asked of every workload. */
export function gpuServiceFaults(service: GpuService, place: string, surroundings: Surroundings): Fault[] {
  const { rollout, gpuCheck } = service;
  return [
    ...ecsServiceFaults(service, place),
    ...outside(
      rollout.placementTimeoutMinutes,
      1,
      rollout.timeoutMinutes - 1,
      `${place}.rollout.placementTimeout`,
      'minutes',
    ),
    ...service.environments.flatMap((environment, index) => {
      const at = `${place}.environments[${index}]`;
      return [...capacityFaults(service, environment, at, place), ...sleepFaults(environment, at)];
    }),
    ...(gpuCheck ? gpuCheckFaults(gpuCheck, `${place}.gpuCheck`, surroundings) : []),
  ];
}
