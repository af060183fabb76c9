import type { Duration, Size } from 'aws-cdk-lib';
import type { ImageNames, WorkloadNames } from '../names';

/**
 * What a user writes in `platform.config.ts`. `Env` is the union of the environment names, so that an
 * editor completes them and the compiler refuses others.
 */
export interface PlatformProps<Env extends string> {
  /** Name of the platform: first part of every physical name. Lower case, digits, hyphens; at most 20 characters. */
  readonly name: string;
  readonly repository: RepositoryProps;
  /** AWS region of workloads that do not say otherwise, such as `us-east-1`. */
  readonly region: string;
  /** In the order of delivery: the first one is deployed to first. */
  readonly environments: readonly EnvironmentProps<Env>[];
  readonly workloads: readonly WorkloadProps<NoInfer<Env>>[];
  /**
   * Environment in whose account images are stored. The others pull from there, by digest.
   *
   * @default - the last environment
   */
  readonly imagesIn?: NoInfer<Env>;
  /** @default - every condition that GitHub's claims allow */
  readonly trust?: TrustProps;
}

/** The GitHub repository whose workflows may sign in. */
export interface RepositoryProps {
  readonly owner: string;
  readonly name: string;
  /** @default 'main' */
  readonly defaultBranch?: string;
  /**
   * Numeric id of the owner, as `gh api repos/OWNER/NAME --jq .owner.id` prints it. Together with
   * `repositoryId` it makes trust survive a recycled name, and allows GitHub's immutable subjects.
   *
   * @default - trust by name only
   */
  readonly ownerId?: string;
  /** Numeric id of the repository, as `gh api repos/OWNER/NAME --jq .id` prints it. @default - trust by name only */
  readonly repositoryId?: string;
}

/** Conditions on claims that AWS documents less firmly than `sub` and `aud`. Each can be switched off. */
export interface TrustProps {
  /** Only the workflow files that Lockstep emits may assume a role (`job_workflow_ref`). @default true */
  readonly jobWorkflowRef?: boolean;
  /** Repository and owner ids must match, where they are given (`repository_id`, `repository_owner_id`). @default true */
  readonly repositoryIds?: boolean;
  /** Other settings for single roles, by the name of the role. @default - the same for all */
  readonly roles?: Readonly<Record<string, Omit<TrustProps, 'roles'>>>;
}

/** A GitHub environment and the AWS account behind it. */
export interface EnvironmentProps<Env extends string> {
  readonly name: Env;
  /** AWS account id, twelve digits. */
  readonly account: string;
  /** GitHub users, or teams as `org/team`, one of whom must approve. At most six. @default - nobody */
  readonly reviewers?: readonly string[];
  /** Wait before a deployment starts, whole minutes up to 30 days. @default Duration.minutes(0) */
  readonly waitTimer?: Duration;
  /** Branches and tags that may deploy. @default - the default branch and the release tags `v*` */
  readonly deployFrom?: { readonly branches: readonly string[]; readonly tags: readonly string[] };
  /**
   * Whether this account's GitHub OIDC provider is made by Lockstep, or is there already. An account
   * can have only one.
   *
   * @default 'create'
   */
  readonly oidcProvider?: 'create' | 'import';
  readonly network?: NetworkProps;
}

export interface NetworkProps {
  /** Address range of the VPC. @default '10.0.0.0/16' */
  readonly cidr?: string;
  /** Availability zones by name. Not every zone has GPU instances. @default - zones `a` and `b` of the region */
  readonly availabilityZones?: readonly string[];
  /** NAT gateways; one is cheap, one per zone survives the loss of a zone. @default 1 */
  readonly natGateways?: number;
}

/** Made by a factory such as `gpuService(…)`. */
export type WorkloadProps<Env extends string> = GpuServiceProps<Env>;

/** A service on ECS whose containers use GPUs of EC2 instances. */
export interface GpuServiceProps<Env extends string> {
  readonly kind: 'gpuService';
  /** Id of the workload: file names, image and resource names begin with it. At most 24 characters. */
  readonly id: string;
  /** Folder with the sources and the Dockerfile, relative to the repository's root. */
  readonly source: string;
  /** @default - the region of the platform */
  readonly region?: string;
  readonly container: GpuContainerProps;
  readonly environments: readonly GpuServiceEnvironmentProps<Env>[];
  /** Unit tests that run before the image is built. @default - none */
  readonly tests?: PythonTestsProps;
  readonly image?: ImageProps;
  readonly rollout?: RolloutProps;
  /** How long logs are kept, in whole days that CloudWatch offers. @default Duration.days(30) */
  readonly logRetention?: Duration;
  /** Git tags that start a release. @default ['v*'] */
  readonly releaseTags?: readonly string[];
  /** Further paths whose change starts a delivery. @default - the sources and the platform file */
  readonly paths?: readonly string[];
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
  readonly names?: Partial<WorkloadNames>;
}

export interface LoadBalancerProps {
  /** `internal` is reached from the VPC only. @default 'internal' */
  readonly scheme?: 'internal' | 'internetFacing';
  /** Certificate for HTTPS; required for `internetFacing`. @default - plain HTTP inside the VPC */
  readonly certificateArn?: string;
}

export interface PythonTestsProps {
  /** Python version, such as `3.11`. */
  readonly python: string;
  /** Requirement files with hashes, relative to the source folder. @default ['requirements-dev.txt'] */
  readonly requirements?: readonly string[];
}

export interface ImageProps {
  /** Relative to the source folder. @default 'Dockerfile' */
  readonly dockerfile?: string;
  readonly scan?: ScanProps;
  /** Attest provenance and SBOM. Private repositories need GitHub Enterprise Cloud. @default false */
  readonly attestations?: boolean;
  /** Physical names that differ from the rule. @default - by the rule */
  readonly names?: Partial<ImageNames>;
}

/** How a pushed image is scanned for vulnerabilities. */
export interface ScanProps {
  /** @default ['CRITICAL', 'HIGH'] */
  readonly severities?: readonly Severity[];
  /** A finding stops the delivery. @default true */
  readonly blocks?: boolean;
  /**
   * Send findings to code scanning. Private repositories need GitHub Code Security for it; without it
   * they are kept as an artifact of the run.
   *
   * @default true
   */
  readonly codeScanning?: boolean;
}

export type Severity = 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW';

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
