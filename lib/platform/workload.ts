import type { WorkloadEntry } from '../../contract';
import type { ImageNames, JobRoleNames } from '../names';
import type { GpuService } from './gpu-service/gpu-service';
import type { SagemakerEndpointWorkload } from './sagemaker-endpoint/sagemaker-endpoint';
import type { Severity } from './props';

/** Every kind of workload, by the `kind` of its props. */
export interface Workloads {
  readonly gpuService: GpuService;
  readonly sagemakerEndpoint: SagemakerEndpointWorkload;
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
  readonly tests?: PythonTests;
  readonly image: Image;
  /** Where models are kept. @default - the workload serves none apart from its image */
  readonly models?: { readonly bucket: string };
  /** Physical names of what all environments share. */
  readonly names: ImageNames;
  readonly rollout: { readonly timeoutMinutes: number };
  readonly releaseTags: readonly string[];
  readonly paths: readonly string[];
  /** Whether it runs in the VPC of its environments. */
  readonly network: 'ofEnvironment' | 'none';
}

export interface WorkloadEnvironment {
  readonly name: string;
  readonly names: JobRoleNames & {
    /** SSM parameter with the image that was released last. */
    readonly releasedImage: string;
  };
}

/** Files are relative to the source folder. */
export interface PythonTests {
  readonly python: string;
  readonly requirements: readonly string[];
  readonly checks?: {
    readonly coverage: number;
    readonly audited: readonly string[];
    readonly exceptedVulnerabilities: readonly string[];
    readonly securityBaseline?: string;
  };
}

export interface Image {
  readonly dockerfile: string;
  readonly platform: ImagePlatform;
  readonly severities: readonly Severity[];
  readonly scanBlocks: boolean;
  readonly codeScanning: boolean;
  readonly attestations: boolean;
}

export type ImagePlatform = 'linux/amd64';
