import { judgeRollingUpdate } from '../../../constructs/ecs-service';
import { GPU_INSTANCE_TYPES, RESERVED_MEMORY_MIB, tasksPerInstance } from '../../../constructs/gpu-cluster';
import type { Fault } from '../../../contract';
import { outside } from '../faults';
import { logRetentionFaults } from '../log-retention';
import type { GpuService, GpuServiceEnvironment } from './gpu-service';

/** What is asked of a service on GPUs besides what is asked of every workload. */
export function gpuServiceFaults(service: GpuService, place: string): Fault[] {
  return [
    ...healthFaults(service, place),
    ...durationFaults(service, place),
    ...service.environments.flatMap((environment, index) => [
      ...loadBalancerFaults(environment, `${place}.environments[${index}].loadBalancer`),
      ...capacityFaults(service, environment, `${place}.environments[${index}]`, place),
    ]),
  ];
}

function healthFaults({ container }: GpuService, place: string): Fault[] {
  const { intervalSeconds, timeoutSeconds, startPeriodSeconds } = container.health;
  const at = `${place}.container.health`;
  return [
    ...outside(intervalSeconds, 5, 300, `${at}.interval`, 'seconds'),
    ...outside(timeoutSeconds, 2, 60, `${at}.timeout`, 'seconds'),
    ...outside(startPeriodSeconds, 0, 300, `${at}.startPeriod`, 'seconds'),
    ...(timeoutSeconds < intervalSeconds
      ? []
      : [
          {
            place: `${at}.timeout`,
            value: `${timeoutSeconds} seconds`,
            allowed: `less than the interval of ${intervalSeconds} seconds`,
            change: 'shorten the timeout or lengthen the interval',
          },
        ]),
  ];
}

function durationFaults({ rollout, logRetentionDays }: GpuService, place: string): Fault[] {
  return [
    ...outside(
      rollout.placementTimeoutMinutes,
      1,
      rollout.timeoutMinutes - 1,
      `${place}.rollout.placementTimeout`,
      'minutes',
    ),
    ...logRetentionFaults(logRetentionDays, place),
  ];
}

function loadBalancerFaults({ loadBalancer }: GpuServiceEnvironment, place: string): Fault[] {
  if (loadBalancer.scheme === 'internal' || loadBalancer.certificateArn !== undefined) return [];
  return [
    {
      place,
      value: 'an internet-facing load balancer without certificate',
      allowed: 'HTTPS only, once the internet can reach it',
      change: 'add certificateArn, or make the scheme internal',
    },
  ];
}

function capacityFaults(
  { container, rollout }: GpuService,
  environment: GpuServiceEnvironment,
  place: string,
  workload: string,
): Fault[] {
  const { instances, tasks } = environment;
  const faults: Fault[] = [];
  if (instances.min > instances.max) {
    faults.push({
      place: `${place}.instances`,
      value: `min ${instances.min}, max ${instances.max}`,
      allowed: 'min at most max',
      change: 'raise max or lower min',
    });
  }
  if (tasks.min > tasks.desired || tasks.desired > tasks.max) {
    faults.push({
      place: `${place}.tasks`,
      value: `min ${tasks.min}, desired ${tasks.desired}, max ${tasks.max}`,
      allowed: 'min at most desired, desired at most max',
      change: 'order the three numbers',
    });
  }
  const type = Object.hasOwn(GPU_INSTANCE_TYPES, environment.instanceType)
    ? GPU_INSTANCE_TYPES[environment.instanceType]
    : undefined;
  if (!type) {
    return [
      ...faults,
      {
        place: `${place}.instanceType`,
        value: `"${environment.instanceType}"`,
        allowed: `a type with GPUs: ${Object.keys(GPU_INSTANCE_TYPES).join(', ')}`,
        change: 'choose a type with GPUs; `g4dn.xlarge` has one NVIDIA T4',
      },
    ];
  }
  const fit = tasksPerInstance(type, container);
  if (fit.tasks < 1) {
    const has = {
      GPUs: type.gpus,
      CPU: type.vcpus * 1024,
      memory: type.memoryGib * 1024 - RESERVED_MEMORY_MIB,
    };
    const wants = { GPUs: container.gpus, CPU: container.cpu, memory: container.memoryMib };
    const unit = { GPUs: 'GPUs', CPU: 'CPU units', memory: 'MiB of memory' }[fit.limitedBy];
    return [
      ...faults,
      {
        place: `${place}.instanceType`,
        value: `${environment.instanceType} for tasks of ${wants[fit.limitedBy]} ${unit}`,
        allowed: `at most ${has[fit.limitedBy]} ${unit} for each task on this type`,
        change: `choose a larger type, or lower the ${unit} of the container`,
      },
    ];
  }
  // The largest number of tasks that autoscaling may choose is the hardest to update.
  const verdict = judgeRollingUpdate({
    ...rollout,
    tasks: tasks.max,
    maxInstances: instances.max,
    tasksPerInstance: fit.tasks,
  });
  if (!verdict.fits) {
    const fields = {
      maxInstances: `${place}.instances.max to at least`,
      tasks: `${place}.tasks.max to at most`,
      minimumHealthyPercent: `${workload}.rollout.minimumHealthyPercent to at most`,
    };
    faults.push({
      place,
      value: verdict.explanation,
      allowed: 'room for a rolling update to replace one task',
      change:
        verdict.changes.map(({ field, to }) => `set ${fields[field]} ${to}`).join(', or ') ||
        `set ${workload}.rollout.maximumPercent to 200 and ${place}.instances.max to at least ${tasks.max + 1}`,
    });
  }
  return faults;
}
