import type { DataCaptureConfig, ProductionVariantInstanceType } from '@aws-sdk/client-sagemaker';
import type { DeployContext, ModelArtifact } from '../../../contract';
import type { EndpointSettings } from '../spec';
import type { EndpointAccess } from './access';
import { containerOf } from './version';

export interface NewVersion {
  readonly name: string;
  readonly image: string;
  readonly model: ModelArtifact;
  readonly settings: EndpointSettings;
}

/** Makes the model and the endpoint config of a version, unless an earlier run has made them. */
export async function createVersion(
  { calls, spec }: EndpointAccess,
  { name, image, model, settings }: NewVersion,
  { emit }: DeployContext,
): Promise<void> {
  // A name stands for its content: what is there under it is the same.
  if (!(await calls.model(name))) {
    await calls.createModel({
      ModelName: name,
      ExecutionRoleArn: settings.executionRoleArn,
      PrimaryContainer: containerOf(image, model),
    });
  }
  if (await calls.config(name)) return;
  await calls.createConfig({
    EndpointConfigName: name,
    ProductionVariants: [
      {
        VariantName: spec.variant,
        ModelName: name,
        InstanceType: settings.instanceType as ProductionVariantInstanceType,
        InitialInstanceCount: settings.instanceCount,
        InitialVariantWeight: 1,
      },
    ],
    ...(settings.dataCapture ? { DataCaptureConfig: capture(settings.dataCapture) } : {}),
  });
  emit({
    code: 'version.created',
    level: 'info',
    message: `made ${name} of ${image} and ${model.toString()}`,
    data: { version: name, image, model: model.toString() },
  });
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DataCaptureConfig.html */
const capture = ({
  bucketUri,
  percentage,
}: NonNullable<EndpointSettings['dataCapture']>): DataCaptureConfig => ({
  EnableCapture: true,
  InitialSamplingPercentage: percentage,
  DestinationS3Uri: bucketUri,
  CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
  CaptureContentTypeHeader: { JsonContentTypes: ['application/json'] },
});
