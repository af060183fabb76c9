import type { Place } from '../place';

/** What `Describe*` gives for a resource, as the SDK names it. */
export type Description = Readonly<Record<string, unknown>>;

/** The kinds of resources that calls can see. */
export type Kind = 'Vpcs' | 'Subnets' | 'SecurityGroups' | 'Instances';

export interface StoredResource extends Place {
  readonly kind: Kind;
  readonly id: string;
  readonly description: Description;
}

/** Everything that the model of EC2 remembers. */
export interface Ec2State {
  lastId: number;
  /** By id. */
  readonly resources: Map<string, StoredResource>;
}

export const emptyState = (): Ec2State => ({ lastId: 0, resources: new Map() });
