import type { EcsContainer, EcsRollout, EcsServiceEnvironment, EcsServiceFields } from '../ecs-service';

/** A service on ECS with GPUs, after validation. */
export interface GpuService extends EcsServiceFields {
  readonly kind: 'gpuService';
  readonly container: EcsContainer & { readonly gpus: number };
  readonly environments: readonly GpuServiceEnvironment[];
  readonly rollout: EcsRollout & { readonly placementTimeoutMinutes: number };
}

export interface GpuServiceEnvironment extends EcsServiceEnvironment {
  readonly instanceType: string;
  readonly instances: { readonly min: number; readonly max: number };
}
