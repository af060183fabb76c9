import { type Fault, workflowFile } from '../../contract';
import { stackNames } from '../names';
import type { PhysicalName } from './physical-name';
import { pipelinesOf } from './pipelines';
import { type Platform, rollbackEnvironmentOf } from './platform';
import { physicalNames, workloadStacks } from './workload-names';

/** Names that the rule makes twice, or too long for AWS, each with what to change. */
export function nameFaults(platform: Platform): Fault[] {
  const names = platform.workloads.flatMap((workload, index) =>
    physicalNames(workload, platform).map((name) => ({
      ...name,
      place: `workloads[${index}].${name.field}`,
    })),
  );
  return [
    ...lengthFaults(names),
    ...rollbackEnvironmentFaults(platform),
    ...stackNameFaults(platform),
    ...workflowFaults(platform),
    ...sharedNameFaults(names),
    ...unknownRoleFaults(platform, names),
  ];
}

type PlacedName = PhysicalName & { readonly place: string };

/** Settings for a role that the platform does not make would be lost without a word. */
function unknownRoleFaults(platform: Platform, names: readonly PlacedName[]): Fault[] {
  const roles = names.filter(({ what }) => what === 'role').map(({ name }) => name);
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
  return platform.workloads.flatMap((workload, index) =>
    workloadStacks(workload, platform).flatMap(({ name: stack, owner }): Fault[] => {
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
    }),
  );
}

/** `a-cd-deploy.yml` is the file of `a` for an environment `deploy`, and that of `a-cd` for all. */
function workflowFaults({ workloads }: Platform): Fault[] {
  const taken = new Map<string, string>();
  return workloads.flatMap((workload, index) =>
    pipelinesOf(workload).flatMap((pipeline): Fault[] => {
      const file = workflowFile(workload.id, pipeline);
      const other = taken.get(file);
      taken.set(file, workload.id);
      if (other === undefined) return [];
      return [
        {
          place: `workloads[${index}].id`,
          value: `"${workload.id}", whose workflow ${file} is also one of ${other}`,
          allowed: 'ids that make different file names together with the environments',
          change: 'rename the workload or the environment',
        },
      ];
    }),
  );
}

function lengthFaults(names: readonly PlacedName[]): Fault[] {
  return names.flatMap(({ what, name, place, longest }): Fault[] => {
    if (longest === undefined || name.length <= longest) return [];
    return [
      {
        place,
        value: `a ${what} named "${name}" (${name.length} characters)`,
        allowed: `${what} names of at most ${longest} characters`,
        change: `shorten the names of platform, workload or environment by ${name.length - longest} characters, or override the name of the ${what}`,
      },
    ];
  });
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
function sharedNameFaults(names: readonly PlacedName[]): Fault[] {
  const taken = new Map<string, string>();
  return names.flatMap(({ what, where, name, place }) => {
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
