import type { EcsServiceEnvironment } from '../ecs-service';
import type { GpuService } from './gpu-service';
import { fewestPlaces } from './instance-type';

/**
 * Instances that the most tasks need during a deployment. A rolling update starts one task before it stops another; with
 * the other strategies both versions run at full size. Of several types, the one that takes the fewest tasks counts; a type
 * that no task fits on is a fault of its own.
 */
export function mostInstances(
  instanceTypes: readonly string[],
  container: GpuService['container'],
  { strategy, tasks }: Pick<EcsServiceEnvironment, 'strategy' | 'tasks'>,
): number {
  const places = Math.max(1, fewestPlaces(instanceTypes, container)?.tasks ?? 1);
  return strategy === 'rolling' ? Math.ceil(tasks.max / places) + 1 : Math.ceil((2 * tasks.max) / places);
}
