import type { SleepProps } from '../../../constructs/ecs-service';
import type { GpuInstanceTypes } from '../../../constructs/gpu-cluster';
import type { EcsContainer, EcsRollout, EcsServiceEnvironment, EcsServiceFields } from '../ecs-service';
import type { GpuCheck } from '../gpu-check';

/** A service on ECS with GPUs, after validation. */
export interface GpuService extends EcsServiceFields {
  readonly kind: 'gpuService';
  readonly container: EcsContainer & { readonly gpus: number };
  readonly environments: readonly GpuServiceEnvironment[];
  readonly rollout: EcsRollout & { readonly placementTimeoutMinutes: number };
  readonly gpuCheck?: GpuCheck;
}

export interface GpuServiceEnvironment extends EcsServiceEnvironment {
  readonly instanceTypes: GpuInstanceTypes;
  /** `warm`: stopped ones that wait. */
  readonly instances: { readonly min: number; readonly max: number; readonly warm: number };
  /** Absent: all instances are on demand. */
  readonly spot?: { readonly onDemandBase: number };
  /** Absent: the service never sleeps. */
  readonly sleep?: SleepProps;
}
