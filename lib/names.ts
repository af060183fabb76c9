import type { Fault } from '../contract';
import { type Platform, rollbackEnvironmentOf } from './platform/platform';

/**
 * One rule for physical names: `<platform>-<workload>-<environment>`, and the thing where a name alone
 * would not tell. Only resources that the manifest mentions get one: a name in the manifest is public
 * API, and a named resource cannot be replaced by CloudFormation without a new name (ADR 0003).
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

/** Longest name of an IAM role. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE_NAME_LIMIT = 64;
/** Longest name of a GitHub environment that Lockstep derives; GitHub itself allows 255. */
const ENVIRONMENT_NAME_LIMIT = 255;

/** Names that the rule makes twice, or too long for AWS, each with what to change. */
export function nameFaults(platform: Platform): Fault[] {
  return [...lengthFaults(platform), ...clashFaults(platform), ...unknownRoleFaults(platform)];
}

/** Settings for a role that the platform does not make would be lost without a word. */
function unknownRoleFaults(platform: Platform): Fault[] {
  const roles = platform.workloads.flatMap((workload) => [
    imageNames(platform.name, workload.id).publishRole,
    imageNames(platform.name, workload.id).scanRole,
    ...workload.environments.flatMap(({ name }) => {
      const { deployRole, rollbackRole } = workloadNames(platform.name, workload.id, name);
      return [deployRole, rollbackRole];
    }),
  ]);
  return Object.keys(platform.trust.roles)
    .filter((name) => !roles.includes(name))
    .map((name) => ({
      place: `trust.roles.${name}`,
      value: 'a role that the platform does not make',
      allowed: roles.join(', '),
      change: 'correct the name, or remove the entry',
    }));
}

/** Hyphens may stand in ids too, so that two pairs of workload and environment can meet in one name. */
function clashFaults(platform: Platform): Fault[] {
  const { name } = platform;
  const taken = new Map<string, string>();
  for (const environment of platform.environments) {
    taken.set(stackNames.access(name, environment.name), `the provider of ${environment.name}`);
    taken.set(stackNames.network(name, environment.name), `the network of ${environment.name}`);
  }
  return platform.workloads.flatMap((workload, index) => {
    const wanted = [
      [stackNames.images(name, workload.id), `the images of ${workload.id}`] as const,
      ...workload.environments.flatMap((environment) => [
        [
          stackNames.service(name, workload.id, environment.name),
          `${workload.id} in ${environment.name}`,
        ] as const,
        [
          stackNames.state(name, workload.id, environment.name),
          `the state of ${workload.id} in ${environment.name}`,
        ] as const,
      ]),
    ];
    return wanted.flatMap(([stack, owner]): Fault[] => {
      const other = taken.get(stack);
      taken.set(stack, owner);
      if (other === undefined) return [];
      return [
        {
          place: `workloads[${index}].id`,
          value: `"${workload.id}": ${owner} would be named "${stack}" like ${other}`,
          allowed: 'ids that make different names together',
          change: 'rename the workload or the environment',
        },
      ];
    });
  });
}

function lengthFaults(platform: Platform): Fault[] {
  const names = platform.workloads.flatMap((workload, index) =>
    workload.environments.flatMap((environment) => {
      const { taskRole, executionRole, deployRole, rollbackRole } = workloadNames(
        platform.name,
        workload.id,
        environment.name,
      );
      return [taskRole, executionRole, deployRole, rollbackRole].map((name) => ({
        name,
        place: `workloads[${index}].id`,
      }));
    }),
  );
  const tooLong = names
    .filter(({ name }) => name.length > ROLE_NAME_LIMIT)
    .map(({ name, place }) => ({
      place,
      value: `a role named "${name}" (${name.length} characters)`,
      allowed: `role names of at most ${ROLE_NAME_LIMIT} characters`,
      change: `shorten the names of platform, workload or environment by ${name.length - ROLE_NAME_LIMIT} characters`,
    }));
  const clashes = platform.environments
    .map((environment) => ({ environment, rollback: rollbackEnvironmentOf(environment) }))
    .filter(({ environment, rollback }) => rollback !== environment.name)
    .filter(
      ({ rollback }) =>
        rollback.length > ENVIRONMENT_NAME_LIMIT ||
        platform.environments.some(({ name }) => name === rollback),
    )
    .map(({ environment, rollback }) => ({
      place: `environments[${platform.environments.indexOf(environment)}].name`,
      value: `"${environment.name}", whose automatic rollbacks run in "${rollback}", which is declared too`,
      allowed: 'an environment of its own for automatic rollbacks',
      change: `rename the declared environment "${rollback}"`,
    }));
  return [...tooLong, ...clashes];
}
