import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { EcsModel } from './ecs-model';
import { ApiFault, type Handlers, type Input, limited, page, stringOf, stringsOf } from './protocol';
import {
  ACCOUNT,
  arn,
  type DeploymentState,
  ENDED,
  type InstanceState,
  type TaskDefinitionState,
  type TaskState,
} from './ecs-state';

const seconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1_000);
const lastPart = (text: string): string => text.slice(text.lastIndexOf('/') + 1);

/** The ECS operations of the model, with the exceptions of the API reference. */
export function ecsHandlers(model: EcsModel): Handlers {
  const path = `${model.service.cluster}/${model.service.name}`;
  const serviceArn = arn(`service/${path}`);
  const clusterArn = arn(`cluster/${model.service.cluster}`);
  const deploymentArn = ({ id }: DeploymentState) => arn(`service-deployment/${path}/${id}`);
  const revisionArn = (id: string) => arn(`service-revision/${path}/${id}`);
  const taskArn = ({ id }: TaskState) => arn(`task/${model.service.cluster}/${id}`);
  const instanceArn = (id: string) => arn(`container-instance/${model.service.cluster}/${id}`);

  const checkCluster = (input: Input) => {
    if (lastPart(stringOf(input, 'cluster')) !== model.service.cluster) {
      throw new ApiFault('ClusterNotFoundException', 'Cluster not found.');
    }
  };
  const checkService = (input: Input) => {
    checkCluster(input);
    if (lastPart(stringOf(input, 'service')) !== model.service.name) {
      throw new ApiFault('ServiceNotFoundException', 'Service not found.');
    }
    if (model.service.status !== 'ACTIVE')
      throw new ApiFault('ServiceNotActiveException', 'Service was not ACTIVE.');
  };
  const findDefinition = (name: string): TaskDefinitionState => {
    const definition = model.definition(name);
    if (!definition) throw new ApiFault('ClientException', 'Unable to describe task definition.');
    return definition;
  };

  const describedService = () => ({
    serviceArn,
    serviceName: model.service.name,
    clusterArn,
    status: model.service.status,
    desiredCount: model.service.desired,
    runningCount: model.alive().filter(({ status }) => status === 'RUNNING').length,
    pendingCount: model.alive().filter(({ status }) => status !== 'RUNNING').length,
    taskDefinition: model.target,
    deploymentConfiguration: {
      strategy: model.service.strategy,
      minimumHealthyPercent: model.service.minimumHealthyPercent,
      maximumPercent: model.service.maximumPercent,
      deploymentCircuitBreaker: model.service.breaker,
    },
    deployments: [
      {
        id: `ecs-svc/${model.current?.id ?? ''}`,
        status: 'PRIMARY',
        taskDefinition: model.target,
        desiredCount: model.service.desired,
        rolloutState: model.current && ENDED.includes(model.current.status) ? 'COMPLETED' : 'IN_PROGRESS',
      },
    ],
    events: model.events
      .slice(0, 100)
      .map(({ id, at, message }) => ({ id, createdAt: seconds(at), message })),
  });

  const describedDeployment = (deployment: DeploymentState) => {
    const { rollback, ...state } = deployment;
    const counts = model.countsOf(deployment);
    return {
      serviceDeploymentArn: deploymentArn(deployment),
      serviceArn,
      clusterArn,
      createdAt: seconds(state.createdAt),
      startedAt: seconds(state.createdAt),
      finishedAt: seconds(state.finishedAt),
      sourceServiceRevisions: state.source === undefined ? [] : [{ arn: revisionArn(state.source) }],
      targetServiceRevision: {
        arn: revisionArn(state.revision),
        requestedTaskCount: counts.requested,
        runningTaskCount: counts.running,
        pendingTaskCount: counts.pending,
      },
      status: state.status,
      statusReason: state.reason,
      deploymentCircuitBreaker: {
        status: state.failures >= model.threshold ? 'TRIGGERED' : 'MONITORING',
        failureCount: state.failures,
        threshold: model.threshold,
      },
      alarms: { status: 'DISABLED', alarmNames: state.alarms, triggeredAlarmNames: state.alarms },
      ...(rollback && {
        rollback: {
          reason: rollback.reason,
          startedAt: seconds(rollback.startedAt),
          serviceRevisionArn: revisionArn(rollback.revision),
        },
      }),
    };
  };

  const describedTask = (task: TaskState) => ({
    taskArn: taskArn(task),
    clusterArn,
    taskDefinitionArn: task.definition.arn,
    startedBy: `ecs-svc/${task.deployment}`,
    group: `service:${model.service.name}`,
    lastStatus: task.status,
    desiredStatus: task.desired,
    healthStatus: task.health,
    createdAt: seconds(task.createdAt),
    startedAt: seconds(task.startedAt),
    stoppedAt: seconds(task.stoppedAt),
    stopCode: task.stopCode,
    stoppedReason: task.reason,
    ...(task.instance === undefined ? {} : { containerInstanceArn: instanceArn(task.instance) }),
    containers: (task.definition.content.containerDefinitions ?? []).map(({ name, image }) => ({
      name,
      image,
      imageDigest: task.startedAt === undefined ? undefined : image?.split('@')[1],
      lastStatus: task.status,
      healthStatus: task.health,
      exitCode: task.exitCode,
      reason: task.containerReason,
    })),
  });

  const described = (instance: InstanceState) => {
    const gpus = (count: number) => [
      { name: 'CPU', type: 'INTEGER', integerValue: 4096 },
      {
        name: 'GPU',
        type: 'STRINGSET',
        stringSetValue: Array.from({ length: count }, (_, index) => `GPU-${index}`),
      },
    ];
    return {
      containerInstanceArn: instanceArn(instance.id),
      status: 'ACTIVE',
      agentConnected: true,
      registeredResources: gpus(instance.gpus),
      remainingResources: gpus(model.freeGpus(instance)),
    };
  };

  return {
    DescribeServices: (input) => {
      checkCluster(input);
      const wanted = stringsOf(input, 'services').map(lastPart);
      const failures = wanted
        .filter((name) => name !== model.service.name)
        .map((name) => ({ arn: arn(`service/${model.service.cluster}/${name}`), reason: 'MISSING' }));
      return { services: wanted.includes(model.service.name) ? [describedService()] : [], failures };
    },
    DescribeTaskDefinition: (input) => {
      const {
        arn: taskDefinitionArn,
        content,
        revision,
        status,
        registeredAt,
      } = findDefinition(stringOf(input, 'taskDefinition'));
      return {
        taskDefinition: {
          ...content,
          volumes: content.volumes ?? [],
          placementConstraints: content.placementConstraints ?? [],
          taskDefinitionArn,
          revision,
          status,
          compatibilities: ['EC2', 'EXTERNAL'],
          requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.ecr-auth' }],
          registeredAt: seconds(registeredAt),
          registeredBy: `arn:aws:iam::${ACCOUNT}:role/anybody`,
        },
        tags: [],
      };
    },
    RegisterTaskDefinition: (input) => {
      // The server has checked the input against the SDK's schema of this request.
      const content = { ...input, family: stringOf(input, 'family') } as RegisterTaskDefinitionRequest;
      const definition = model.register(content);
      return {
        taskDefinition: { ...content, taskDefinitionArn: definition.arn, revision: definition.revision },
      };
    },
    UpdateService: (input) => {
      checkService(input);
      if (typeof input.desiredCount === 'number') model.service.desired = input.desiredCount;
      if (input.taskDefinition !== undefined) {
        const definition = findDefinition(stringOf(input, 'taskDefinition'));
        if (definition.status === 'INACTIVE')
          throw new ApiFault('ClientException', 'TaskDefinition is inactive');
        if (definition.arn !== model.target || input.forceNewDeployment === true)
          model.startDeployment(definition);
      }
      return { service: describedService() };
    },
    StopServiceDeployment: (input) => {
      const id = lastPart(stringOf(input, 'serviceDeploymentArn'));
      const deployment = model.deployments.find((each) => each.id === id);
      if (!deployment)
        throw new ApiFault('ServiceDeploymentNotFoundException', 'Service deployment not found.');
      if (ENDED.includes(deployment.status))
        throw new ApiFault('ConflictException', 'The deployment has ended.');
      if (!deployment.rollback) {
        model.rollBack(
          deployment,
          'Service deployment rolled back because it was stopped with the ROLLBACK type.',
        );
      }
      return { serviceDeploymentArn: deploymentArn(deployment) };
    },
    ListServiceDeployments: (input) => {
      checkService(input);
      const wanted = Array.isArray(input.status) ? stringsOf(input, 'status') : undefined;
      const matching = model.listed.filter(({ status }) => wanted?.includes(status) ?? true);
      const { items, ...token } = page(input, matching, 100);
      return {
        ...token,
        serviceDeployments: items.map((deployment) => ({
          serviceDeploymentArn: deploymentArn(deployment),
          serviceArn,
          clusterArn,
          createdAt: seconds(deployment.createdAt),
          startedAt: seconds(deployment.createdAt),
          targetServiceRevisionArn: revisionArn(deployment.revision),
          status: deployment.status,
        })),
      };
    },
    DescribeServiceDeployments: (input) => {
      const ids = limited(input, 'serviceDeploymentArns', 20).map(lastPart);
      return {
        serviceDeployments: model.deployments.filter(({ id }) => ids.includes(id)).map(describedDeployment),
        failures: [],
      };
    },
    DescribeServiceRevisions: (input) => {
      const ids = limited(input, 'serviceRevisionArns', 20).map(lastPart);
      return {
        serviceRevisions: ids
          .filter((id) => model.revisions.has(id))
          .map((id) => ({
            serviceRevisionArn: revisionArn(id),
            serviceArn,
            clusterArn,
            taskDefinition: model.revisions.get(id),
          })),
        failures: [],
      };
    },
    ListTasks: (input) => {
      checkCluster(input);
      const wanted = stringOf(input, 'desiredStatus');
      const matching = model.tasks.filter(({ desired }) => desired === wanted);
      const { items, ...token } = page(input, matching, 100);
      return { ...token, taskArns: items.map(taskArn) };
    },
    DescribeTasks: (input) => {
      const ids = limited(input, 'tasks', 100).map(lastPart);
      return { tasks: model.tasks.filter(({ id }) => ids.includes(id)).map(describedTask), failures: [] };
    },
    ListContainerInstances: (input) => {
      checkCluster(input);
      const { items, ...token } = page(input, model.instances, 100);
      return { ...token, containerInstanceArns: items.map(({ id }) => instanceArn(id)) };
    },
    DescribeContainerInstances: (input) => {
      const ids = limited(input, 'containerInstances', 100).map(lastPart);
      return {
        containerInstances: model.instances.filter(({ id }) => ids.includes(id)).map(described),
        failures: [],
      };
    },
  };
}
