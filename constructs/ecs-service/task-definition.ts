import { Duration, Validations } from 'aws-cdk-lib';
import {
  type ContainerDefinitionOptions,
  type ContainerImage,
  CpuArchitecture,
  Ec2TaskDefinition,
  FargateTaskDefinition,
  type LogDriver,
  NetworkMode,
  OperatingSystemFamily,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { ServiceContainer, TaskNames } from './props';

export interface ServiceTaskDefinitionProps {
  readonly names: TaskNames;
  readonly launchType: 'ec2' | 'fargate';
  readonly container: ServiceContainer;
  readonly image: ContainerImage;
  /** Repository that the pipeline's images are pulled from; it may lie in another account. */
  readonly repositoryArn: string;
  /** Account that the tasks run in. */
  readonly account: string;
  readonly logging: LogDriver;
}

/** The task definition that the stack declares: everything but the image, which the pipeline sets. */
export function serviceTaskDefinition(scope: Construct, props: ServiceTaskDefinitionProps): TaskDefinition {
  const definition = definitionOf(scope, props, executionRole(scope, props));
  const { container } = props;
  const { health } = container;
  definition.addContainer(container.name, {
    containerName: container.name,
    image: props.image,
    ...sizeOf(props),
    environment: { ...container.environment },
    essential: true,
    logging: props.logging,
    portMappings: [{ containerPort: container.port }],
    healthCheck: {
      command: ['CMD-SHELL', health.command],
      interval: Duration.seconds(health.intervalSeconds),
      timeout: Duration.seconds(health.timeoutSeconds),
      retries: health.retries,
      startPeriod: Duration.seconds(health.startPeriodSeconds),
    },
    stopTimeout: Duration.seconds(60),
  });
  Validations.of(definition).acknowledge({
    id: 'AwsSolutions-ECS2',
    reason: 'Plain settings that stand in the committed platform file; secrets are not accepted there',
  });
  return definition;
}

function executionRole(scope: Construct, { names, repositoryArn }: ServiceTaskDefinitionProps): Role {
  const role = new Role(scope, 'ExecutionRole', {
    roleName: names.executionRole,
    description: 'Pulls the image and writes the logs of the tasks',
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  Repository.fromRepositoryAttributes(scope, 'Images', {
    repositoryArn,
    repositoryName: repositoryArn.slice(repositoryArn.indexOf('/') + 1),
  }).grantPull(role);
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'IAM offers no resource type for the login to ECR; pulling is granted on one repository only',
  });
  return role;
}

function definitionOf(
  scope: Construct,
  { names, launchType, container, account }: ServiceTaskDefinitionProps,
  executionRole: Role,
): TaskDefinition {
  const settings = {
    family: names.taskDefinitionFamily,
    taskRole: new Role(scope, 'TaskRole', {
      roleName: names.taskRole,
      description: 'What the service itself may do; empty until the service needs something',
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        // @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html (confused deputy)
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    }),
    executionRole,
  };
  return launchType === 'ec2'
    ? new Ec2TaskDefinition(scope, 'TaskDefinition', { ...settings, networkMode: NetworkMode.AWS_VPC })
    : new FargateTaskDefinition(scope, 'TaskDefinition', {
        ...settings,
        cpu: container.cpu,
        memoryLimitMiB: container.memoryMib,
        runtimePlatform: {
          operatingSystemFamily: OperatingSystemFamily.LINUX,
          cpuArchitecture: CpuArchitecture.X86_64,
        },
      });
}

/** On Fargate the task has a size and its one container all of it, with nothing to write to but what it mounts. */
function sizeOf({
  launchType,
  container,
}: ServiceTaskDefinitionProps): Pick<
  ContainerDefinitionOptions,
  'cpu' | 'memoryLimitMiB' | 'gpuCount' | 'readonlyRootFilesystem'
> {
  return launchType === 'ec2'
    ? { cpu: container.cpu, memoryLimitMiB: container.memoryMib, gpuCount: container.gpus }
    : { readonlyRootFilesystem: true };
}
