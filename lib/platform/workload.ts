import type { NoticeEntry, WorkloadEntry } from '../../contract';
import type { ImageNames, JobRoleNames } from '../names';
import type { FargateService } from './fargate-service/fargate-service';
import type { GpuService } from './gpu-service/gpu-service';
import type { K3sApp } from './k3s-app/k3s-app';
import type { SagemakerEndpointWorkload } from './sagemaker-endpoint/sagemaker-endpoint';
import type { Severity } from './props';

/** Every kind of workload, by the `kind` of its props. */
export interface Workloads {
  readonly gpuService: GpuService;
  readonly fargateService: FargateService;
  readonly sagemakerEndpoint: SagemakerEndpointWorkload;
  readonly k3sApp: K3sApp;
}

export type WorkloadKindName = keyof Workloads;

/** A workload after validation: every default filled in, plain numbers in named units. */
export type Workload = Workloads[WorkloadKindName];

/** What a workload of every kind has. */
export interface WorkloadFields {
  readonly id: string;
  readonly source: string;
  readonly region: string;
  readonly delivery: WorkloadEntry['delivery'];
  readonly environments: readonly WorkloadEnvironment[];
  /** How a delivery starts. */
  readonly starts: WorkloadEntry['starts'];
  /** Whether people may go back to a commit. */
  readonly rollbackByCommit: WorkloadEntry['rollbackByCommit'];
  readonly tests?: Tests;
  readonly images: readonly Image[];
  /** Where models are kept. @default - the workload serves none apart from its image */
  readonly models?: { readonly bucket: string };
  readonly rollout: { readonly timeoutMinutes: number };
  readonly releaseTags: readonly string[];
  readonly paths: readonly string[];
  /** Who hears of deployments that failed, and of those that are well again. */
  readonly notices: readonly NoticeEntry[];
  /** Mail addresses of the channel `email`. */
  readonly subscribers: readonly string[];
  /** Whether it runs in the VPC of its environments. */
  readonly network: 'ofEnvironment' | 'none';
}

export interface WorkloadEnvironment {
  readonly name: string;
  readonly names: JobRoleNames & {
    /** SSM parameter with the image that was released last. @default - the kind records a release of several images */
    readonly releasedImage?: string;
  };
}

export type Tests = PythonTests | GoTests | NodeTests;

/** Files are relative to the source folder. */
export interface PythonTests {
  readonly language: 'python';
  readonly python: string;
  readonly requirements: readonly string[];
  readonly checks?: {
    readonly coverage: number;
    readonly audited: readonly string[];
    readonly exceptedVulnerabilities: readonly string[];
    readonly securityBaseline?: string;
  };
}

export interface GoTests {
  readonly language: 'go';
  readonly go: string;
  /** Folders with a `go.mod`, relative to the source folder. */
  readonly modules: readonly string[];
}

export interface NodeTests {
  readonly language: 'node';
  readonly node: string;
  /** Of `package.json` in the source folder, in the order in which they run. */
  readonly scripts: readonly string[];
}

/** An image of a workload. */
export interface Image {
  /** The id of the workload where it has one image, else `<workload>-<name>`. */
  readonly id: string;
  readonly name: string;
  /** Field of the workload that describes it. */
  readonly field: string;
  /** Folder that is built, relative to the repository's root. */
  readonly context: string;
  /** Relative to the source folder of the workload. */
  readonly dockerfile: string;
  readonly platform: ImagePlatform;
  readonly severities: readonly Severity[];
  readonly scanBlocks: boolean;
  readonly codeScanning: boolean;
  readonly attestations: boolean;
  readonly store: ImageStore;
}

/** Where an image is kept. */
export type ImageStore = EcrStore | DockerHubStore;

export interface EcrStore {
  readonly registry: 'ecr';
  readonly names: ImageNames;
}

export interface DockerHubStore {
  readonly registry: 'dockerHub';
  /** With the organisation, such as `octo-org/api`. */
  readonly repository: string;
  readonly username: string;
  readonly tokenSecret: string;
}

export type EcrImage = Image & { readonly store: EcrStore };

/** The one image of a workload on a service of AWS, which pulls from ECR. */
export type OneEcrImage = readonly [EcrImage];

export type ImagePlatform = 'linux/amd64';
