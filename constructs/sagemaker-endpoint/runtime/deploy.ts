import type { VariantProperty } from '@aws-sdk/client-sagemaker';
import {
  type DeployContext,
  type DeployReceipt,
  type DeployRequest,
  LockstepError,
  ModelArtifact,
  type Version,
} from '../../../contract';
import { soleImage, throwIfInterrupted } from '../../aws-client';
import { type EndpointSettings, settingsOf } from '../spec';
import type { EndpointAccess } from './access';
import { createVersion } from './create-version';
import { deploymentConfigOf } from './deployment-config';
import { type Endpoint, headingOf, isUnderWay } from './endpoint';
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
  const release = await access.release.read();
  const settings = declaredSettings(access, release, context);
  const expected = await wanted(access, request, settings, found);
  if (found && isUnderWay(found) && headingOf(found) === expected.version.name) {
    const receipt = await resume(access, found, expected.version, context);
    await request.starting?.(expected.version);
    return receipt;
  }
  const endpoint = await settled(access, found, context);
  if (endpoint) refuseUnusable(access, endpoint);
  // What serves after somebody else's change may have another model than what served before it.
  const { model, version } =
    endpoint === found ? expected : await wanted(access, request, settings, endpoint);
  const { name, image } = version;
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

interface Wanted {
  readonly model: ModelArtifact;
  readonly version: Version & { readonly image: string };
}

/** The version that a request asks for, given what serves. */
async function wanted(
  access: EndpointAccess,
  request: DeployRequest,
  settings: EndpointSettings,
  endpoint: Endpoint | undefined,
): Promise<Wanted> {
  const model = await access.models.find(request.model ?? (await usualModel(access, endpoint)));
  const image = soleImage(request).toString();
  return {
    model,
    version: { name: versionName(access.spec, image, model, settings), image, model: model.toString() },
  };
}

/**
 * The model that serves, or the one that was released last where what serves never passed its checks; before the first
 * release, the one that the platform file names.
 *
 * @throws LockstepError `InvalidModelArtifact` where there is none of them
 */
async function usualModel(
  { calls, release, spec: { initialModel, modelBucket } }: EndpointAccess,
  endpoint: Endpoint | undefined,
): Promise<ModelArtifact> {
  const { model: released } = await release.read();
  const confirmed = await release.history();
  const serves = confirmed.some(({ config }) => config === endpoint?.config) ? endpoint : undefined;
  const model = serves ? (await versionOf(calls, serves.config)).model : released;
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
