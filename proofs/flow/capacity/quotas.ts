import type { InstanceGroup } from './instance-group';
import { GPU_QUOTA, GPU_SPOT_QUOTA, INSTANCE_CAPACITY } from './instance-types';
import { typesOf } from './places';

/** Instances that count against a quota, all of them at once. */
export interface Launched extends Pick<InstanceGroup, 'resource' | 'instanceTypes' | 'purchased'> {
  /** What they are for, where it is no service. */
  readonly purpose?: string;
}

/** vCPUs that each account and region must be allowed, counted over all groups at their maximum. */
export function gpuQuotas(groups: readonly Launched[]): readonly string[] {
  return [
    ...quotas(groups, GPU_QUOTA, ({ purchased }) => purchased.onDemand),
    ...quotas(groups, GPU_SPOT_QUOTA, ({ purchased }) => purchased.spot),
  ];
}

function quotas(
  groups: readonly Launched[],
  quota: { readonly code: string; readonly name: string },
  countOf: (group: Launched) => number,
): readonly string[] {
  const parts = new Map<string, { vcpus: number; sums: string[] }>();
  for (const group of groups) {
    // Of several types the largest counts: AWS may have that one only.
    const vcpus = Math.max(...group.instanceTypes.map((type) => INSTANCE_CAPACITY[type]?.vcpus ?? 0));
    const count = countOf(group);
    if (vcpus === 0 || count === 0) continue;
    const where = `account ${group.resource.account}, ${group.resource.region}`;
    const part = parts.get(where) ?? { vcpus: 0, sums: [] };
    parts.set(where, {
      vcpus: part.vcpus + vcpus * count,
      sums: [
        ...part.sums,
        `${count} × ${typesOf(group)} with ${vcpus}${group.purpose === undefined ? '' : ` for ${group.purpose}`}`,
      ],
    });
  }
  return [...parts].map(
    ([where, { vcpus, sums }]) =>
      `quota needed in ${where}: ${vcpus} vCPUs of "${quota.name}" (${quota.code}): ${sums.join(', ')}`,
  );
}
