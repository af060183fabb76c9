import { capacityProviderName } from '../../../constructs/gpu-check';
import { type PhysicalName, roleName } from '../physical-name';
import { accountOf, type Platform } from '../platform';
import type { GpuCheck } from './gpu-check';

/** Names of a GPU check in the account of its environment. */
export function gpuCheckPhysicalNames(
  { environment, instanceTypes, names }: GpuCheck,
  region: string,
  platform: Platform,
): readonly PhysicalName[] {
  const account = accountOf(platform, environment);
  const named = (what: string, name: string, field: keyof GpuCheck['names']): PhysicalName => ({
    what,
    where: `${account} ${region}`,
    name,
    field: `gpuCheck.names.${field}`,
  });
  return [
    ...[names.taskRole, names.executionRole, names.checkRole].map((role) => roleName(role, account)),
    named('image repository', names.repository, 'repository'),
    named('cluster', names.cluster, 'cluster'),
    ...instanceTypes.map((type) =>
      named('capacity provider', capacityProviderName(names, type), 'capacityProviderPrefix'),
    ),
    named('task definition family', names.taskDefinitionFamily, 'taskDefinitionFamily'),
    named('log group', names.logGroup, 'logGroup'),
    named('parameter', names.declaredTaskDefinition, 'declaredTaskDefinition'),
  ];
}
