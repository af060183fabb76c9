import type { Duration } from 'aws-cdk-lib';
import type {
  EcsContainerProps,
  EcsRolloutProps,
  EcsServiceEnvironmentProps,
  EcsServiceWorkloadProps,
} from '../ecs-service';
import type { GpuCheckProps } from '../gpu-check';

/** A service on ECS whose containers use GPUs of EC2 instances. */
export interface GpuServiceProps<Env extends string> extends EcsServiceWorkloadProps<Env> {
  readonly kind: 'gpuService';
  readonly container: GpuContainerProps;
  readonly environments: readonly GpuServiceEnvironmentProps<Env>[];
  readonly rollout?: GpuRolloutProps;
  /** Regular checks whether versions of CUDA, driver and PyTorch go together. @default - none */
  readonly gpuCheck?: GpuCheckProps<Env>;
}

export interface GpuContainerProps extends EcsContainerProps {
  /** GPUs for each task; ECS pins whole ones. @default 1 */
  readonly gpus?: number;
}

export type GpuServiceEnvironmentProps<Env extends string> = EcsServiceEnvironmentProps<Env> &
  GpuCapacityProps &
  (OneInstanceTypeProps | SeveralInstanceTypesProps);

export interface OneInstanceTypeProps {
  /** EC2 instance type with GPUs, such as `g4dn.xlarge`. */
  readonly instanceType: string;
  readonly instanceTypes?: never;
}

/** AWS has a GPU more often where it may choose. */
export interface SeveralInstanceTypesProps {
  /**
   * At least two EC2 instance types with GPUs, such as `['g4dn.xlarge', 'g4dn.2xlarge']`. On demand, the first that AWS
   * has is taken; on Spot, the one that is cheap and seldom taken away.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/allocation-strategies.html
   */
  readonly instanceTypes: readonly [string, string, ...string[]];
  readonly instanceType?: never;
}

export interface GpuCapacityProps {
  /**
   * Instances: the cluster grows to at most `max` for tasks that have no place.
   *
   * @default - max is what the most tasks need during a deployment: one instance more with `rolling`, else room for
   * twice the tasks
   */
  readonly instances: GpuInstancesProps;
  /**
   * Spot Instances: much cheaper, and AWS may take one away two minutes after it has said so. ECS then starts its tasks
   * on another.
   *
   * @default - instances on demand
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-spot.html
   */
  readonly spot?: GpuSpotProps;
  /** Times at which the service has no task, so that no instance runs. @default - it never sleeps */
  readonly sleep?: GpuSleepProps;
}

export interface GpuInstancesProps {
  readonly min: number;
  readonly max?: number;
  /**
   * Stopped instances that wait beside the running ones: they start in half the time, and their volumes are paid. Not
   * with several types or Spot.
   *
   * @default 0
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-warm-pool.html
   */
  readonly warm?: number;
}

export interface GpuSpotProps {
  /** Instances that are on demand all the same, before any on Spot. @default 0 */
  readonly onDemandBase?: number;
}

/**
 * A deployment wakes the service, and it sleeps again by its schedule. The schedule comes with the first deployment of
 * the stack after the first release: before, there is nothing to wake.
 */
export interface GpuSleepProps {
  /** Hour and minute, such as `20:00`. */
  readonly from: string;
  readonly to: string;
  /**
   * Days on which both times count. With `weekdays`, `from` is the later time of the day, and it sleeps from Friday's `from`
   * to Monday's `to`.
   *
   * @default 'weekdays'
   */
  readonly days?: 'weekdays' | 'everyDay';
  /** Name of the IANA time zone database, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

export interface GpuRolloutProps extends EcsRolloutProps {
  /** How long tasks may wait for a new instance before the deployment is given up. @default Duration.minutes(10) */
  readonly placementTimeout?: Duration;
}
