import type { DescribeEndpointOutput } from '@aws-sdk/client-sagemaker';

/** An endpoint at a moment. */
export interface Endpoint {
  /** Status of AWS, such as `InService`. */
  readonly status: string;
  /** Config that serves; while the endpoint is created, the one that will. */
  readonly config: string;
  /** Config of the update that is under way. */
  readonly pending?: string;
  /** Why the last change failed; AWS may leave it empty even though it went back. */
  readonly failureReason?: string;
  readonly instances: { readonly current: number; readonly desired: number };
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html */
export function endpointOf(output: DescribeEndpointOutput): Endpoint {
  const { EndpointStatus, EndpointConfigName = '', PendingDeploymentSummary, FailureReason } = output;
  const variants = output.ProductionVariants ?? [];
  const sum = (counts: readonly (number | undefined)[]) =>
    counts.reduce<number>((all, n) => all + (n ?? 0), 0);
  const pending = PendingDeploymentSummary?.EndpointConfigName;
  return {
    status: EndpointStatus ?? 'unknown',
    config: EndpointConfigName,
    ...(pending === undefined ? {} : { pending }),
    ...(FailureReason === undefined || FailureReason === '' ? {} : { failureReason: FailureReason }),
    instances: {
      current: sum(variants.map(({ CurrentInstanceCount }) => CurrentInstanceCount)),
      desired: sum(variants.map(({ DesiredInstanceCount }) => DesiredInstanceCount)),
    },
  };
}

/** SageMaker moves the endpoint to another config, or makes it. */
export const isUnderWay = ({ status }: Endpoint): boolean => status === 'Creating' || status === 'Updating';

/** Something changes the endpoint, and no update is taken until it has ended. */
export const isMoving = (endpoint: Endpoint): boolean =>
  isUnderWay(endpoint) || /^(RollingBack|SystemUpdating|Deleting)$/.test(endpoint.status);

export const isServing = ({ status }: Endpoint): boolean => status === 'InService';

/**
 * Autoscaling starts or ends instances: the endpoint is being updated, and not to another config.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpointWeightsAndCapacities.html
 */
export const isScaling = (endpoint: Endpoint): boolean =>
  endpoint.status === 'Updating' && headingOf(endpoint) === endpoint.config;

/** Config that the endpoint is on its way to, or that it serves. */
export const headingOf = ({ config, pending }: Endpoint): string => pending ?? config;

/** True when AWS had no instances to give, or the account may not have so many. */
export const saysNoCapacity = (reason: string): boolean =>
  /InsufficientInstanceCapacity|capacity error|insufficient capacity|unable to provision|ResourceLimitExceeded|service limit|quota/i.test(
    reason,
  );
