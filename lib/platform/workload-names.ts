import { stackNames } from '../names';
import type { NamedStack } from './kind';
import { kindOf } from './kinds';
import { type PhysicalName, roleName } from './physical-name';
import { inspectionsOf } from './pipelines';
import { accountOf, type Platform } from './platform';
import type { Workload } from './workload';

/** Every physical name of a workload. */
export function physicalNames(workload: Workload, platform: Platform): readonly PhysicalName[] {
  const { names, environments } = workload;
  return [
    roleName(names.publishRole, platform.imageAccount),
    roleName(names.scanRole, platform.imageAccount),
    ...environments.flatMap(({ name, names: { deployRole, rollbackRole, inspectRole } }) =>
      [deployRole, rollbackRole, ...(inspectionsOf(workload, name).length > 0 ? [inspectRole] : [])].map(
        (role) => roleName(role, accountOf(platform, name)),
      ),
    ),
    {
      what: 'image repository',
      where: `${platform.imageAccount} ${workload.region}`,
      name: names.repository,
      field: 'image.names.repository',
    },
    ...kindOf(workload).names(workload, platform),
  ];
}

/** Every stack of a workload. */
export function workloadStacks(workload: Workload, platform: Platform): readonly NamedStack[] {
  const { id } = workload;
  const { name } = platform;
  return [
    { name: stackNames.images(name, id), owner: `the images of ${id}` },
    ...kindOf(workload).stacks(workload, platform),
    ...workload.environments.flatMap((environment) => [
      { name: stackNames.target(name, id, environment.name), owner: `${id} in ${environment.name}` },
      {
        name: stackNames.state(name, id, environment.name),
        owner: `the state of ${id} in ${environment.name}`,
      },
    ]),
  ];
}
