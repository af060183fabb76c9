import type { InstanceGroup } from './instance-group';
import { INSTANCE_CAPACITY, type InstanceCapacity, placesOn, type TaskSize } from './instance-types';

/** How many tasks an instance of a group takes, at the worst. */
export interface Places {
  /** Type that takes the fewest. */
  readonly name: string;
  readonly type: InstanceCapacity;
  readonly places: number;
  readonly scarce: 'GPU' | 'CPU' | 'memory';
}

/** Of several types the one that takes the fewest tasks, since AWS may have that one only; or a type nobody knows. */
export function fewestPlaces(
  { instanceTypes }: Pick<InstanceGroup, 'instanceTypes'>,
  size: TaskSize,
): Places | { readonly unknown: string } {
  let fewest: Places | undefined;
  for (const name of instanceTypes) {
    const type = INSTANCE_CAPACITY[name];
    if (!type) return { unknown: name };
    const fit = placesOn(type, size);
    if (!fewest || fit.places < fewest.places) fewest = { name, type, ...fit };
  }
  return fewest ?? { unknown: 'none' };
}

/** Such as `g4dn.xlarge or g4dn.2xlarge`. */
export const typesOf = ({ instanceTypes }: Pick<InstanceGroup, 'instanceTypes'>): string =>
  instanceTypes.join(' or ');
