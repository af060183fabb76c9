import { Duration, RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import {
  ContainerImage,
  Ec2TaskDefinition,
  FargateTaskDefinition,
  LogDrivers,
  NetworkMode,
} from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { DeployedNames } from './deploy-statements';
import type { PlainTask } from './settings';

/** The task definition of a service, with its roles and logs. */
export function taskDefinition(
  stack: Stack,
  names: DeployedNames,
  repositoryArn: string,
  port: number,
  task: PlainTask,
): Ec2TaskDefinition | FargateTaskDefinition {
  const executionRole = new Role(stack, 'ExecutionRole', {
    roleName: names.executionRole,
    description: 'Pulls the image and writes the logs of the tasks',
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  Validations.of(executionRole).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'IAM offers no resource type for the login to ECR',
  });
  const settings = {
    family: names.cluster,
    executionRole,
    taskRole: new Role(stack, 'TaskRole', {
      roleName: names.taskRole,
      description: 'What the service itself may do',
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': names.account } },
      }),
    }),
  };
  const definition =
    task.gpus > 0
      ? new Ec2TaskDefinition(stack, 'TaskDefinition', { ...settings, networkMode: NetworkMode.AWS_VPC })
      : new FargateTaskDefinition(stack, 'TaskDefinition', {
          ...settings,
          cpu: task.cpu,
          memoryLimitMiB: task.memoryMib,
        });
  const repository = Repository.fromRepositoryAttributes(stack, 'Images', {
    repositoryArn,
    repositoryName: repositoryArn.slice(repositoryArn.indexOf('/') + 1),
  });
  const released = StringParameter.valueForStringParameter(stack, `${names.parameters}/released-image`);
  definition.addContainer(names.service, {
    containerName: names.service,
    image: ContainerImage.fromEcrRepository(repository, released),
    ...(task.gpus > 0
      ? { cpu: task.cpu, memoryLimitMiB: task.memoryMib, gpuCount: task.gpus }
      : { readonlyRootFilesystem: true }),
    environment: { ...task.environment },
    essential: true,
    logging: LogDrivers.awsLogs({
      streamPrefix: 'task',
      logGroup: new LogGroup(stack, 'Logs', {
        logGroupName: names.logGroup,
        retention: RetentionDays.ONE_MONTH,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    }),
    portMappings: [{ containerPort: port }],
    healthCheck: {
      command: ['CMD-SHELL', task.healthCommand],
      interval: Duration.seconds(15),
      timeout: Duration.seconds(5),
      retries: 3,
      startPeriod: Duration.seconds(120),
    },
    stopTimeout: Duration.seconds(60),
  });
  Validations.of(definition).acknowledge({ id: 'AwsSolutions-ECS2', reason: 'Plain settings, no secrets' });
  new StringParameter(stack, 'DeclaredTaskDefinition', {
    parameterName: `${names.parameters}/declared-task-definition`,
    stringValue: definition.taskDefinitionArn,
  });
  return definition;
}
