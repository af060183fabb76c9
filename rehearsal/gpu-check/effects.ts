import type { Behaviour } from '../aws/ecs';

/** What can happen to a GPU check. */
export type GpuCheckEffect =
  /** Tasks of the check behave so from now on. */
  | { readonly kind: 'checkTasks'; readonly behaviour: Behaviour }
  /** Instances of the cluster come from another machine image; those that there are go. */
  | { readonly kind: 'machineImage'; readonly imageId: string }
  /** EC2 has no more instances; those that there are go. */
  | { readonly kind: 'noInstances' }
  /** The instance of the task goes away with it. */
  | { readonly kind: 'instanceLost' }
  /** The image of the newest task is deleted from the registry. */
  | { readonly kind: 'checkImageDeleted' }
  /** Lines reach the log group only after so many seconds, or never. */
  | { readonly kind: 'logsWithin'; readonly seconds: number };
