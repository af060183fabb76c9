import type { GpuEcsServiceNames } from '../constructs/ecs-service';
import type { SagemakerEndpointNames } from '../constructs/sagemaker-endpoint';

/**
 * One rule for physical names: `<platform>-<workload>-<environment>`, and the thing where a name alone
 * would not tell. Only resources that the manifest mentions get one: a name in the manifest is public
 * API, and a named resource cannot be replaced by CloudFormation without a new name (ADR 0003). Each can
 * be overridden in the platform file.
 */

/** Roles that jobs assume for one workload in one environment, whatever its kind. */
export interface JobRoleNames {
  readonly deployRole: string;
  readonly rollbackRole: string;
  readonly inspectRole: string;
}

/** Of a workload on ECS, in one environment. */
export interface GpuServiceNames extends JobRoleNames, GpuEcsServiceNames {}

/** Of an endpoint of SageMaker, in one environment. */
export interface SagemakerEndpointWorkloadNames extends JobRoleNames, SagemakerEndpointNames {}

const baseOf = (platform: string, workload: string, environment: string): string =>
  `${platform}-${workload}-${environment}`;

const parametersOf = (platform: string, workload: string, environment: string): string =>
  `/${platform}/${environment}/${workload}`;

const jobRoleNames = (base: string): JobRoleNames => ({
  deployRole: `${base}-deploy`,
  rollbackRole: `${base}-rollback`,
  inspectRole: `${base}-inspect`,
});

export function gpuServiceNames(platform: string, workload: string, environment: string): GpuServiceNames {
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

export interface ImageNames {
  readonly repository: string;
  readonly publishRole: string;
  readonly scanRole: string;
}

export function imageNames(platform: string, workload: string): ImageNames {
  const base = `${platform}-${workload}`;
  return { repository: `${platform}/${workload}`, publishRole: `${base}-publish`, scanRole: `${base}-scan` };
}

/** Buckets of all accounts share one space of names: the account makes it single. */
export const modelBucketName = (platform: string, workload: string, account: string): string =>
  `${platform}-${workload}-models-${account}`;

/** Names of the stacks, by life cycle. */
export const stackNames = {
  access: (platform: string, environment: string) => `${platform}-access-${environment}`,
  network: (platform: string, environment: string, region?: string) =>
    `${platform}-network-${environment}${region === undefined ? '' : `-${region}`}`,
  images: (platform: string, workload: string) => `${platform}-${workload}-images`,
  models: (platform: string, workload: string) => `${platform}-${workload}-models`,
  state: (platform: string, workload: string, environment: string) =>
    `${baseOf(platform, workload, environment)}-state`,
  target: baseOf,
} as const;
