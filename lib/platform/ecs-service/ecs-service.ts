import type { ServiceStrategy } from '../../../constructs/ecs-service';
import type { EcsServiceWorkloadNames } from '../../names';
import type { OneEcrImage, WorkloadFields } from '../workload';

/** What every service on ECS has after validation, wherever its tasks run. */
export interface EcsServiceFields extends WorkloadFields {
  readonly images: OneEcrImage;
  readonly container: EcsContainer;
  readonly environments: readonly EcsServiceEnvironment[];
  readonly rollout: EcsRollout;
  readonly verification?: EcsVerification;
  readonly logRetentionDays: number;
}

export interface EcsContainer {
  readonly name: string;
  readonly port: number;
  readonly cpu: number;
  readonly memoryMib: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly health: Health;
}

export interface Health {
  readonly path: string;
  readonly command: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export interface EcsServiceEnvironment {
  readonly name: string;
  readonly names: EcsServiceWorkloadNames;
  readonly strategy: ServiceStrategy;
  readonly tasks: { readonly desired: number; readonly min: number; readonly max: number };
  readonly loadBalancer: { readonly scheme: 'internal' | 'internetFacing'; readonly certificateArn?: string };
}

export interface EcsRollout {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly timeoutMinutes: number;
  readonly bakeMinutes: number;
  readonly canary: TrafficSteps;
  readonly linear: TrafficSteps;
}

export interface TrafficSteps {
  readonly percent: number;
  readonly waitMinutes: number;
}

export interface EcsVerification {
  readonly path: string;
  readonly status: number;
  readonly latencyBudgetMs: number;
}
