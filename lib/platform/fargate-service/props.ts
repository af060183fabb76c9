import type { EcsServiceWorkloadProps } from '../ecs-service';

/**
 * A service on ECS whose tasks run on AWS Fargate. CPU and memory of the container are those of the task, and must be
 * one of the sizes that Fargate offers.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html
 */
export interface FargateServiceProps<Env extends string> extends EcsServiceWorkloadProps<Env> {
  readonly kind: 'fargateService';
}
