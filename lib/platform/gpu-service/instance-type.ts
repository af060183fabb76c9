import { GPU_INSTANCE_TYPES, type GpuInstanceType } from '../../../constructs/gpu-cluster';

/** What a type of instance offers; none where it has no GPUs, or is no type at all. */
export const instanceTypeOf = (name: string): GpuInstanceType | undefined =>
  Object.hasOwn(GPU_INSTANCE_TYPES, name) ? GPU_INSTANCE_TYPES[name] : undefined;
