import type { Fault } from '../../../contract';
import type { InstanceGroup } from './instance-group';
import type { PlacedService } from './services';
import { record } from './template-values';

/**
 * Whether instances that are taken away, or wait, are so in a way that ECS knows of.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/spot-instance-draining-linux-container.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-warm-pool.html
 */
export function purchaseFaults({ resource, purchased, userData, warmPool }: InstanceGroup): readonly Fault[] {
  const faults: Fault[] = [];
  if (purchased.spot > 0 && !userData.includes('ECS_ENABLE_SPOT_INSTANCE_DRAINING=true')) {
    faults.push({
      place: resource.path,
      value: 'Spot Instances whose agents do not drain them',
      allowed:
        'ECS_ENABLE_SPOT_INSTANCE_DRAINING=true: else tasks end with their instance, in the middle of requests',
      change: 'write it to /etc/ecs/ecs.config in the user data',
    });
  }
  if (resource.properties.CapacityRebalance === true) {
    faults.push({
      place: resource.path,
      value: 'capacity rebalancing',
      allowed: 'no rebalancing: ECS is not told of the instances that it removes',
      change: 'leave out CapacityRebalance',
    });
  }
  if (!warmPool) return faults;
  if (resource.properties.MixedInstancesPolicy !== undefined) {
    faults.push({
      place: warmPool.path,
      value: 'a warm pool of a group with a mixed instances policy',
      allowed: 'a group with one instance type, on demand: AWS refuses any other',
      change: 'leave out the warm pool, or the policy',
    });
  }
  if (record(warmPool.properties.InstanceReusePolicy).ReuseOnScaleIn === true) {
    faults.push({
      place: warmPool.path,
      value: 'instances that return to the warm pool',
      allowed: 'instances that end when they leave the group: ECS admits no others',
      change: 'leave out ReuseOnScaleIn',
    });
  }
  if (!userData.includes('ECS_WARM_POOLS_CHECK=true')) {
    faults.push({
      place: warmPool.path,
      value: 'instances that join the cluster while they wait',
      allowed: 'ECS_WARM_POOLS_CHECK=true: else tasks are placed on instances that are about to stop',
      change: 'write it to /etc/ecs/ecs.config in the user data',
    });
  }
  return faults;
}

/** What Spot means for a service that is never to be without tasks; undefined where some instances are on demand. */
export function spotNote({ resource, group, tasks }: PlacedService): string | undefined {
  const { onDemand, spot } = group.purchased;
  if (spot === 0 || onDemand > 0 || tasks.min === 0) return undefined;
  const least = `${tasks.min} ${tasks.min === 1 ? 'task' : 'tasks'}`;
  return `${resource.path}: all instances are on Spot, which AWS may take away at once; it is to have at least ${least} and may have none for a while`;
}
