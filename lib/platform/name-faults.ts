import type { Fault } from '../../contract';
import { stackNames } from '../names';
import { type Platform, rollbackEnvironmentOf } from './platform';

/** Longest name of an IAM role. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const ROLE_NAME_LIMIT = 64;

/** Names that the rule makes twice, or too long for AWS, each with what to change. */
export function nameFaults(platform: Platform): Fault[] {
  return [
    ...lengthFaults(platform),
    ...rollbackEnvironmentFaults(platform),
    ...stackNameFaults(platform),
    ...sharedNameFaults(platform),
    ...unknownRoleFaults(platform),
  ];
}

/** Settings for a role that the platform does not make would be lost without a word. */
function unknownRoleFaults(platform: Platform): Fault[] {
  const roles = rolesOf(platform).map(({ name }) => name);
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
function stackNameFaults(platform: Platform): Fault[] {
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
  return rolesOf(platform)
    .filter(({ name }) => name.length > ROLE_NAME_LIMIT)
    .map(({ name, place }) => ({
      place,
      value: `a role named "${name}" (${name.length} characters)`,
      allowed: `role names of at most ${ROLE_NAME_LIMIT} characters`,
      change: `shorten the names of platform, workload or environment by ${name.length - ROLE_NAME_LIMIT} characters, or override the name of the role`,
    }));
}

/** The environment of automatic rollbacks must not be one that deployments use. */
function rollbackEnvironmentFaults({ environments }: Platform): Fault[] {
  return environments.flatMap((environment, index) => {
    const rollback = rollbackEnvironmentOf(environment);
    if (rollback === environment.name || !environments.some(({ name }) => name === rollback)) return [];
    return [
      {
        place: `environments[${index}].name`,
        value: `"${environment.name}", whose automatic rollbacks run in "${rollback}", which is declared too`,
        allowed: 'an environment of its own for automatic rollbacks',
        change: `rename the declared environment "${rollback}"`,
      },
    ];
  });
}

/** Overridden names can meet where the rule's names cannot. */
function sharedNameFaults(platform: Platform): Fault[] {
  const taken = new Map<string, string>();
  return namesOf(platform).flatMap(({ what, where, name, place }) => {
    const key = `${what} ${where} ${name}`;
    const other = taken.get(key);
    taken.set(key, place);
    if (other === undefined) return [];
    return [
      {
        place,
        value: `${what} "${name}", which ${other} uses already in ${where}`,
        allowed: `one ${what} for each name`,
        change: 'override one of the two names',
      },
    ];
  });
}

interface PhysicalName {
  readonly what: string;
  /** Account, or account and region, in which the name must be single. */
  readonly where: string;
  readonly name: string;
  readonly place: string;
}

function namesOf(platform: Platform): readonly PhysicalName[] {
  return [
    ...rolesOf(platform).map(({ name, account, place }) => ({ what: 'role', where: account, name, place })),
    ...platform.workloads.flatMap((workload, index) => [
      {
        what: 'image repository',
        where: `${platform.imageAccount} ${workload.region}`,
        name: workload.names.repository,
        place: `workloads[${index}].image.names.repository`,
      },
      ...workload.environments.flatMap(({ name: environment, names }, at) => {
        const where = `${accountOf(platform, environment)} ${workload.region}`;
        const place = `workloads[${index}].environments[${at}].names`;
        const parameters = [names.declaredTaskDefinition, names.releasedTaskDefinition, names.releasedImage];
        return [
          { what: 'cluster', where, name: names.cluster, place: `${place}.cluster` },
          {
            what: 'task definition family',
            where,
            name: names.taskDefinitionFamily,
            place: `${place}.taskDefinitionFamily`,
          },
          { what: 'log group', where, name: names.logGroup, place: `${place}.logGroup` },
          ...parameters.map((name) => ({ what: 'parameter', where, name, place })),
        ];
      }),
    ]),
  ];
}

const accountOf = (platform: Platform, environment: string): string =>
  platform.environments.find(({ name }) => name === environment)?.account ?? '';

/** Every role of the platform, with the field that names it. */
function rolesOf(
  platform: Platform,
): readonly { readonly name: string; readonly account: string; readonly place: string }[] {
  return platform.workloads.flatMap(({ names, environments }, index) => [
    ...[names.publishRole, names.scanRole].map((name) => ({
      name,
      account: platform.imageAccount,
      place: `workloads[${index}].id`,
    })),
    ...environments.flatMap(({ name: environment, names: own }) =>
      [own.taskRole, own.executionRole, own.deployRole, own.rollbackRole].map((name) => ({
        name,
        account: accountOf(platform, environment),
        place: `workloads[${index}].id`,
      })),
    ),
  ]);
}
