import { judgeUpdate } from '../../../constructs/ecs-service';
import {
  GPU_INSTANCE_TYPES,
  type GpuInstanceType,
  RESERVED_MEMORY_MIB,
  tasksPerInstance,
} from '../../../constructs/gpu-cluster';
import type { Fault } from '../../../contract';
import { stepFaults } from '../ecs-service/step-faults';
import type { GpuService, GpuServiceEnvironment } from './gpu-service';
import { instanceTypeOf } from './instance-type';

/** Instances, as many as the form admits where somebody writes them. */
const MOST_INSTANCES = 100;

/**
 * Whether the tasks find their GPUs, during a deployment too.
 *
 * @param workload place of the workload
 */
export function capacityFaults(
  service: GpuService,
  environment: GpuServiceEnvironment,
  place: string,
  workload: string,
): Fault[] {
  const faults = instanceFaults(environment, `${place}.instances`);
  const type = instanceTypeOf(environment.instanceType);
  if (!type) return [...faults, unknownType(environment, `${place}.instanceType`)];
  const fit = tasksPerInstance(type, service.container);
  if (fit.tasks < 1)
    return [...faults, tooSmall(service, environment, { type, ...fit }, `${place}.instanceType`)];
  return [...faults, ...updateFaults(service, environment, fit.tasks, { place, workload })];
}

function instanceFaults({ instances: { min, max }, tasks }: GpuServiceEnvironment, place: string): Fault[] {
  if (max > MOST_INSTANCES)
    return [
      {
        place: `${place}.max`,
        value: `${max}, which a deployment of ${tasks.max} tasks needs`,
        allowed: `at most ${MOST_INSTANCES} instances`,
        change: 'choose a larger instance type, or lower tasks.max',
      },
    ];
  if (min <= max) return [];
  return [
    {
      place,
      value: `min ${min}, max ${max}`,
      allowed: 'min at most max',
      change: 'raise max or lower min',
    },
  ];
}

const unknownType = ({ instanceType }: GpuServiceEnvironment, place: string): Fault => ({
  place,
  value: `"${instanceType}"`,
  allowed: `a type with GPUs: ${Object.keys(GPU_INSTANCE_TYPES).join(', ')}`,
  change: 'choose a type with GPUs; `g4dn.xlarge` has one NVIDIA T4',
});

function tooSmall(
  { container }: GpuService,
  { instanceType }: GpuServiceEnvironment,
  { type, limitedBy }: { readonly type: GpuInstanceType } & ReturnType<typeof tasksPerInstance>,
  place: string,
): Fault {
  const has = {
    GPUs: type.gpus,
    CPU: type.vcpus * 1024,
    memory: type.memoryGib * 1024 - RESERVED_MEMORY_MIB,
  };
  const wants = { GPUs: container.gpus, CPU: container.cpu, memory: container.memoryMib };
  const unit = { GPUs: 'GPUs', CPU: 'CPU units', memory: 'MiB of memory' }[limitedBy];
  return {
    place,
    value: `${instanceType} for tasks of ${wants[limitedBy]} ${unit}`,
    allowed: `at most ${has[limitedBy]} ${unit} for each task on this type`,
    change: `choose a larger type, or lower the ${unit} of the container`,
  };
}

/** The largest number of tasks that autoscaling may choose is the hardest to find room for. */
function updateFaults(
  { rollout }: GpuService,
  environment: GpuServiceEnvironment,
  tasksOnInstance: number,
  { place, workload }: { readonly place: string; readonly workload: string },
): Fault[] {
  const { instances, strategy, tasks } = environment;
  const { minimumHealthyPercent, maximumPercent } = rollout;
  const verdict = judgeUpdate({
    strategy,
    minimumHealthyPercent,
    maximumPercent,
    tasks: tasks.max,
    maxInstances: instances.max,
    tasksPerInstance: tasksOnInstance,
  });
  if (verdict.fits) return stepFaults(environment, rollout, place);
  const fields = {
    maxInstances: `${place}.instances.max to at least`,
    tasks: `${place}.tasks.max to at most`,
    minimumHealthyPercent: `${workload}.rollout.minimumHealthyPercent to at most`,
  };
  return [
    {
      place,
      value: verdict.explanation,
      allowed:
        strategy === 'rolling'
          ? 'room for a rolling update to replace one task'
          : `room for both versions at full size, as ${strategy} needs it`,
      change:
        verdict.changes.map(({ field, to }) => `set ${fields[field]} ${to}`).join(', or ') ||
        `set ${workload}.rollout.maximumPercent to 200 and ${place}.instances.max to at least ${tasks.max + 1}`,
    },
  ];
}
