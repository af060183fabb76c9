import type { GpuCompute } from '../../../constructs/ecs-service';
import type { GpuPurchase } from '../../../constructs/gpu-cluster';
import type { GpuServiceEnvironment } from './gpu-service';

/** What the construct is told of the instances. */
export function instancesOf(
  environment: GpuServiceEnvironment,
): Pick<GpuCompute, 'instanceTypes' | 'instances' | 'purchase'> {
  const { instanceTypes, instances } = environment;
  const { min, max } = instances;
  return { instanceTypes, instances: { min, max }, purchase: purchaseOf(environment) };
}

/** The rules admit one of both only. */
function purchaseOf({ instances, spot }: GpuServiceEnvironment): GpuPurchase {
  if (spot) return { kind: 'spot', onDemandBase: spot.onDemandBase };
  return instances.warm > 0 ? { kind: 'warm', instances: instances.warm } : { kind: 'onDemand' };
}
