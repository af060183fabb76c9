/**
 * One rule for physical names: `<platform>-<workload>-<environment>`, and the thing where a name alone
 * would not tell. Only resources that the manifest mentions get one: a name in the manifest is public
 * API, and a named resource cannot be replaced by CloudFormation without a new name (ADR 0003). Each can
 * be overridden in the platform file.
 */
export interface WorkloadNames {
  readonly cluster: string;
  readonly service: string;
  readonly taskDefinitionFamily: string;
  readonly taskRole: string;
  readonly executionRole: string;
  readonly logGroup: string;
  readonly declaredTaskDefinition: string;
  readonly releasedTaskDefinition: string;
  readonly releasedImage: string;
  readonly deployRole: string;
  readonly rollbackRole: string;
}

export function workloadNames(platform: string, workload: string, environment: string): WorkloadNames {
  const base = `${platform}-${workload}-${environment}`;
  const parameters = `/${platform}/${environment}/${workload}`;
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
    deployRole: `${base}-deploy`,
    rollbackRole: `${base}-rollback`,
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

/** Names of the stacks, by life cycle. */
export const stackNames = {
  access: (platform: string, environment: string) => `${platform}-access-${environment}`,
  network: (platform: string, environment: string, region?: string) =>
    `${platform}-network-${environment}${region === undefined ? '' : `-${region}`}`,
  images: (platform: string, workload: string) => `${platform}-${workload}-images`,
  state: (platform: string, workload: string, environment: string) =>
    `${platform}-${workload}-${environment}-state`,
  service: (platform: string, workload: string, environment: string) =>
    `${platform}-${workload}-${environment}`,
} as const;
