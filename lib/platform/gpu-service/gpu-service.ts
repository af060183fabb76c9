import type { GpuServiceNames } from '../../names';
import type { OneEcrImage, WorkloadFields } from '../workload';

/** A service on ECS, after validation. */
export interface GpuService extends WorkloadFields {
  readonly kind: 'gpuService';
  readonly images: OneEcrImage;
  readonly container: {
    readonly name: string;
    readonly port: number;
    readonly cpu: number;
    readonly memoryMib: number;
    readonly gpus: number;
    readonly environment: Readonly<Record<string, string>>;
    readonly health: Health;
  };
  readonly environments: readonly GpuServiceEnvironment[];
  readonly rollout: {
    readonly minimumHealthyPercent: number;
    readonly maximumPercent: number;
    readonly timeoutMinutes: number;
    readonly placementTimeoutMinutes: number;
  };
  readonly logRetentionDays: number;
}

export interface Health {
  readonly path: string;
  readonly command: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly startPeriodSeconds: number;
}

export interface GpuServiceEnvironment {
  readonly name: string;
  readonly names: GpuServiceNames;
  readonly instanceType: string;
  readonly instances: { readonly min: number; readonly max: number };
  readonly tasks: { readonly desired: number; readonly min: number; readonly max: number };
  readonly loadBalancer: { readonly scheme: 'internal' | 'internetFacing'; readonly certificateArn?: string };
}
