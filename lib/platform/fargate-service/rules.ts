import type { Fault } from '../../../contract';
import { ecsServiceFaults } from '../ecs-service/rules';
import { stepFaults } from '../ecs-service/step-faults';
import type { FargateService } from './fargate-service';
import { isTaskSize, nearestTaskSizes, type TaskSize } from './task-size';

/** What is asked of a service on Fargate besides what is asked of every workload. */
export function fargateServiceFaults(service: FargateService, place: string): Fault[] {
  return [
    ...ecsServiceFaults(service, place),
    ...sizeFaults(service.container, `${place}.container`),
    ...service.environments.flatMap((environment, index) =>
      stepFaults(environment, service.rollout, `${place}.environments[${index}]`),
    ),
  ];
}

function sizeFaults(container: TaskSize, place: string): Fault[] {
  if (isTaskSize(container)) return [];
  const nearest = nearestTaskSizes(container);
  return [
    {
      place,
      value: `cpu ${container.cpu} with ${container.memoryMib} MiB of memory`,
      allowed: `a size that Fargate offers; the nearest: ${nearest.map(({ cpu, memoryMib }) => `cpu ${cpu} with ${memoryMib} MiB`).join(', ')}`,
      change: `write ${nearest.map(written).join(', or ')}`,
    },
  ];
}

const written = ({ cpu, memoryMib }: TaskSize): string =>
  `cpu: ${cpu} and memory: ${memoryMib % 1024 === 0 ? `Size.gibibytes(${memoryMib / 1024})` : `Size.mebibytes(${memoryMib})`}`;
