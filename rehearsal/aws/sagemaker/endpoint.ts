import { isAt, type Place } from '../place';
import type { Moment } from './moment';
import { notFound, sageMakerArn } from './names';
import type { EndpointState } from './state';

export const endpointAt = ({ state }: Moment, place: Place, name: string): EndpointState | undefined =>
  state.endpoints.find((each) => isAt(each, place) && each.name === name);

/** @throws ApiFault `ValidationException` */
export function endpointNamed(moment: Moment, place: Place, name: string): EndpointState {
  const found = endpointAt(moment, place, name);
  if (found) return found;
  throw notFound('endpoint', sageMakerArn(place, 'endpoint', name));
}
