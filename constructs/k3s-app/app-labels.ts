/** Label of the two Deployments between which a route shares the traffic. */
export const TRACK_LABEL = 'lockstep.dev/track';

export const TRACKS = ['blue', 'green'] as const;
export type Track = (typeof TRACKS)[number];

export const trackName = (service: string, track: Track): string => `${service}-${track}`;

/** IngressRoute of a service with tracks. It stands beside the one without while the strategy is being changed. */
export const routedName = (service: string): string => `${service}-routed`;

/** Where an object belongs. */
export interface Place {
  readonly workload: string;
  readonly namespace: string;
}

type Labels = Readonly<Record<string, string>>;

/**
 * What every object has; what a release leaves out is found and deleted by it.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export const ownerLabels = (workload: string): Labels => ({
  'app.kubernetes.io/part-of': workload,
  'app.kubernetes.io/managed-by': 'lockstep',
});

/** What Services, budgets and policies choose pods by. It never changes: a Deployment's selector cannot. */
export const selectorOf = ({ workload }: Place, name: string, track?: Track): Labels => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/part-of': workload,
  ...(track === undefined ? {} : { [TRACK_LABEL]: track }),
});

export const labelsOf = (place: Place, name: string, track?: Track): Labels => ({
  ...selectorOf(place, name, track),
  ...ownerLabels(place.workload),
});

/** Metadata of an object of the namespace. `part` is the service that it belongs to. */
export const metadataOf = (place: Place, name: string, part: string, track?: Track) => ({
  name,
  namespace: place.namespace,
  labels: labelsOf(place, part, track),
});
