import type { Duration, Size } from 'aws-cdk-lib';
import type { ServiceStrategy } from '../../../constructs/ecs-service';
import type { EcsServiceWorkloadNames } from '../../names';
import type { OneImageWorkloadProps } from '../props';

/** What every service on ECS is told, wherever its tasks run. */
export interface EcsServiceWorkloadProps<Env extends string> extends OneImageWorkloadProps {
  readonly container: EcsContainerProps;
  /**
   * How a deployment goes from one version to the next. With `blueGreen`, `canary` and `linear` both run at full size
   * while ECS moves the traffic: at once, a part first, or in steps.
   *
   * @default 'rolling'
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-types.html
   */
  readonly strategy?: ServiceStrategy;
  readonly environments: readonly EcsServiceEnvironmentProps<Env>[];
  readonly rollout?: EcsRolloutProps;
  /** What a good answer is. @default - nobody asks: ECS and the load balancer check the health of tasks */
  readonly verification?: EcsVerificationProps;
  /** How long logs are kept, in whole days that CloudWatch offers. @default Duration.days(30) */
  readonly logRetention?: Duration;
}

export interface EcsContainerProps {
  /** @default - the id of the workload */
  readonly name?: string;
  readonly port: number;
  /** CPU units, 1024 for one core. */
  readonly cpu: number;
  readonly memory: Size;
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
  /** Time to start, with all that is loaded, before failures count; at most five minutes. @default Duration.minutes(2) */
  readonly startPeriod?: Duration;
}

export interface EcsServiceEnvironmentProps<Env extends string> {
  readonly name: Env;
  /** @default - that of the workload */
  readonly strategy?: ServiceStrategy;
  /** Tasks: `desired` at the first deployment, then between `min` and `max` by load. @default - min and max are `desired` */
  readonly tasks: { readonly desired: number; readonly min?: number; readonly max?: number };
  readonly loadBalancer?: LoadBalancerProps;
  /** Physical names that differ from the rule `<platform>-<workload>-<environment>`. @default - by the rule */
  readonly names?: Partial<EcsServiceWorkloadNames>;
}

export interface LoadBalancerProps {
  /** `internal` is reached from the VPC only. @default 'internal' */
  readonly scheme?: 'internal' | 'internetFacing';
  /** Certificate for HTTPS; required for `internetFacing`. @default - plain HTTP inside the VPC */
  readonly certificateArn?: string;
}

/** Details of deployments. What belongs to a strategy that is not chosen is not used. */
export interface EcsRolloutProps {
  /** `rolling`: lower bound of running tasks during a deployment, percent of the desired count, rounded up. @default 100 */
  readonly minimumHealthyPercent?: number;
  /** `rolling`: upper bound of tasks during a deployment, percent of the desired count, rounded down. @default 200 */
  readonly maximumPercent?: number;
  /**
   * Deadline of a deployment, at most 170 minutes: its rollback must fit into the six hours of a job.
   *
   * @default - 30 minutes and the waits of the slowest strategy in use, at most 170 minutes
   */
  readonly timeout?: Duration;
  /**
   * All but `rolling`: how long the old tasks stay once all traffic has moved, whole minutes up to a day.
   *
   * @default Duration.minutes(5)
   */
  readonly bake?: Duration;
  readonly canary?: CanaryTrafficProps;
  readonly linear?: LinearTrafficProps;
}

/** A part of the traffic moves first, the rest after a wait. */
export interface CanaryTrafficProps {
  /** First part, 0.1 to 100 per cent of the traffic. @default 10 */
  readonly percent?: number;
  /** Whole minutes up to a day. @default Duration.minutes(10) */
  readonly wait?: Duration;
}

/** The traffic moves in equal steps, with a wait between them. */
export interface LinearTrafficProps {
  /** Each step, 3 to 100 per cent of the traffic. @default 20 */
  readonly percent?: number;
  /** Whole minutes up to a day. @default Duration.minutes(3) */
  readonly wait?: Duration;
}

/**
 * A function in the VPC asks the service through its load balancer, as clients do: before traffic moves with all
 * strategies but `rolling`, and after each deployment.
 */
export interface EcsVerificationProps {
  /** @default - the health path */
  readonly path?: string;
  /** Status of a good answer. @default 200 */
  readonly status?: number;
  /** Longest time of a good answer, at most ten seconds. @default Duration.seconds(1) */
  readonly latencyBudget?: Duration;
}
