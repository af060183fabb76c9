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
import { fewestPlaces, instanceTypeOf } from './instance-type';
import { purchaseFaults } from './purchase-faults';

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
  const faults = [
    ...instanceFaults(environment, `${place}.instances`),
    ...purchaseFaults(environment, place),
    ...typeFaults(service, environment.instanceTypes, place),
  ];
  const fewest = fewestPlaces(environment.instanceTypes, service.container);
  if (!fewest || fewest.tasks < 1) return faults;
  return [...faults, ...updateFaults(service, environment, fewest, { place, workload })];
}

/** What is wrong with each type: none may be one on which a task finds no place. */
function typeFaults(service: GpuService, names: readonly string[], place: string): Fault[] {
  return names.flatMap((name, index) => {
    const at = names.length === 1 ? `${place}.instanceType` : `${place}.instanceTypes[${index}]`;
    const first = names.indexOf(name);
    if (first < index) return [namedTwice(name, at, `${place}.instanceTypes[${first}]`)];
    const type = instanceTypeOf(name);
    if (!type) return [unknownType(name, at)];
    const fit = tasksPerInstance(type, service.container);
    return fit.tasks < 1 ? [tooSmall(service, name, { type, ...fit }, at)] : [];
  });
}

const namedTwice = (name: string, place: string, first: string): Fault => ({
  place,
  value: `"${name}", which ${first} names already`,
  allowed: 'each type once',
  change: 'leave it out',
});

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

const unknownType = (name: string, place: string): Fault => ({
  place,
  value: `"${name}"`,
  allowed: `a type with GPUs: ${Object.keys(GPU_INSTANCE_TYPES).join(', ')}`,
  change: 'choose a type with GPUs; `g4dn.xlarge` has one NVIDIA T4',
});

function tooSmall(
  { container }: GpuService,
  instanceType: string,
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
  fewest: { readonly name: string; readonly tasks: number },
  { place, workload }: { readonly place: string; readonly workload: string },
): Fault[] {
  const { instances, instanceTypes, strategy, tasks } = environment;
  const { minimumHealthyPercent, maximumPercent } = rollout;
  const verdict = judgeUpdate({
    strategy,
    minimumHealthyPercent,
    maximumPercent,
    tasks: tasks.max,
    maxInstances: instances.max,
    tasksPerInstance: fewest.tasks,
    ...(instanceTypes.length > 1 && { smallestType: fewest.name }),
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
