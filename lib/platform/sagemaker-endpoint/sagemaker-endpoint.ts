import type { UpdatePolicy } from '../../../constructs/sagemaker-endpoint';
import type { SagemakerEndpointWorkloadNames } from '../../names';
import type { OneEcrImage, WorkloadFields } from '../workload';

/** A model behind an endpoint of SageMaker, after validation. */
export interface SagemakerEndpointWorkload extends WorkloadFields {
  readonly kind: 'sagemakerEndpoint';
  readonly images: OneEcrImage;
  readonly models: {
    readonly bucket: string;
    /** Key in the bucket. */
    readonly initial?: string;
  };
  readonly verification: {
    /** Files are relative to the source folder. */
    readonly payload: string;
    readonly schema: string;
    readonly contentType: string;
    readonly accept: string;
    readonly latencyBudgetMs: number;
    readonly calls: number;
  };
  readonly keepVersions: number;
  readonly environments: readonly SagemakerEndpointEnvironment[];
}

export interface SagemakerEndpointEnvironment {
  readonly name: string;
  readonly names: SagemakerEndpointWorkloadNames;
  readonly instanceType: string;
  readonly instances: { readonly initial: number; readonly min: number; readonly max: number };
  readonly update: UpdatePolicy;
  readonly dataCapture?: { readonly bucketUri: string; readonly percentage: number };
  readonly alarms: readonly string[];
  readonly invocationsPerInstance: number;
}
