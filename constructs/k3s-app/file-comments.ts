import type { KubernetesObject } from './kubernetes-object';

/** What people must know of a file who see it for the first time, by its path; the first one that fits. */
const COMMENTS: readonly (readonly [path: RegExp, lines: readonly string[]])[] = [
  [
    /^10-base\/namespace\.yaml$/,
    [
      'A release applies the folders in the order of their numbers: what others need, what keeps data, what rolls, and what',
      'stands behind a route that shares the traffic between two Deployments. This file comes before all others.',
    ],
  ],
  [
    /^40-routed\/.*\/(blue|green)\.yaml$/,
    [
      'A release applies one of blue.yaml and green.yaml: that of the Deployment which has no traffic. The other one serves',
      'until the traffic is moved, and is scaled to nothing when the release is final.',
    ],
  ],
  [
    /^40-routed\/.*\/route\.yaml$/,
    [
      'Applied only where there is no such route yet: it says how the traffic is shared at first. From then on the weights',
      'belong to the pipeline, which moves them during a release.',
    ],
  ],
  [
    /^40-routed\/.*\/ingress\.yaml$/,
    [
      'Applied last: requests come as soon as it is there. Traefik tries the rule with the highest priority first. It is twice',
      'the length of the rule, so that longer paths come first, and one more: where this service had a route without tracks',
      'before, this one goes before it until that one is deleted.',
    ],
  ],
];

const ON_IMAGES = [
  '`image:` has neither tag nor digest: the pipeline puts the digest that it has built and scanned behind it.',
];

/** Lines for the head of a file, without the sign of a comment. */
export const commentsOf = (path: string, objects: readonly KubernetesObject[]): readonly string[] => [
  ...(COMMENTS.find(([pattern]) => pattern.test(path))?.[1] ?? []),
  ...(objects.some(({ kind }) => kind === 'Deployment') ? ON_IMAGES : []),
];
