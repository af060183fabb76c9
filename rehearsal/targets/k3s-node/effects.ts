import type { PodBehaviour } from '../../kubernetes';
import type { ApiTrouble } from '../../kubernetes';
import type { Agent } from '../../aws/ssm';

/** What can happen to a node and to what it runs. */
export type K3sEffect =
  /** Pods of every image that did not run before behave so. */
  | { readonly kind: 'newPods'; readonly behaviour: PodBehaviour }
  /** Pods of each StatefulSet are started anew, and behave so from then on. */
  | { readonly kind: 'statefulPods'; readonly behaviour: PodBehaviour }
  /** Pods of the new images behave so once all of them serve. */
  | { readonly kind: 'newPodsOnceTheyServe'; readonly behaviour: PodBehaviour }
  /** All pods of the workload behave so once those of the new images serve. */
  | { readonly kind: 'allPodsOnceNewOnesServe'; readonly behaviour: PodBehaviour }
  /** The next calls of kubectl go wrong. */
  | ({ readonly kind: 'api'; readonly trouble: ApiTrouble['kind'] } & Readonly<
      Record<'calls' | 'after', number>
    >)
  /** The kubelet says nothing any more. */
  | { readonly kind: 'nodeNotReady' }
  /** Other pods have requested all the memory that was left. */
  | { readonly kind: 'noMemoryLeft' }
  /** The images that were just pushed are deleted from the registry. */
  | { readonly kind: 'imagesDeleted' }
  | ({ readonly kind: 'agent' } & Partial<Agent>)
  /** Somebody changes how long the document lets its script run, in seconds. */
  | { readonly kind: 'documentTimeout'; readonly seconds: number }
  /** A second instance gets the tag of the node. */
  | { readonly kind: 'secondNode' }
  | { readonly kind: 'nodeStopped' }
  /** Files of the node's state that cannot be written any more. */
  | { readonly kind: 'diskFull'; readonly paths: readonly string[] }
  /** Pods of images that did not serve before answer so. */
  | { readonly kind: 'newAnswers'; readonly errors: number; readonly seconds: number }
  /** Nobody asks anything. */
  | { readonly kind: 'noTraffic' }
  /** Somebody deletes the ReplicaSets that serve, as far as they are no longer needed, once new ones do. */
  | { readonly kind: 'historyDeleted' }
  /** Somebody deploys another image past the pipeline. */
  | { readonly kind: 'foreignVersion' };
