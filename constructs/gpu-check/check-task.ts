import { Validations } from 'aws-cdk-lib';
import type { IRepository } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage, Ec2TaskDefinition, type LogDriver, NetworkMode } from 'aws-cdk-lib/aws-ecs';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { GpuCheckNames } from './names';
import type { GpuCheckSpec } from './spec';

export const CONTAINER = 'gpu-check';

/** It fits on the smallest type with a GPU, `g4dn.xlarge`. */
export const TASK: GpuCheckSpec['task'] = { cpu: 2048, memoryMib: 8192, gpus: 1 };

export interface CheckTaskDefinitionProps {
  readonly names: Pick<GpuCheckNames, 'taskDefinitionFamily' | 'taskRole' | 'executionRole'>;
  /** Account that the tasks run in. */
  readonly account: string;
  readonly repository: IRepository;
  readonly logging: LogDriver;
}

/**
 * The task definition that the stack declares: everything but the image, which each combination sets. The task reaches
 * nothing: it has no network, and its role may do nothing.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters_ec2.html#network_mode_ec2
 */
export function checkTaskDefinition(scope: Construct, props: CheckTaskDefinitionProps): Ec2TaskDefinition {
  const { names, account, repository, logging } = props;
  const definition = new Ec2TaskDefinition(scope, 'TaskDefinition', {
    family: names.taskDefinitionFamily,
    networkMode: NetworkMode.NONE,
    executionRole: executionRole(scope, names.executionRole, repository),
    taskRole: new Role(scope, 'TaskRole', {
      roleName: names.taskRole,
      description: 'What a GPU check itself may do: nothing',
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com', {
        // @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html (confused deputy)
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    }),
  });
  definition.addContainer(CONTAINER, {
    containerName: CONTAINER,
    image: ContainerImage.fromRegistry(PLACEHOLDER_IMAGE),
    cpu: TASK.cpu,
    memoryLimitMiB: TASK.memoryMib,
    gpuCount: TASK.gpus,
    essential: true,
    logging,
  });
  return definition;
}

function executionRole(scope: Construct, roleName: string, repository: IRepository): Role {
  const role = new Role(scope, 'ExecutionRole', {
    roleName,
    description: 'Pulls the image of a GPU check and writes its log',
    assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
  });
  repository.grantPull(role);
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'IAM offers no resource type for the login to ECR; pulling is granted on one repository only',
  });
  return role;
}

/** Runs nowhere: each combination registers a definition with an image of its own. */
const PLACEHOLDER_IMAGE = 'public.ecr.aws/docker/library/busybox:stable';
