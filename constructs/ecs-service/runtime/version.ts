import type { Version } from '../../../contract';
import type { ServiceCalls } from './service-calls';
import { imageOf } from './task-definition';

/** `family:revision` of a task definition ARN. */
export function versionName(taskDefinitionArn: string): string {
  return taskDefinitionArn.slice(taskDefinitionArn.lastIndexOf('/') + 1);
}

/** Last part of an ARN, short enough for a line that people read. */
export function shortId(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}

/** The version with the image that its named container runs. */
export async function versionOf(
  calls: ServiceCalls,
  taskDefinitionArn: string,
  container: string,
): Promise<Version> {
  const image = imageOf(await calls.taskDefinition(taskDefinitionArn), container);
  return { name: versionName(taskDefinitionArn), ...(image === undefined ? {} : { image }) };
}
