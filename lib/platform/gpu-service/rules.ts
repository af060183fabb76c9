import type { Fault } from '../../../contract';
import { ecsServiceFaults } from '../ecs-service/rules';
import { outside } from '../faults';
import { capacityFaults } from './capacity-faults';
import type { GpuService } from './gpu-service';

/** What is asked of a service on GPUs besides what is asked of every workload. */
export function gpuServiceFaults(service: GpuService, place: string): Fault[] {
  const { rollout } = service;
  return [
    ...ecsServiceFaults(service, place),
    ...outside(
      rollout.placementTimeoutMinutes,
      1,
      rollout.timeoutMinutes - 1,
      `${place}.rollout.placementTimeout`,
      'minutes',
    ),
    ...service.environments.flatMap((environment, index) =>
      capacityFaults(service, environment, `${place}.environments[${index}]`, place),
    ),
  ];
}
