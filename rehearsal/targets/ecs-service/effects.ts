import type { Behaviour } from '../../aws/ecs/behaviour';

/** A moment of a deployment: a new task runs, some of the clients reach the new version, or all of them do. */
export type DeploymentMoment = 'newTaskRuns' | 'partOfTraffic' | 'bake';

/** What can happen to a service of ECS. */
export type EcsEffect =
  /** Tasks of every image that did not run before behave so. */
  | { readonly kind: 'newTasks'; readonly behaviour: Behaviour }
  | { readonly kind: 'breaker'; readonly enable: boolean; readonly rollback: boolean }
  /** EC2 has no more instances, and other tasks hold the GPUs that are free. */
  | { readonly kind: 'noGpuFree' }
  /** AWS takes the Spot Instance of a new task away, and has others or has none. */
  | { readonly kind: 'spotTaken'; readonly others: boolean }
  /** By its schedule, autoscaling has taken all tasks away. */
  | { readonly kind: 'asleep' }
  /** The first alarm that the deployment watches goes off. */
  | { readonly kind: 'alarm'; readonly when: DeploymentMoment }
  /** Tasks of the version that is deployed end, and what starts of it next. */
  | { readonly kind: 'newTasksEnd'; readonly when: DeploymentMoment }
  /** Somebody stops the deployment once the new version has clients. */
  | { readonly kind: 'stoppedBySomebody' }
  /** The function that asks the service goes wrong. */
  | { readonly kind: 'function'; readonly fault: 'crashes' | 'hangs'; readonly asked: 'byEcs' | 'byPipeline' }
  /** Once a deployment succeeded, its tasks answer clients with this status; their checks go on to pass. */
  | { readonly kind: 'badAnswersAfterRelease'; readonly status: number }
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
