import type { EcsServiceNames } from '../constructs/ecs-service';
import type { GpuCheckNames } from '../constructs/gpu-check';
import type { K3sNodeNames } from '../constructs/k3s-node';
import type { SagemakerEndpointNames } from '../constructs/sagemaker-endpoint';

/**
 * One rule for physical names: `<platform>-<workload>-<environment>`, and the thing where a name alone
 * would not tell. Only resources that the manifest mentions get one: a name in the manifest is public
 * API, and a named resource cannot be replaced by CloudFormation without a new name (ADR 0003). Each can
 * be overridden in the platform file.
 */

/** What jobs use of one workload in one environment, whatever its kind. */
export interface JobRoleNames {
  readonly deployRole: string;
  readonly rollbackRole: string;
  readonly inspectRole: string;
  /** Made only where mail is sent, like `noticeTopic`. */
  readonly notifyRole: string;
  /** Topic that mail about the workload goes through. */
  readonly noticeTopic: string;
}

/** Of a service on ECS, in one environment. */
export interface EcsServiceWorkloadNames extends JobRoleNames, EcsServiceNames {}

/** Of an endpoint of SageMaker, in one environment. */
export interface SagemakerEndpointWorkloadNames extends JobRoleNames, SagemakerEndpointNames {}

/** Of services on K3s, in one environment. */
export interface K3sAppNames extends JobRoleNames, K3sNodeNames {}

const baseOf = (platform: string, workload: string, environment: string): string =>
  `${platform}-${workload}-${environment}`;

const parametersOf = (platform: string, workload: string, environment: string): string =>
  `/${platform}/${environment}/${workload}`;

const jobRoleNames = (base: string): JobRoleNames => ({
  deployRole: `${base}-deploy`,
  rollbackRole: `${base}-rollback`,
  inspectRole: `${base}-inspect`,
  notifyRole: `${base}-notify`,
  noticeTopic: `${base}-notices`,
});

export function ecsServiceNames(
  platform: string,
  workload: string,
  environment: string,
): EcsServiceWorkloadNames {
  const base = baseOf(platform, workload, environment);
  const parameters = parametersOf(platform, workload, environment);
  return {
    cluster: base,
    service: workload,
    taskDefinitionFamily: base,
    taskRole: `${base}-task`,
    executionRole: `${base}-execution`,
    logGroup: parameters,
    declaredTaskDefinition: `${parameters}/declared-task-definition`,
    releasedTaskDefinition: `${parameters}/released-task-definition`,
    releasedImage: `${parameters}/released-image`,
    verificationFunction: `${base}-verify`,
    hookRole: `${base}-hook`,
    ...jobRoleNames(base),
  };
}

export function sagemakerEndpointNames(
  platform: string,
  workload: string,
  environment: string,
): SagemakerEndpointWorkloadNames {
  const base = baseOf(platform, workload, environment);
  const parameters = parametersOf(platform, workload, environment);
  return {
    endpoint: base,
    namePrefix: base,
    executionRole: `${base}-execution`,
    declaredSettings: `${parameters}/declared-settings`,
    releasedConfig: `${parameters}/released-config`,
    releasedImage: `${parameters}/released-image`,
    releasedModel: `${parameters}/released-model`,
    ...jobRoleNames(base),
  };
}

/** @param account of the environment: buckets of all accounts share one space of names */
export function k3sAppNames(
  platform: string,
  workload: string,
  environment: string,
  account: string,
): K3sAppNames {
  const base = baseOf(platform, workload, environment);
  const parameters = parametersOf(platform, workload, environment);
  return {
    namespace: workload,
    nodeTag: base,
    document: base,
    bucket: `${base}-runs-${account}`,
    logGroup: parameters,
    releasedRelease: `${parameters}/released-release`,
    ...jobRoleNames(base),
  };
}

/** Of the GPU check of a workload. */
export interface GpuCheckWorkloadNames extends GpuCheckNames {
  /** Role of its jobs. */
  readonly checkRole: string;
}

export function gpuCheckNames(
  platform: string,
  workload: string,
  environment: string,
): GpuCheckWorkloadNames {
  const id = gpuCheckId(workload);
  const base = `${platform}-${id}`;
  const parameters = parametersOf(platform, id, environment);
  return {
    repository: `${platform}/${id}`,
    cluster: base,
    // ECS refuses names that begin with aws, ecs or fargate, which a platform may be named.
    capacityProviderPrefix: `cp-${base}`,
    taskDefinitionFamily: base,
    taskRole: `${base}-task`,
    executionRole: `${base}-execution`,
    logGroup: parameters,
    declaredTaskDefinition: `${parameters}/declared-task-definition`,
    checkRole: base,
  };
}

/** What a GPU check is called: its entry, its role and its resources begin with it. */
export const gpuCheckId = (workload: string): string => `${workload}-gpu-check`;

export interface ImageNames {
  readonly repository: string;
  readonly publishRole: string;
  readonly scanRole: string;
}

/** @param image id of the image: that of its workload where it has one */
export function imageNames(platform: string, image: string): ImageNames {
  const base = `${platform}-${image}`;
  return { repository: `${platform}/${image}`, publishRole: `${base}-publish`, scanRole: `${base}-scan` };
}

/** Buckets of all accounts share one space of names: the account makes it single. */
export const modelBucketName = (platform: string, workload: string, account: string): string =>
  `${platform}-${workload}-models-${account}`;

/** Names of the stacks, by life cycle. */
export const stackNames = {
  access: (platform: string, environment: string) => `${platform}-access-${environment}`,
  network: (platform: string, environment: string, region?: string) =>
    `${platform}-network-${environment}${region === undefined ? '' : `-${region}`}`,
  /** @param image id of the image */
  images: (platform: string, image: string) => `${platform}-${image}-images`,
  models: (platform: string, workload: string) => `${platform}-${workload}-models`,
  gpuCheck: (platform: string, workload: string) => `${platform}-${gpuCheckId(workload)}`,
  state: (platform: string, workload: string, environment: string) =>
    `${baseOf(platform, workload, environment)}-state`,
  target: baseOf,
} as const;
