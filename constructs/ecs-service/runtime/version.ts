import type { Version } from '../../../contract';
import { lastPart } from '../../aws-client';
import { imageOf } from '../../ecs-task';
import type { ServiceCalls } from './service-calls';

/** The version with the image that its named container runs. */
export async function versionOf(
  calls: ServiceCalls,
  taskDefinitionArn: string,
  container: string,
): Promise<Version> {
  const image = imageOf(await calls.taskDefinition(taskDefinitionArn), container);
  return { name: lastPart(taskDefinitionArn), ...(image === undefined ? {} : { image }) };
}
