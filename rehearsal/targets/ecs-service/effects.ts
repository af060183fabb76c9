import type { Behaviour } from '../../aws/ecs/behaviour';

/** What can happen to a service of ECS. */
export type EcsEffect =
  /** Tasks of every image that did not run before behave so. */
  | { readonly kind: 'newTasks'; readonly behaviour: Behaviour }
  | { readonly kind: 'breaker'; readonly enable: boolean; readonly rollback: boolean }
  /** EC2 has no more instances, and other tasks hold the GPUs that are free. */
  | { readonly kind: 'noGpuFree' }
  /** The first alarm that the deployment watches goes off once a new task runs. */
  | { readonly kind: 'alarm' }
  /** Somebody deploys another image past the pipeline. */
  | { readonly kind: 'foreignDeployment' }
  /** The image that was just pushed is deleted from the registry. */
  | { readonly kind: 'imageDeleted' }
  /** Somebody deregisters every earlier revision of the task definition. */
  | { readonly kind: 'earlierDeregistered' }
  /** The first deployment that succeeds is released, and then all its tasks end; what starts next does, too. */
  | { readonly kind: 'crashAfterRelease'; readonly lines: readonly string[] }
  /** Like it, and tasks of earlier releases end as well from then on. */
  | { readonly kind: 'nothingStartsAfterRelease'; readonly lines: readonly string[] }
  /** Once a deployment succeeded, its tasks end and other tasks take their GPUs. */
  | { readonly kind: 'gpusLostAfterRelease' }
  /** A new deployment is listed only after so many seconds. */
  | { readonly kind: 'listedAfter'; readonly seconds: number };
