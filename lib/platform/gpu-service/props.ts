import type { Duration } from 'aws-cdk-lib';
import type {
  EcsContainerProps,
  EcsRolloutProps,
  EcsServiceEnvironmentProps,
  EcsServiceWorkloadProps,
} from '../ecs-service';

/** A service on ECS whose containers use GPUs of EC2 instances. */
export interface GpuServiceProps<Env extends string> extends EcsServiceWorkloadProps<Env> {
  readonly kind: 'gpuService';
  readonly container: GpuContainerProps;
  readonly environments: readonly GpuServiceEnvironmentProps<Env>[];
  readonly rollout?: GpuRolloutProps;
}

export interface GpuContainerProps extends EcsContainerProps {
  /** GPUs for each task; ECS pins whole ones. @default 1 */
  readonly gpus?: number;
}

export interface GpuServiceEnvironmentProps<Env extends string> extends EcsServiceEnvironmentProps<Env> {
  /** EC2 instance type with GPUs, such as `g4dn.xlarge`. */
  readonly instanceType: string;
  /**
   * Instances: the cluster grows to at most `max` for tasks that have no place.
   *
   * @default - max is what the most tasks need during a deployment: one instance more with `rolling`, else room for
   * twice the tasks
   */
  readonly instances: { readonly min: number; readonly max?: number };
}

export interface GpuRolloutProps extends EcsRolloutProps {
  /** How long tasks may wait for a new instance before the deployment is given up. @default Duration.minutes(10) */
  readonly placementTimeout?: Duration;
}
