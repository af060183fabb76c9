import { definePlatform } from '../../lib';
import type { SagemakerEndpointWorkload, UpdateProps } from '../../lib/platform';
import {
  type Endpoint,
  endpoint,
  type EndpointEnvironment,
  endpointIn,
  platformProps,
} from './platform-props';

/** Platforms of one endpoint in staging, and the ways to change it. */

export const platformOf = (changes: Partial<Endpoint>) => platformProps({ workloads: [endpoint(changes)] });
export const inStaging = (changes: Partial<EndpointEnvironment>): Partial<Endpoint> => ({
  environments: [endpointIn(changes)],
});
export const updated = (update: UpdateProps, changes: Partial<EndpointEnvironment> = {}): Partial<Endpoint> =>
  inStaging({ update, ...changes });
export const resolved = (changes: Partial<Endpoint> = {}) =>
  definePlatform(platformOf(changes)).workloads[0] as SagemakerEndpointWorkload;
