import type { ContainerDefinition } from '@aws-sdk/client-sagemaker';
import { createHash } from 'node:crypto';
import type { ModelArtifact, Version } from '../../../contract';
import type { EndpointSettings, SagemakerEndpointSpec } from '../spec';
import type { EndpointCalls } from './endpoint-calls';

/** Variable of the container that says which model it serves. SageMaker's own fields know no version. */
const MODEL_VARIABLE = 'LOCKSTEP_MODEL';

/**
 * Name of a version: the same image, model and settings have the same name, everything else another one.
 * A config that was replaced under its old name would not be noticed by the endpoint.
 */
export function versionName(
  { namePrefix, variant }: SagemakerEndpointSpec,
  image: string,
  model: ModelArtifact,
  settings: EndpointSettings,
): string {
  const { executionRoleArn, instanceType, instanceCount, dataCapture } = settings;
  const capture = dataCapture && [dataCapture.bucketUri, dataCapture.percentage];
  // A list, so that the order of keys does not matter.
  const content = [image, model.toString(), variant, executionRoleArn, instanceType, instanceCount, capture];
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  return `${namePrefix}-${hash.slice(0, 12)}`;
}

/** The container of a version. */
export function containerOf(image: string, model: ModelArtifact): ContainerDefinition {
  return { Image: image, ModelDataUrl: model.uri, Environment: { [MODEL_VARIABLE]: model.toString() } };
}

/** A version with its image and model, as far as they can be told: others than ours may not be read. */
export async function versionOf(calls: EndpointCalls, config: string): Promise<Version> {
  if (!calls.isOwn(config)) return { name: config };
  const found = await calls.config(config);
  const modelName = found?.ProductionVariants?.[0]?.ModelName;
  const container =
    modelName !== undefined && calls.isOwn(modelName)
      ? (await calls.model(modelName))?.PrimaryContainer
      : undefined;
  const image = container?.Image;
  const model = container?.Environment?.[MODEL_VARIABLE] ?? container?.ModelDataUrl;
  return {
    name: config,
    ...(image === undefined ? {} : { image }),
    ...(model === undefined ? {} : { model }),
  };
}
