import type { PodState } from './state';

/** What becomes of the containers of a pod. */
export type PodBehaviour =
  /** `startsAfter`: seconds until its readiness probe passes. */
  | { readonly kind: 'serves'; readonly startsAfter: number }
  | { readonly kind: 'crashes'; readonly code: number; readonly after: number }
  | { readonly kind: 'outOfMemory'; readonly after: number }
  | { readonly kind: 'neverReady' }
  | { readonly kind: 'pullFails'; readonly message: string };

/** How some pods behave. */
export interface PodRule {
  /** Name of the Deployment or StatefulSet. @default - all */
  readonly workload?: string;
  /** Repositories of the images that behave so. @default - all */
  readonly repositories?: readonly string[];
  /** Images that behave otherwise. @default - none */
  readonly except?: readonly string[];
  readonly behaviour: PodBehaviour;
}

const SERVES: PodBehaviour = { kind: 'serves', startsAfter: 3 };

export const imagesOf = ({ template }: Pick<PodState, 'template'>): readonly string[] =>
  template.spec.containers.map(({ image }) => image);

export function behaviourOf(pod: PodState, rules: readonly PodRule[]): PodBehaviour {
  const images = imagesOf(pod);
  const fits = ({ workload, repositories, except = [] }: PodRule): boolean =>
    (workload === undefined || workload === pod.workload) &&
    (repositories?.some((each) => images.some((image) => image.startsWith(`${each}@`))) ?? true) &&
    !images.some((image) => except.includes(image));
  return rules.find(fits)?.behaviour ?? SERVES;
}
