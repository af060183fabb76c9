import { type DeployContext, LockstepError } from '../../../contract';
import type { EndpointAccess } from './access';
import { headingOf, isMoving } from './endpoint';

/**
 * Deletes the versions that this target has made, but for the last few releases. SageMaker would delete a config
 * in use without a word, therefore the endpoint is asked right before. A failure is told and left to the next
 * deployment: what was deployed serves all the same.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html
 */
export async function prune(access: EndpointAccess, context: DeployContext): Promise<void> {
  try {
    await pruneNow(access, context);
  } catch (error) {
    if (!LockstepError.is(error) || error.code !== 'AwsCallFailed') throw error;
    context.emit({
      code: 'version.kept',
      level: 'warning',
      message: `old versions were not deleted: ${error.message}`,
    });
  }
}

async function pruneNow(
  { calls, release, spec }: EndpointAccess,
  { emit, signal }: DeployContext,
): Promise<void> {
  const releases = await release.history();
  const kept = new Set(releases.slice(0, spec.keepConfigs).map(({ config }) => config));
  for (const name of await calls.configNames()) {
    if (kept.has(name) || signal.aborted) continue;
    const endpoint = await calls.endpoint();
    // While something changes the endpoint, any of them may be the one that it goes back to.
    if (!endpoint || isMoving(endpoint)) return;
    if (endpoint.config === name || headingOf(endpoint) === name) continue;
    await calls.deleteVersion(name);
    emit({
      code: 'version.deleted',
      level: 'info',
      message: releases.some(({ config }) => config === name)
        ? `deleted ${name}, which is older than the last ${spec.keepConfigs} releases`
        : `deleted ${name}, which was never released`,
      data: { version: name },
    });
  }
}
