import { Duration, Validations } from 'aws-cdk-lib';
import { type ContainerImage, Ec2TaskDefinition, type LogDriver, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface GpuContainer {
  readonly name: string;
  readonly port: number;
  /** CPU units, 1024 for one core. */
  readonly cpu: number;
  readonly memoryMib: number;
  readonly gpus: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly health: {
    readonly path: string;
    /** Shell command inside the container; anything but exit code 0 is a failure. */
    readonly command: string;
    readonly intervalSeconds: number;
    readonly timeoutSeconds: number;
    readonly retries: number;
    readonly startPeriodSeconds: number;
  };
}

export interface TaskNames {
  readonly taskDefinitionFamily: string;
  readonly taskRole: string;
  readonly executionRole: string;
}

export interface GpuTaskDefinitionProps {
  readonly names: TaskNames;
  readonly container: GpuContainer;
  readonly image: ContainerImage;
  /** Repository that the pipeline's images are pulled from; it may lie in another account. */
  readonly repositoryArn: string;
  /** Account that the tasks run in. */
  readonly account: string;
  readonly logging: LogDriver;
}

/** The task definition that the stack declares: everything but the image, which the pipeline sets. */
export function gpuTaskDefinition(scope: Construct, props: GpuTaskDefinitionProps): Ec2TaskDefinition {
  const { names, container } = props;
  const executionRole = new Role(scope, 'ExecutionRole', {
    roleName: names.executionRole,
    description: 'Pulls the image and writes the logs of the tasks',
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  Repository.fromRepositoryAttributes(scope, 'Images', {
    repositoryArn: props.repositoryArn,
    repositoryName: props.repositoryArn.slice(props.repositoryArn.indexOf('/') + 1),
  }).grantPull(executionRole);
  Validations.of(executionRole).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'IAM offers no resource type for the login to ECR; pulling is granted on one repository only',
  });
  const definition = new Ec2TaskDefinition(scope, 'TaskDefinition', {
    family: names.taskDefinitionFamily,
    networkMode: NetworkMode.AWS_VPC,
    taskRole: new Role(scope, 'TaskRole', {
      roleName: names.taskRole,
      description: 'What the service itself may do; empty until the service needs something',
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        // @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html (confused deputy)
        conditions: { StringEquals: { 'aws:SourceAccount': props.account } },
      }),
    }),
    executionRole,
  });
  const { health } = container;
  definition.addContainer(container.name, {
    containerName: container.name,
    image: props.image,
    cpu: container.cpu,
    memoryLimitMiB: container.memoryMib,
    gpuCount: container.gpus,
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
