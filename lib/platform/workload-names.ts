import { stackNames } from '../names';
import { imageStacks, storeNames } from './image-store';
import type { NamedStack } from './kind';
import { kindOf } from './kinds';
import { type PhysicalName, roleName } from './physical-name';
import { inspectionsOf } from './pipelines';
import { accountOf, type Platform } from './platform';
import type { Workload } from './workload';

/** Every physical name of a workload. */
export function physicalNames(workload: Workload, platform: Platform): readonly PhysicalName[] {
  const { environments } = workload;
  return [
    ...workload.images.flatMap((image) => storeNames(image, workload.region, platform)),
    ...environments.flatMap(({ name, names: { deployRole, rollbackRole, inspectRole } }) =>
      [deployRole, rollbackRole, ...(inspectionsOf(workload, name).length > 0 ? [inspectRole] : [])].map(
        (role) => roleName(role, accountOf(platform, name)),
      ),
    ),
    ...(workload.subscribers.length > 0 ? mailNames(workload, platform) : []),
    ...kindOf(workload).names(workload, platform),
  ];
}

/** Names of what sends mail about a workload. */
const mailNames = (workload: Workload, platform: Platform): readonly PhysicalName[] =>
  workload.environments.flatMap(({ name, names: { notifyRole, noticeTopic } }, index): PhysicalName[] => {
    const account = accountOf(platform, name);
    return [
      roleName(notifyRole, account),
      {
        what: 'topic',
        where: `${account} ${workload.region}`,
        name: noticeTopic,
        field: `environments[${index}].names.noticeTopic`,
      },
    ];
  });

/** Every stack of a workload. */
export function workloadStacks(workload: Workload, platform: Platform): readonly NamedStack[] {
  const { id } = workload;
  const { name } = platform;
  return [
    ...imageStacks(workload, platform),
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
