import { Duration, RemovalPolicy, type Stack, Validations } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, Ec2TaskDefinition, LogDrivers, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { DeployedNames } from './deploy-statements';

/** The task definition of a service, with its roles and logs. */
export function gpuTask(
  stack: Stack,
  names: DeployedNames,
  repositoryArn: string,
  port: number,
): Ec2TaskDefinition {
  const executionRole = new Role(stack, 'ExecutionRole', {
    roleName: names.executionRole,
    description: 'Pulls the image and writes the logs of the tasks',
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  Validations.of(executionRole).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'IAM offers no resource type for the login to ECR',
  });
  const definition = new Ec2TaskDefinition(stack, 'TaskDefinition', {
    family: names.cluster,
    networkMode: NetworkMode.AWS_VPC,
    executionRole,
    taskRole: new Role(stack, 'TaskRole', {
      roleName: names.taskRole,
      description: 'What the service itself may do',
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': names.account } },
      }),
    }),
  });
  const repository = Repository.fromRepositoryAttributes(stack, 'Images', {
    repositoryArn,
    repositoryName: repositoryArn.slice(repositoryArn.indexOf('/') + 1),
  });
  const released = StringParameter.valueForStringParameter(stack, `${names.parameters}/released-image`);
  definition.addContainer(names.service, {
    containerName: names.service,
    image: ContainerImage.fromEcrRepository(repository, released),
    cpu: 3072,
    memoryLimitMiB: 12288,
    gpuCount: 1,
    environment: { LOG_LEVEL: 'info' },
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
      command: ['CMD-SHELL', 'python -m kvs_infer.probe'],
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
