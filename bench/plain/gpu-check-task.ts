import { RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib';
import type { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, Ec2TaskDefinition, LogDrivers, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

export interface GpuCheckNames {
  readonly account: string;
  /** Of cluster, task definition and role, and what other names begin with. */
  readonly base: string;
  /** Of the log group, and what the name of the SSM parameter begins with. */
  readonly parameters: string;
}

/** What a GPU check runs: one container with a GPU and no network. */
export function gpuCheckTask(
  stack: Stack,
  { account, base, parameters }: GpuCheckNames,
  repository: Repository,
): void {
  const executionRole = new Role(stack, 'ExecutionRole', {
    roleName: `${base}-execution`,
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  repository.grantPull(executionRole);
  Validations.of(executionRole).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'IAM offers no resource type for the login to ECR',
  });
  const definition = new Ec2TaskDefinition(stack, 'TaskDefinition', {
    family: base,
    networkMode: NetworkMode.NONE,
    executionRole,
    taskRole: new Role(stack, 'TaskRole', {
      roleName: `${base}-task`,
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    }),
  });
  definition.addContainer('gpu-check', {
    containerName: 'gpu-check',
    image: ContainerImage.fromRegistry('public.ecr.aws/docker/library/busybox:stable'),
    cpu: 2048,
    memoryLimitMiB: 8192,
    gpuCount: 1,
    essential: true,
    logging: LogDrivers.awsLogs({
      streamPrefix: 'task',
      logGroup: new LogGroup(stack, 'Logs', {
        logGroupName: parameters,
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    }),
  });
  new StringParameter(stack, 'DeclaredTaskDefinition', {
    parameterName: `${parameters}/declared-task-definition`,
    stringValue: definition.taskDefinitionArn,
  });
}
