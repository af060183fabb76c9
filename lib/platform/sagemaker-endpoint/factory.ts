import type { SagemakerEndpointProps } from './props';

/**
 * A model behind a real-time endpoint of SageMaker. Each commit on the default branch goes to the first environment;
 * people promote what an environment serves to the next one.
 *
 * @example sagemakerEndpoint({ id: 'bikeshare', source: 'services/bikeshare', verification: {…}, environments: […] })
 */
export function sagemakerEndpoint<const Env extends string>(
  props: Omit<SagemakerEndpointProps<Env>, 'kind'>,
): SagemakerEndpointProps<Env> {
  return { kind: 'sagemakerEndpoint', ...props };
}
