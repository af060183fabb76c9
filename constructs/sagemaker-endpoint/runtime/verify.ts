import { type Check, type DeployContext, LockstepError, type Version } from '../../../contract';
import type { EndpointAccess } from './access';
import { isScaling, isServing } from './endpoint';
import type { ReleaseParameters } from './release';
import { smokeTest } from './smoke-test';
import { versionOf } from './version';

/**
 * Compares what serves with what should, and the record of it; then sends the sample payload.
 *
 * @param version what should serve; without one, what was released last
 * @throws LockstepError `NotDeployed` where nothing was ever deployed
 */
export async function verify(
  access: EndpointAccess,
  version: Version | undefined,
  context: DeployContext,
): Promise<readonly Check[]> {
  const { calls, spec, release } = access;
  const endpoint = await calls.endpoint();
  if (!endpoint) {
    throw new LockstepError('NotDeployed', {
      place: `endpoint ${spec.endpoint}`,
      value: 'no such endpoint',
      allowed: 'an endpoint that a deployment has made',
      change: 'run the workflow that deploys here',
    });
  }
  const recorded = await release.read();
  const expected = version?.name ?? recorded.config ?? endpoint.config;
  const serves = await versionOf(calls, endpoint.config);
  const { current, desired } = endpoint.instances;
  const scaling = isScaling(endpoint);
  return [
    {
      name: 'endpoint',
      passed: isServing(endpoint) || scaling,
      detail: `${endpoint.status}${endpoint.failureReason === undefined ? '' : ` (${endpoint.failureReason})`}`,
    },
    {
      name: 'instances',
      passed: current > 0 && (current === desired || scaling),
      detail: `${current} of ${desired} serve${scaling ? '; autoscaling changes their number' : ''}`,
    },
    {
      name: 'deployed version',
      passed: endpoint.config === expected,
      detail: `${endpoint.config} serves, ${expected} should`,
    },
    // A version that is being deployed is recorded only once its checks have passed.
    ...(version === undefined ? [recordCheck(recorded, serves)] : []),
    await artifactCheck(access, serves),
    ...(await smokeTest(access, context)),
  ];
}

/**
 * An instance that is started later reads the newest object under the key, whatever served until then.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html (ModelDataUrl)
 */
async function artifactCheck({ models }: EndpointAccess, { model }: Version): Promise<Check> {
  const unchanged = model !== undefined && (await models.isUnchanged(model));
  return {
    name: 'model artifact',
    passed: unchanged,
    detail: unchanged
      ? model
      : `${model ?? 'unknown'} was replaced or deleted: new instances would serve something else`,
    change: 'deploy a model under a key of its own',
  };
}

/** A record that is out of date would let a promotion take the wrong image or model. */
function recordCheck({ config, image, model }: ReleaseParameters, serves: Version): Check {
  const passed = config === serves.name && image === serves.image && model === serves.model;
  return {
    name: 'release record',
    passed,
    detail: passed
      ? `${serves.name} is recorded`
      : `${config ?? 'nothing'} with ${image ?? 'no image'} and ${model ?? 'no model'} is recorded; run deploy or rollback again to record ${serves.name}`,
  };
}
