import type {
  DataCaptureConfig,
  DataCaptureConfigSummary,
  DeployedImage,
  DescribeEndpointOutput,
  PendingDeploymentSummary,
  PendingProductionVariantSummary,
  ProductionVariantStatus,
  ProductionVariantSummary,
} from '@aws-sdk/client-sagemaker';
import type { DeploymentState, EndpointState, VariantState } from './state';

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html */
export function describeEndpoint(endpoint: EndpointState): DescribeEndpointOutput {
  const { fleet, deployment, failureReason, lastDeploymentConfig } = endpoint;
  return {
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: endpoint.config,
    EndpointStatus: endpoint.status,
    CreationTime: dateOf(endpoint.createdAt),
    LastModifiedTime: dateOf(endpoint.modifiedAt),
    ...(fleet && { ProductionVariants: fleet.variants.map((each) => serving(each, deployment)) }),
    ...(fleet?.capture && { DataCaptureConfig: captureOf(fleet.capture) }),
    ...(failureReason !== undefined && { FailureReason: failureReason }),
    ...(lastDeploymentConfig && { LastDeploymentConfig: lastDeploymentConfig }),
    ...(deployment && { PendingDeploymentSummary: pendingDeployment(deployment) }),
  };
}

export const dateOf = (milliseconds: number): Date => new Date(milliseconds);

function serving(variant: VariantState, deployment: DeploymentState | undefined): ProductionVariantSummary {
  const gone = deployment?.plan.rolling ? (deployment.plan.shifts[deployment.baked - 1] ?? 0) : 0;
  return {
    VariantName: variant.name,
    DeployedImages: deployedImages(variant),
    CurrentWeight: variant.weight,
    DesiredWeight: variant.weight,
    CurrentInstanceCount: partOf(variant.desired, 100 - gone),
    DesiredInstanceCount: variant.desired,
  };
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PendingDeploymentSummary.html */
function pendingDeployment(deployment: DeploymentState): PendingDeploymentSummary {
  const { fleet, startedAt } = deployment;
  return {
    EndpointConfigName: fleet.config,
    StartTime: dateOf(startedAt),
    ProductionVariants: fleet.variants.map((each) => pending(each, deployment)),
  };
}

function pending(variant: VariantState, deployment: DeploymentState): PendingProductionVariantSummary {
  const { plan, traffic, phase } = deployment;
  const stands = plan.rolling || phase.kind === 'provisioning' ? traffic : 100;
  const status: ProductionVariantStatus = {
    Status: (
      { provisioning: 'Creating', baking: 'Baking', terminating: 'Baking', rollingBack: 'Deleting' } as const
    )[phase.kind],
    StartTime: dateOf(phase.since),
  };
  return {
    VariantName: variant.name,
    DeployedImages: deployedImages(variant),
    CurrentWeight: (variant.weight * traffic) / 100,
    DesiredWeight: variant.weight,
    CurrentInstanceCount: partOf(variant.desired, stands),
    DesiredInstanceCount: variant.desired,
    InstanceType: variant.instanceType as PendingProductionVariantSummary['InstanceType'],
    VariantStatus: [status],
  };
}

const partOf = (instances: number, percent: number): number => Math.round((instances * percent) / 100);

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeployedImage.html */
function deployedImages({ image, resolved }: VariantState): DeployedImage[] {
  if (!resolved) return [];
  return [{ SpecifiedImage: image, ResolvedImage: resolved.image, ResolutionTime: dateOf(resolved.at) }];
}

const captureOf = (capture: DataCaptureConfig): DataCaptureConfigSummary => ({
  EnableCapture: capture.EnableCapture ?? true,
  CaptureStatus: capture.EnableCapture === false ? 'Stopped' : 'Started',
  CurrentSamplingPercentage: capture.InitialSamplingPercentage,
  DestinationS3Uri: capture.DestinationS3Uri,
  KmsKeyId: capture.KmsKeyId ?? '',
});
