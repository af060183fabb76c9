import type { Fault } from '../../../contract';
import type { GpuServiceEnvironment } from './gpu-service';

/**
 * Whether AWS takes this way to buy instances.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html
 */
export function purchaseFaults(
  { instances: { min, max, warm }, instanceTypes, spot }: GpuServiceEnvironment,
  place: string,
): Fault[] {
  const faults: Fault[] = [];
  if (warm > 0 && (spot || instanceTypes.length > 1)) {
    faults.push({
      place: `${place}.instances.warm`,
      value: `${warm}, with ${spot ? 'Spot Instances' : 'several instance types'}`,
      allowed: 'a warm pool of one instance type on demand: AWS refuses any other',
      change: spot ? 'leave out warm, or spot' : 'leave out warm, or choose one instanceType',
    });
  }
  if (warm > max - min && min <= max) {
    faults.push({
      place: `${place}.instances.warm`,
      value: `${warm}`,
      allowed: `at most ${max - min}: so many more than min may run`,
      change: 'lower warm, or raise max',
    });
  }
  if (spot && spot.onDemandBase > max) {
    faults.push({
      place: `${place}.spot.onDemandBase`,
      value: `${spot.onDemandBase}`,
      allowed: `at most ${max}, the most instances that there may be`,
      change: 'lower onDemandBase, or raise instances.max',
    });
  }
  return faults;
}
