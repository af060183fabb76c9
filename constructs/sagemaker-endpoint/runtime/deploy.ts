import type { VariantProperty } from '@aws-sdk/client-sagemaker';
import {
  type DeployContext,
  type DeployReceipt,
  type DeployRequest,
  LockstepError,
  ModelArtifact,
  type Version,
} from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import { type EndpointSettings, type SagemakerEndpointSpec, settingsOf } from '../spec';
import type { EndpointAccess } from './access';
import { createVersion } from './create-version';
import { deploymentConfigOf } from './deployment-config';
import { type Endpoint, headingOf, isUnderWay } from './endpoint';
import { repairRecord } from './record-release';
import type { ReleaseParameters } from './release';
import { readSample } from './sample';
import { settled } from './settle';
import { refuseUnusable } from './unusable';
import { versionName, versionOf } from './version';

/** Captures what runs, then starts the update, unless the version runs or is under way already. */
export async function deploy(
  access: EndpointAccess,
  request: DeployRequest,
  context: DeployContext,
): Promise<DeployReceipt> {
  const { calls, spec } = access;
  // Not found out only once the version serves: what it is checked with must be there, and readable.
  await readSample(spec);
  const found = await calls.endpoint();
  const release = await repairRecord(access, found, context);
  const settings = declaredSettings(access, release, context);
  const model = await access.models.find(request.model ?? usualModel(spec, release));
  const image = request.image.toString();
  const name = versionName(spec, image, model, settings);
  const version: Version = { name, image, model: model.toString() };

  if (found && isUnderWay(found) && headingOf(found) === name) {
    const receipt = await resume(access, found, version, context);
    await request.starting?.(version);
    return receipt;
  }
  const endpoint = await settled(access, found, context);
  if (endpoint) refuseUnusable(access, endpoint);
  if (endpoint?.config === name) return unchanged(version, context);

  const previous = endpoint && (await versionOf(calls, endpoint.config));
  throwIfInterrupted(context);
  await createVersion(access, { name, image, model, settings }, context);
  await request.starting?.(version);
  throwIfInterrupted(context);
  await start(access, endpoint, name, settings);
  context.emit({
    code: 'deployment.started',
    level: 'info',
    message: `${spec.endpoint} goes ${endpoint ? `from ${endpoint.config} ` : ''}to ${name}`,
    data: { version: name, previous: endpoint?.config },
  });
  return { deployment: name, version, ...(previous ? { previous } : {}), state: 'started' };
}

/** The stack has the word: its role and buckets are those that exist. */
function declaredSettings(
  { spec, stack }: EndpointAccess,
  { declared }: ReleaseParameters,
  { emit }: DeployContext,
): EndpointSettings {
  const written = settingsOf(spec);
  const fields = (Object.keys({ ...written, ...declared }) as (keyof EndpointSettings)[]).filter(
    (field) => JSON.stringify(written[field]) !== JSON.stringify(declared[field]),
  );
  if (fields.length > 0) {
    emit({
      code: 'settings.notDeployed',
      level: 'warning',
      message: `the stack still declares other settings than the platform file: ${fields.join(', ')}; using those of the stack until \`npx cdk deploy ${stack}\``,
      data: { fields },
    });
  }
  return declared;
}

/**
 * The model that was released last; before the first release, the one that the platform file names.
 *
 * @throws LockstepError `InvalidModelArtifact` where there is neither
 */
function usualModel(
  { initialModel, modelBucket }: SagemakerEndpointSpec,
  { model }: ReleaseParameters,
): ModelArtifact {
  if (model !== undefined) return ModelArtifact.parse(model, 'the released model');
  if (initialModel !== undefined) return ModelArtifact.parse(initialModel, 'the initial model');
  throw new LockstepError('InvalidModelArtifact', {
    place: '--model',
    value: 'nothing, and no model was released before',
    allowed: `s3://${modelBucket}/<key>.tar.gz`,
    change: 'name the model of the first release, here or as the initial model in the platform file',
  });
}

async function resume(
  { calls }: EndpointAccess,
  found: Endpoint,
  version: Version,
  { emit }: DeployContext,
): Promise<DeployReceipt> {
  emit({
    code: 'deployment.resumed',
    level: 'info',
    message: `the update to ${version.name} is under way; following it`,
    data: { version: version.name },
  });
  const previous = found.config === version.name ? undefined : await versionOf(calls, found.config);
  return {
    deployment: version.name,
    version,
    ...(previous ? { previous } : {}),
    state: 'resumed',
  };
}

function unchanged(version: Version, { emit }: DeployContext): DeployReceipt {
  emit({
    code: 'deployment.unchanged',
    level: 'success',
    message: `${version.name} already serves this image and model with the declared settings; nothing to change`,
    data: { version: version.name },
  });
  return { version, state: 'unchanged' };
}

async function start(
  { calls, spec }: EndpointAccess,
  endpoint: Endpoint | undefined,
  config: string,
  settings: EndpointSettings,
): Promise<void> {
  if (!endpoint) return calls.createEndpoint(config);
  const before = calls.isOwn(endpoint.config) ? await calls.config(endpoint.config) : undefined;
  const count = before?.ProductionVariants?.[0]?.InitialInstanceCount;
  await calls.updateEndpoint({
    EndpointConfigName: config,
    // Without it, the number of instances that autoscaling chose would be forgotten.
    RetainAllVariantProperties: true,
    ExcludeRetainedVariantProperties: declaredAnew(count !== settings.instanceCount),
    DeploymentConfig: deploymentConfigOf(spec),
  });
}

/**
 * What the new config decides although the rest is retained: whether data is captured, and the number of
 * instances when the stack declares another one than before.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VariantProperty.html
 */
const declaredAnew = (otherCount: boolean): VariantProperty[] => [
  { VariantPropertyType: 'DataCaptureConfig' },
  ...(otherCount ? [{ VariantPropertyType: 'DesiredInstanceCount' } as const] : []),
];
