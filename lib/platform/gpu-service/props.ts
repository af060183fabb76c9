import type { Duration, Size } from 'aws-cdk-lib';
import type { GpuServiceNames } from '../../names';
import type { OneImageWorkloadProps } from '../props';

/** A service on ECS whose containers use GPUs of EC2 instances. */
export interface GpuServiceProps<Env extends string> extends OneImageWorkloadProps {
  readonly kind: 'gpuService';
  readonly container: GpuContainerProps;
  readonly environments: readonly GpuServiceEnvironmentProps<Env>[];
  readonly rollout?: RolloutProps;
  /** How long logs are kept, in whole days that CloudWatch offers. @default Duration.days(30) */
  readonly logRetention?: Duration;
}

export interface GpuContainerProps {
  /** @default - the id of the workload */
  readonly name?: string;
  readonly port: number;
  /** CPU units, 1024 for one core. */
  readonly cpu: number;
  readonly memory: Size;
  /** GPUs for each task; ECS pins whole ones. @default 1 */
  readonly gpus?: number;
  /** Plain settings. Secrets do not belong here. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  readonly health: HealthProps;
}

export interface HealthProps {
  /** HTTP path that answers 200 while the container is alive and ready. */
  readonly path: string;
  /** Shell command inside the container that fails when it is not healthy. @default - curl on `path` */
  readonly command?: string;
  /** @default Duration.seconds(15) */
  readonly interval?: Duration;
  /** @default Duration.seconds(5) */
  readonly timeout?: Duration;
  /** Failures in a row until a task counts as unhealthy. @default 3 */
  readonly retries?: number;
  /** Time to load the model before failures count, at most five minutes. @default Duration.minutes(2) */
  readonly startPeriod?: Duration;
}

export interface GpuServiceEnvironmentProps<Env extends string> {
  readonly name: Env;
  /** EC2 instance type with GPUs, such as `g4dn.xlarge`. */
  readonly instanceType: string;
  readonly instances: { readonly min: number; readonly max: number };
  /** Tasks: `desired` at the first deployment, then between `min` and `max` by load. @default - min and max are `desired` */
  readonly tasks: { readonly desired: number; readonly min?: number; readonly max?: number };
  readonly loadBalancer?: LoadBalancerProps;
  /** Physical names that differ from the rule `<platform>-<workload>-<environment>`. @default - by the rule */
  readonly names?: Partial<GpuServiceNames>;
}

export interface LoadBalancerProps {
  /** `internal` is reached from the VPC only. @default 'internal' */
  readonly scheme?: 'internal' | 'internetFacing';
  /** Certificate for HTTPS; required for `internetFacing`. @default - plain HTTP inside the VPC */
  readonly certificateArn?: string;
}

export interface RolloutProps {
  /** Lower bound of running tasks during a deployment, percent of the desired count, rounded up. @default 100 */
  readonly minimumHealthyPercent?: number;
  /** Upper bound of tasks during a deployment, percent of the desired count, rounded down. @default 200 */
  readonly maximumPercent?: number;
  /** Deadline of a deployment, at most 170 minutes: its rollback must fit into the six hours of a job. @default Duration.minutes(30) */
  readonly timeout?: Duration;
  /** How long tasks may wait for a new instance before the deployment is given up. @default Duration.minutes(10) */
  readonly placementTimeout?: Duration;
}
