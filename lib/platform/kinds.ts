import { fargateServiceKind } from './fargate-service';
import { gpuServiceKind } from './gpu-service';
import { k3sAppKind } from './k3s-app';
import type { WorkloadKind } from './kind';
import { sagemakerEndpointKind } from './sagemaker-endpoint';
import type { Workload, WorkloadKindName, Workloads } from './workload';

/** Every kind of workload. Its stacks are in `lib/stacks/workload-stacks.ts`. */
export const KINDS: { readonly [K in WorkloadKindName]: WorkloadKind<Workloads[K]> } = {
  gpuService: gpuServiceKind,
  fargateService: fargateServiceKind,
  sagemakerEndpoint: sagemakerEndpointKind,
  k3sApp: k3sAppKind,
};

export const isKind = (name: unknown): name is WorkloadKindName =>
  typeof name === 'string' && Object.hasOwn(KINDS, name);

/** The kind of a workload, to be asked about this workload only. */
export const kindOf = (workload: Workload): WorkloadKind<Workload> => KINDS[workload.kind];
