import type { RepositoryIdentity } from '../../contract';
import type { ImageNames, WorkloadNames } from '../names';
import type { Severity } from './props';

/** The platform file after validation: every default filled in, plain numbers in named units. */
export interface Platform {
  readonly name: string;
  readonly repository: RepositoryIdentity;
  /** Region of what belongs to no workload, such as the provider of an account. */
  readonly region: string;
  readonly environments: readonly Environment[];
  readonly workloads: readonly GpuService[];
  /** Account that stores the images. */
  readonly imageAccount: string;
  readonly trust: Trust & { readonly roles: Readonly<Record<string, Partial<Trust>>> };
}

/** Conditions that trust policies test besides subject and audience. */
export interface Trust {
  readonly jobWorkflowRef: boolean;
  readonly repositoryIds: boolean;
}

/** The conditions for one role, by its name. */
export function trustOf({ trust: { roles, ...trust } }: Platform, role: string): Trust {
  return { ...trust, ...(Object.hasOwn(roles, role) ? roles[role] : {}) };
}

export interface Environment {
  readonly name: string;
  readonly account: string;
  readonly reviewers: readonly string[];
  readonly waitMinutes: number;
  readonly branches: readonly string[];
  readonly tags: readonly string[];
  readonly oidcProvider: 'create' | 'import';
  readonly network: {
    readonly cidr: string;
    readonly availabilityZones?: readonly string[];
    readonly natGateways: number;
  };
}

export interface GpuService {
  readonly kind: 'gpuService';
  readonly id: string;
  readonly source: string;
  readonly region: string;
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
  readonly tests?: { readonly python: string; readonly requirements: readonly string[] };
  readonly image: {
    readonly dockerfile: string;
    readonly severities: readonly Severity[];
    readonly scanBlocks: boolean;
    readonly codeScanning: boolean;
    readonly attestations: boolean;
  };
  readonly rollout: {
    readonly minimumHealthyPercent: number;
    readonly maximumPercent: number;
    readonly timeoutMinutes: number;
    readonly placementTimeoutMinutes: number;
  };
  readonly logRetentionDays: number;
  /** Physical names of what all environments share. */
  readonly names: ImageNames;
  readonly releaseTags: readonly string[];
  readonly paths: readonly string[];
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
  readonly names: WorkloadNames;
  readonly instanceType: string;
  readonly instances: { readonly min: number; readonly max: number };
  readonly tasks: { readonly desired: number; readonly min: number; readonly max: number };
  readonly loadBalancer: { readonly scheme: 'internal' | 'internetFacing'; readonly certificateArn?: string };
}

/** GitHub environment of automatic rollbacks: one that waits for nobody. */
export function rollbackEnvironmentOf(environment: Environment): string {
  return environment.reviewers.length > 0 || environment.waitMinutes > 0
    ? `${environment.name}-rollback`
    : environment.name;
}
