import type { Service } from '@aws-sdk/client-ecs';
import type { DeployContext } from '../../../contract';
import { lastPart, throwIfInterrupted } from '../../aws-client';
import { imageOf } from '../../ecs-task';
import type { EcsAccess } from './access';
import type { ReleaseParameters } from './release';
import type { ServiceCalls } from './service-calls';
import { definitionArnOf } from './service-definition';
import { type DeploymentRecord, isStable, stableDefinitions } from './service-deployments';

/** Writes what runs for the stack to read, and says so when it was not written already. */
export async function recordRelease(
  { release }: EcsAccess,
  taskDefinition: string,
  image: string | undefined,
  { emit }: DeployContext,
): Promise<void> {
  if (!(await release.write(taskDefinition, image))) return;
  const version = lastPart(taskDefinition);
  emit({
    code: 'release.recorded',
    level: 'info',
    message: `recorded ${version} as released`,
    data: { version, image },
  });
}

/**
 * Records what runs where it is stable and an earlier run ended before it could: from a record that is
 * out of date, the next `cdk deploy` would put an older version back.
 *
 * @returns the parameters as they are then
 */
export async function repairRecord(
  access: EcsAccess,
  service: Service,
  latest: DeploymentRecord | undefined,
  context: DeployContext,
): Promise<ReleaseParameters> {
  const { calls, spec, release } = access;
  const parameters = await release.read();
  const runs = definitionArnOf(service);
  if (!latest || (service.runningCount ?? 0) === 0) return parameters;
  if (!(await endedWell(calls, latest, runs, parameters.released))) return parameters;
  const image = imageOf(await calls.taskDefinition(runs), spec.container);
  throwIfInterrupted(context);
  await recordRelease(access, runs, image, context);
  return { ...parameters, released: runs, ...(image === undefined ? {} : { image }) };
}

/** True when the newest deployment has ended with a stable version, and that is what runs. */
async function endedWell(
  calls: ServiceCalls,
  latest: DeploymentRecord,
  runs: string,
  released: string | undefined,
): Promise<boolean> {
  if (latest.status === 'SUCCESSFUL') return latest.taskDefinition === runs && isStable(latest, released);
  if (latest.status !== 'ROLLBACK_SUCCESSFUL' || latest.rollback?.taskDefinition !== runs) return false;
  // After a first deployment that failed, ECS goes back to a definition that has never served anybody.
  for await (const arn of stableDefinitions(calls, released)) {
    if (arn === runs) return true;
  }
  return false;
}
