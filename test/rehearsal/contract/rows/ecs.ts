import {
  DeregisterTaskDefinitionCommand,
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ListContainerInstancesCommand,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StopServiceDeploymentCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { PLACEHOLDER, SERVICE } from '../../ecs-template';
import { type Clients, roleArn } from '../emulator';
import type { ContractRow } from '../row';

const { cluster, service } = SERVICE;

const newestDeployment = async ({ ecs }: Clients) => {
  const { serviceDeployments = [] } = await ecs.send(new ListServiceDeploymentsCommand(SERVICE));
  return serviceDeployments[0];
};

export const ECS: readonly ContractRow[] = [
  {
    operation: 'DescribeClusters',
    call: ({ ecs }) => ecs.send(new DescribeClustersCommand({ clusters: [cluster, 'x'] })),
    answer: { clusters: [{ clusterName: cluster }], failures: [{ reason: 'MISSING' }] },
  },
  {
    operation: 'DescribeCapacityProviders',
    call: ({ ecs }) => ecs.send(new DescribeCapacityProvidersCommand({})),
    answer: { capacityProviders: [{ autoScalingGroupProvider: { managedScaling: { status: 'ENABLED' } } }] },
  },
  {
    operation: 'ListServices',
    call: ({ ecs }) => ecs.send(new ListServicesCommand({ cluster })),
    answer: { serviceArns: [expect.stringMatching(/:service\/production\/infer$/)] },
  },
  {
    operation: 'DescribeTaskDefinition',
    call: ({ ecs }) => ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'infer' })),
    answer: { taskDefinition: { revision: 1, registeredAt: expect.any(Date) as unknown } },
  },
  {
    operation: 'RegisterTaskDefinition',
    asks: ['ecs:RegisterTaskDefinition', 'iam:PassRole'],
    call: ({ ecs }) =>
      ecs.send(
        new RegisterTaskDefinitionCommand({
          family: 'infer',
          executionRoleArn: roleArn('execution'),
          taskRoleArn: roleArn('task'),
          containerDefinitions: [{ name: 'infer', image: PLACEHOLDER, memory: 64 }],
        }),
      ),
    answer: { taskDefinition: { revision: 2, status: 'ACTIVE' } },
  },
  {
    operation: 'ListTaskDefinitions',
    call: ({ ecs }) => ecs.send(new ListTaskDefinitionsCommand({ familyPrefix: 'infer', sort: 'DESC' })),
    answer: { taskDefinitionArns: [expect.stringMatching(/infer:2$/)] },
  },
  {
    operation: 'UpdateService',
    call: ({ ecs }) =>
      ecs.send(new UpdateServiceCommand({ ...SERVICE, taskDefinition: 'infer:2', desiredCount: 2 })),
    answer: { service: { desiredCount: 2, taskDefinition: expect.stringMatching(/infer:2$/) as unknown } },
  },
  {
    operation: 'DescribeServices',
    call: ({ ecs }, { clock }) => {
      // Long enough for tasks to run, too short for them to be found healthy.
      clock.pass(12);
      return ecs.send(new DescribeServicesCommand({ cluster, services: [service] }));
    },
    answer: { services: [{ runningCount: 2, events: expect.any(Array) as unknown }], failures: [] },
  },
  {
    operation: 'ListTasks',
    call: ({ ecs }) => ecs.send(new ListTasksCommand({ cluster, serviceName: service })),
    answer: { taskArns: [expect.stringContaining(':task/production/')] },
  },
  {
    operation: 'DescribeTasks',
    call: async ({ ecs }) => {
      const { taskArns: tasks } = await ecs.send(new ListTasksCommand({ cluster }));
      return ecs.send(new DescribeTasksCommand({ cluster, tasks }));
    },
    answer: { tasks: [{ lastStatus: 'RUNNING', startedAt: expect.any(Date) as unknown }] },
  },
  {
    operation: 'ListContainerInstances',
    call: ({ ecs }) => ecs.send(new ListContainerInstancesCommand({ cluster })),
    answer: { containerInstanceArns: [expect.stringContaining(':container-instance/production/')] },
  },
  {
    operation: 'DescribeContainerInstances',
    call: async ({ ecs }) => {
      const { containerInstanceArns: containerInstances } = await ecs.send(
        new ListContainerInstancesCommand({ cluster }),
      );
      return ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances }));
    },
    answer: {
      containerInstances: [
        { status: 'ACTIVE', attributes: [{ name: 'ecs.instance-type', value: 'g4dn.xlarge' }] },
      ],
    },
  },
  {
    operation: 'ListServiceDeployments',
    call: ({ ecs }) => ecs.send(new ListServiceDeploymentsCommand({ ...SERVICE, status: ['IN_PROGRESS'] })),
    answer: { serviceDeployments: [{ status: 'IN_PROGRESS', createdAt: expect.any(Date) as unknown }] },
  },
  {
    operation: 'DescribeServiceRevisions',
    call: async (clients) => {
      const arn = (await newestDeployment(clients))?.targetServiceRevisionArn ?? '';
      return clients.ecs.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns: [arn] }));
    },
    answer: { serviceRevisions: [{ taskDefinition: expect.stringMatching(/infer:2$/) as unknown }] },
  },
  {
    operation: 'StopServiceDeployment',
    call: async (clients) => {
      const { serviceDeploymentArn } = (await newestDeployment(clients)) ?? {};
      return clients.ecs.send(
        new StopServiceDeploymentCommand({ serviceDeploymentArn, stopType: 'ROLLBACK' }),
      );
    },
    answer: { serviceDeploymentArn: expect.stringContaining(':service-deployment/') as unknown },
  },
  {
    operation: 'DescribeServiceDeployments',
    call: async (clients) => {
      const arn = (await newestDeployment(clients))?.serviceDeploymentArn ?? '';
      return clients.ecs.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [arn] }));
    },
    answer: { serviceDeployments: [{ rollback: { startedAt: expect.any(Date) as unknown } }] },
  },
  {
    operation: 'RunTask',
    asks: ['ecs:RunTask', 'iam:PassRole'],
    call: ({ ecs }) => ecs.send(new RunTaskCommand({ cluster, taskDefinition: 'infer:2' })),
    answer: { tasks: [{ group: 'family:infer' }], failures: [] },
  },
  {
    operation: 'StopTask',
    call: async ({ ecs }) => {
      const { taskArns = [] } = await ecs.send(new ListTasksCommand({ cluster }));
      return ecs.send(new StopTaskCommand({ cluster, task: taskArns[0] }));
    },
    answer: { task: { desiredStatus: 'STOPPED', stopCode: 'UserInitiated' } },
  },
  {
    operation: 'DeregisterTaskDefinition',
    call: ({ ecs }) => ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: 'infer:2' })),
    answer: { taskDefinition: { status: 'INACTIVE', deregisteredAt: expect.any(Date) as unknown } },
  },
];
