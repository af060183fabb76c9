import type { DeployContext, Version } from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import type { EndpointAccess } from './access';
import { type Endpoint, isServing } from './endpoint';
import type { ReleaseParameters } from './release';
import { versionOf } from './version';

/** Writes what runs for the stack to read, and says so when it was not written already. */
export async function recordRelease(
  { release }: EndpointAccess,
  version: Version,
  { emit }: DeployContext,
): Promise<void> {
  if (!(await release.write(version))) return;
  emit({
    code: 'release.recorded',
    level: 'info',
    message: `recorded ${version.name} as released`,
    data: { version: version.name, image: version.image, model: version.model },
  });
}

/**
 * Records what serves where an earlier run ended before it could. A config that this pipeline has not made is
 * not recorded: one could not go back to it.
 *
 * @returns the parameters as they are then
 */
export async function repairRecord(
  access: EndpointAccess,
  endpoint: Endpoint | undefined,
  context: DeployContext,
): Promise<ReleaseParameters> {
  const parameters = await access.release.read();
  if (!endpoint || !isServing(endpoint) || !access.calls.isOwn(endpoint.config)) return parameters;
  const runs = await versionOf(access.calls, endpoint.config);
  throwIfInterrupted(context);
  await recordRelease(access, runs, context);
  const { name: config, image, model } = runs;
  return {
    ...parameters,
    config,
    ...(image === undefined ? {} : { image }),
    ...(model === undefined ? {} : { model }),
  };
}
