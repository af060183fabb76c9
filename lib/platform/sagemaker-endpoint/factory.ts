import type { SagemakerEndpointWorkloadProps } from './props';

/**
 * A model behind a real-time endpoint of SageMaker. Unless `delivery` says otherwise, each commit on the default branch
 * goes to the first environment, and people promote what an environment serves to the next one.
 *
 * @example sagemakerEndpoint({ id: 'bikeshare', source: 'services/bikeshare', verification: {…}, environments: […] })
 */
export function sagemakerEndpoint<const Env extends string>(
  props: Omit<SagemakerEndpointWorkloadProps<Env>, 'kind'>,
): SagemakerEndpointWorkloadProps<Env> {
  return { kind: 'sagemakerEndpoint', ...props };
}
