import type { DeployContext } from '../../../contract';
import { lastPart } from '../../aws-client';
import type { EcsAccess } from './access';
import { stableDefinitions } from './service-deployments';

/**
 * Task definition of the last stable version that ECS can start again: a deregistered one it cannot.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deregister-task-definition-v2.html
 */
export async function lastDeployable(
  { calls }: EcsAccess,
  released: string | undefined,
  failed: string | undefined,
  context: DeployContext,
): Promise<string | undefined> {
  for await (const arn of stableDefinitions(calls, released)) {
    if (arn === failed) continue;
    const definition = await calls.taskDefinition(arn);
    if (definition?.status === 'ACTIVE') return arn;
    context.emit({
      code: 'definition.inactive',
      level: 'warning',
      message: `${lastPart(arn)} was stable but has been deregistered since; looking for an earlier version`,
      data: { version: lastPart(arn) },
    });
  }
  return undefined;
}
