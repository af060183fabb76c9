import type { ClusterState } from './cluster-state';

export type Track = 'blue' | 'green';

/** How a route shares the traffic, in per cent. */
export type Weights = Readonly<Record<Track, number>>;

/** Undefined where a service has no route with both sides. */
export function weightsOf(routes: ClusterState['routes'], service: string): Weights | undefined {
  const route = routes.find(({ metadata }) => metadata.name === service);
  const of = (track: Track) =>
    route?.spec.weighted.services.find(({ name }) => name === `${service}-${track}`)?.weight;
  const [blue, green] = [of('blue'), of('green')];
  return blue === undefined || green === undefined ? undefined : { blue, green };
}

/** The side with most of the traffic. */
export function liveTrack(routes: ClusterState['routes'], service: string): Track | undefined {
  const weights = weightsOf(routes, service);
  return weights && (weights.blue >= weights.green ? 'blue' : 'green');
}
