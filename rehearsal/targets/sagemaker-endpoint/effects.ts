import type { ContainerBehaviour, ModelAnswer } from '../../aws/sagemaker';

/** What can happen to an endpoint of SageMaker. */
export type SageMakerEffect =
  /** Containers of every version that was not made before behave so. */
  | { readonly kind: 'newContainers'; readonly behaviour: ContainerBehaviour }
  /** Models of every version that was not made before answer so. */
  | { readonly kind: 'newAnswers'; readonly answer: ModelAnswer }
  /** The first alarm that the target names goes off once the new fleet gets traffic. */
  | { readonly kind: 'alarm' }
  /** Somebody deletes the model artifact of the version that is on its way. */
  | { readonly kind: 'artifactDeleted' }
  /** Somebody deletes the model artifact of what served before, once the new version is released. */
  | { readonly kind: 'earlierArtifactDeletedAfterRelease' }
  /** Once the new version is released, containers that are started behave so, also those of earlier versions. */
  | { readonly kind: 'newFleetsAfterRelease'; readonly behaviour: ContainerBehaviour }
  /** AWS has no more instances of the type. */
  | { readonly kind: 'noCapacity' }
  /** Somebody deploys another image past the pipeline. */
  | { readonly kind: 'foreignVersion' }
  /** SageMaker goes back once the new fleet gets traffic, and gives no reason. */
  | { readonly kind: 'silentRollback' }
  /** The first alarm goes off once a batch of old instances is gone, and AWS has none to put in its place. */
  | { readonly kind: 'rollbackFails' };
