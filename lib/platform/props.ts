import type { Duration } from 'aws-cdk-lib';
import type { WorkloadEntry } from '../../contract';
import type { ImageNames } from '../names';
import type { FargateServiceProps } from './fargate-service/props';
import type { GpuServiceProps } from './gpu-service/props';
import type { K3sAppWorkloadProps } from './k3s-app/props';
import type { SagemakerEndpointWorkloadProps } from './sagemaker-endpoint/props';
import type { NotificationsProps } from './notifications';
import type { ImagePlatform } from './workload';

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
export type WorkloadProps<Env extends string> =
  | GpuServiceProps<Env>
  | FargateServiceProps<Env>
  | SagemakerEndpointWorkloadProps<Env>
  | K3sAppWorkloadProps<Env>;

/** What every kind of workload is told. */
export interface SharedWorkloadProps {
  /** Id of the workload: file names, image and resource names begin with it. At most 24 characters. */
  readonly id: string;
  /** Folder with the sources, relative to the repository's root. */
  readonly source: string;
  /** @default - the region of the platform */
  readonly region?: string;
  /** Further paths whose change starts a delivery. @default - the sources and the platform file */
  readonly paths?: readonly string[];
  /**
   * `throughEnvironments`: one run takes a commit through all environments. `byPromotion`: each commit goes to the first
   * environment; people promote what an environment runs to the next one.
   *
   * @default - `byPromotion` for `sagemakerEndpoint`, else `throughEnvironments`
   */
  readonly delivery?: WorkloadEntry['delivery'];
  /**
   * Git tags that start a release, which goes through the environments: none where people promote or start
   * every delivery.
   *
   * @default - `['v*']`, or none with `delivery: 'byPromotion'` or without `deployOnPush`
   */
  readonly releaseTags?: readonly string[];
  /** Who hears of deployments that failed, and of those that are well again. @default - nobody */
  readonly notifications?: NotificationsProps;
}

/** What a workload with one image is told, whose source folder holds a project of Python or Node.js and its Dockerfile. */
export interface OneImageWorkloadProps extends SharedWorkloadProps {
  /** Unit tests that run before the image is built. @default - none */
  readonly tests?: PythonTestsProps | NodeTestsProps;
  readonly image?: ImageProps;
}

export interface PythonTestsProps {
  /** Python version, such as `3.11`. */
  readonly python: string;
  /** Requirement files with hashes, relative to the source folder. @default ['requirements-dev.txt'] */
  readonly requirements?: readonly string[];
  /** Format, lint, coverage, security and known vulnerabilities, in a workflow for pull requests. @default - tests only */
  readonly checks?: PythonChecksProps;
}

export interface NodeTestsProps {
  /** Version of Node.js, such as `22`. */
  readonly node: string;
  /** Scripts of `package.json`, in the order in which they run. @default ['lint', 'test'] */
  readonly scripts?: readonly string[];
}

/** Checks that fail the workflow of pull requests. Files are relative to the source folder. */
export interface PythonChecksProps {
  /** Least coverage by tests, per cent. @default 80 */
  readonly coverage?: number;
  /** Requirement files of what is shipped; pip-audit looks for known vulnerabilities in them. @default ['requirements.txt'] */
  readonly audit?: readonly string[];
  /** Vulnerabilities that do not count, such as `GHSA-xxxx-xxxx-xxxx`. @default - none */
  readonly exceptedVulnerabilities?: readonly string[];
  /** File of findings of Bandit that do not count. @default - every finding counts */
  readonly securityBaseline?: string;
}

export interface ImageProps extends ImageOptions {
  /** Relative to the source folder. @default 'Dockerfile' */
  readonly dockerfile?: string;
  /** Physical names that differ from the rule. @default - by the rule */
  readonly names?: Partial<ImageNames>;
}

/** How an image is built and scanned. */
export interface ImageOptions {
  /** Platform that the image is built for; the instances run no other. @default 'linux/amd64' */
  readonly platform?: ImagePlatform;
  readonly scan?: ScanProps;
  /** Attest provenance and SBOM. Private repositories need GitHub Enterprise Cloud. @default false */
  readonly attestations?: boolean;
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
