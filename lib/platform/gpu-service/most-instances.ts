import { tasksPerInstance } from '../../../constructs/gpu-cluster';
import type { EcsServiceEnvironment } from '../ecs-service';
import type { GpuService } from './gpu-service';
import { instanceTypeOf } from './instance-type';

/**
 * Instances that the most tasks need during a deployment. A rolling update starts one task before it stops another; with
 * the other strategies both versions run at full size. A type that no task fits on is a fault of its own.
 */
export function mostInstances(
  instanceType: string,
  container: GpuService['container'],
  { strategy, tasks }: Pick<EcsServiceEnvironment, 'strategy' | 'tasks'>,
): number {
  const type = instanceTypeOf(instanceType);
  const places = Math.max(1, type ? tasksPerInstance(type, container).tasks : 1);
  return strategy === 'rolling' ? Math.ceil(tasks.max / places) + 1 : Math.ceil((2 * tasks.max) / places);
}
