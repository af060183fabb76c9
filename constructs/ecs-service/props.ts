import type { Duration } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { GpuInstanceTypes, GpuPurchase } from '../gpu-cluster';
import type { LoadBalancerScheme } from './service-load-balancer';

export interface TaskNames {
  readonly taskDefinitionFamily: string;
  readonly taskRole: string;
  readonly executionRole: string;
}

export interface EcsServiceNames extends TaskNames {
  readonly cluster: string;
  readonly service: string;
  readonly logGroup: string;
  /** SSM parameter that the construct writes. */
  readonly declaredTaskDefinition: string;
  /** SSM parameters that the pipeline writes. */
  readonly releasedTaskDefinition: string;
  readonly releasedImage: string;
  /** Function that asks the service. */
  readonly verificationFunction: string;
  /** Role by which ECS calls that function. */
  readonly hookRole: string;
}

export interface EcsServiceProps {
  readonly names: EcsServiceNames;
  readonly account: string;
  readonly region: string;
  readonly vpc: IVpc;
  readonly vpcCidr: string;
  /**
   * Public addresses of the NAT gateways of the private subnets: by these, what runs there reaches a load balancer that
   * faces the internet.
   */
  readonly natAddresses: readonly string[];
  readonly accessLogs: IBucket;
  readonly container: ServiceContainer;
  /** Repository of the images, in whatever account it lies. */
  readonly repositoryArn: string;
  readonly compute: Compute;
  readonly tasks: { readonly desired: number; readonly min: number; readonly max: number };
  /** @default - the service never sleeps */
  readonly sleep?: SleepProps;
  readonly loadBalancer: LoadBalancerScheme;
  readonly update: ServiceUpdateProps;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** @default - nobody asks the service: ECS and the load balancer check the health of its tasks */
  readonly verification?: VerificationProps;
  readonly deployTimeout: Duration;
  readonly logRetention: RetentionDays;
}

/** When the service has no task, by the clock. */
export interface SleepProps {
  /** Hour and minute, such as `20:00`. */
  readonly from: string;
  readonly to: string;
  /**
   * Days on which both times count. With `weekdays`, it sleeps from Friday's `from` to Monday's `to` where `to` is the earlier
   * time of the day; else it is awake at the weekend, which the platform file refuses.
   */
  readonly days: 'weekdays' | 'everyDay';
  /** Name of the IANA time zone database, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Where tasks run. */
export type Compute = GpuCompute | FargateCompute;

/** EC2 instances with GPUs, of a capacity provider of the cluster. */
export interface GpuCompute {
  readonly kind: 'gpu';
  readonly instanceTypes: GpuInstanceTypes;
  readonly instances: { readonly min: number; readonly max: number };
  readonly purchase: GpuPurchase;
  readonly placementTimeout: Duration;
}

/** Capacity of AWS Fargate. CPU and memory of the container are those of the task. */
export interface FargateCompute {
  readonly kind: 'fargate';
}

export interface ServiceContainer {
  readonly name: string;
  readonly port: number;
  /** CPU units, 1024 for one core. */
  readonly cpu: number;
  readonly memoryMib: number;
  /** GPUs for each task; none on Fargate. */
  readonly gpus: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly health: {
    readonly path: string;
    /** Shell command inside the container; anything but exit code 0 is a failure. */
    readonly command: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly retries: number;
    readonly startPeriodSeconds: number;
  };
}

/** How a deployment goes from one version to the next. All but `rolling` run both at full size for a time. */
export type ServiceUpdateProps =
  | { readonly strategy: 'rolling' }
  | { readonly strategy: 'blueGreen'; readonly bake: Duration }
  | {
      readonly strategy: 'canary';
      readonly bake: Duration;
      readonly percent: number;
      readonly wait: Duration;
    }
  | {
      readonly strategy: 'linear';
      readonly bake: Duration;
      readonly percent: number;
      readonly wait: Duration;
    };

/** What a good answer of the service is. */
export interface VerificationProps {
  /** HTTP path, such as `/readyz`. */
  readonly path: string;
  readonly status: number;
  readonly latencyBudget: Duration;
}
