import { GPU_INSTANCE_TYPES, type GpuInstanceType, tasksPerInstance } from '../../../constructs/gpu-cluster';
import type { GpuService } from './gpu-service';

/** What a type of instance offers; none where it has no GPUs, or is no type at all. */
export const instanceTypeOf = (name: string): GpuInstanceType | undefined =>
  Object.hasOwn(GPU_INSTANCE_TYPES, name) ? GPU_INSTANCE_TYPES[name] : undefined;

/**
 * The type that takes the fewest tasks: nobody knows which of them AWS will have. None where a type is not known.
 */
export function fewestPlaces(
  names: readonly string[],
  container: GpuService['container'],
): { readonly name: string; readonly tasks: number } | undefined {
  const fits = names.map((name) => {
    const type = instanceTypeOf(name);
    return type && { name, tasks: tasksPerInstance(type, container).tasks };
  });
  return fits.reduce((least, fit) => (least && fit && fit.tasks >= least.tasks ? least : least && fit));
}
