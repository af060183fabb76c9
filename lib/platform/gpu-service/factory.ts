import type { GpuServiceProps } from './props';

/**
 * A service on ECS whose containers use GPUs of EC2 instances.
 *
 * @example gpuService({ id: 'kvs-infer', source: 'services/kvs-infer', container: {…}, environments: […] })
 */
export function gpuService<const Env extends string>(
  props: Omit<GpuServiceProps<Env>, 'kind'>,
): GpuServiceProps<Env> {
  return { kind: 'gpuService', ...props };
}
