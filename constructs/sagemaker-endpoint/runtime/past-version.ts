import { type DeployContext, LockstepError } from '../../../contract';
import type { EndpointAccess } from './access';
import { versionOf } from './version';

const LISTED = 5;

/**
 * The newest release, but for the one that failed, that SageMaker can start again: its config and model exist,
 * and the bytes of its artifact are still those that were released.
 *
 * @throws LockstepError `NoStableVersion`
 */
export async function lastDeployable(
  access: EndpointAccess,
  failing: string,
  context: DeployContext,
): Promise<string> {
  for (const { config } of await access.release.history()) {
    if (config === failing) continue;
    const obstacle = await obstacleTo(access, config);
    if (obstacle === undefined) return config;
    context.emit({
      code: 'version.unusable',
      level: 'warning',
      message: `${config} was released but ${obstacle}; looking for an earlier version`,
      data: { version: config },
    });
  }
  throw new LockstepError('NoStableVersion', {
    place: `endpoint ${access.spec.endpoint}`,
    value: `${failing}, and no other release that can still be started`,
    allowed: 'an earlier release whose config, model and artifact exist',
    change: 'run the workflow that deploys here, with the image and the model that are wanted',
  });
}

/**
 * The version that was named, whole or by its last twelve digits.
 *
 * @throws LockstepError `UnknownRevision`, with the releases that there are
 */
export async function findRevision(access: EndpointAccess, text: string): Promise<string> {
  const name = /^[0-9a-f]{12}$/.test(text) ? `${access.spec.namePrefix}-${text}` : text;
  const released = (await access.release.history()).map(({ config }) => config);
  const obstacle = released.includes(name) ? await obstacleTo(access, name) : 'it was never released here';
  if (obstacle === undefined) return name;
  const releases = released.slice(0, LISTED);
  throw new LockstepError('UnknownRevision', {
    place: '--revision',
    value: `${JSON.stringify(text)}: ${obstacle}`,
    allowed: `a version of ${access.spec.endpoint}; released ones: ${releases.join(', ') || '(none)'}`,
    change: 'name one of these, for instance the first',
  });
}

/** Why a version cannot be started; undefined when it can. */
async function obstacleTo({ calls, models }: EndpointAccess, config: string): Promise<string | undefined> {
  if (!(await calls.config(config))) return 'its endpoint config was deleted';
  const { model } = await versionOf(calls, config);
  if (model === undefined) return 'its model was deleted';
  return (await models.isUnchanged(model)) ? undefined : `its artifact ${model} was replaced or deleted`;
}
