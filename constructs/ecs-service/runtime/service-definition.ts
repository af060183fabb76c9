import type { Service } from '@aws-sdk/client-ecs';
import { requireField } from './service-calls';

/** ARN of the task definition that the service points at, whether its tasks run or not. */
export function definitionArnOf(service: Service): string {
  return requireField('ecs:DescribeServices', 'taskDefinition', service.taskDefinition);
}
