import { seconds } from './describe-service';
import { clusterOf, definitionOf, type Moment } from './moment';
import { instanceArn, lastPart, taskArn } from './names';
import { freeRoom, hasRegistered, isFargate } from './placement';
import type { Room } from './room';
import type { InstanceState, TaskDefinitionState, TaskState } from './state';

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html */
export function describedTask({ state }: Moment, task: TaskState): object {
  const { content } = definitionOf(state, task.definition);
  const cluster = clusterOf(state, task.cluster);
  return {
    taskArn: taskArn(task),
    clusterArn: task.cluster,
    taskDefinitionArn: task.definition,
    startedBy: task.service === undefined ? task.startedBy : `ecs-svc/${task.startedBy}`,
    group: groupOfTask(task),
    launchType: isFargate(task.provider) ? 'FARGATE' : 'EC2',
    ...(task.provider === undefined ? {} : { capacityProviderName: lastPart(task.provider) }),
    lastStatus: task.status,
    desiredStatus: task.desired,
    healthStatus: task.health,
    createdAt: seconds(task.createdAt),
    startedAt: seconds(task.startedAt),
    stoppingAt: seconds(task.stoppingAt),
    stoppedAt: seconds(task.stoppedAt),
    stopCode: task.stopCode,
    stoppedReason: task.reason,
    ...(task.instance === undefined ? {} : { containerInstanceArn: instanceArn(cluster, task.instance) }),
    containers: (content.containerDefinitions ?? []).map(({ name, image }, index) => ({
      name,
      image,
      imageDigest: task.startedAt === undefined ? undefined : task.digests[name ?? ''],
      lastStatus: task.status,
      healthStatus: task.health,
      // The first container is the one that behaves; the others end with the task.
      exitCode: index === 0 || task.exitCode === undefined ? task.exitCode : 0,
      reason: index === 0 ? task.containerReason : undefined,
    })),
  };
}

/** Such as `service:web`; of a task without a service the family. */
const groupOfTask = (task: TaskState): string =>
  task.service === undefined
    ? `family:${lastPart(task.definition).split(':')[0] ?? ''}`
    : `service:${lastPart(task.service)}`;

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html */
export function describedInstance(moment: Moment, instance: InstanceState): object {
  const { state } = moment;
  const tasks = state.tasks.filter(({ instance: id }) => id === instance.id);
  return {
    containerInstanceArn: instanceArn(clusterOf(state, instance.cluster), instance.id),
    ec2InstanceId: instance.ec2Id,
    ...(instance.provider === undefined ? {} : { capacityProviderName: lastPart(instance.provider) }),
    status: statusOf(moment, instance),
    agentConnected: hasRegistered(moment, instance),
    attributes: attributesOf(instance),
    runningTasksCount: tasks.filter(({ status }) => status === 'RUNNING').length,
    pendingTasksCount: tasks.filter(({ status }) => status === 'PENDING').length,
    registeredResources: resources(instance.room),
    remainingResources: resources(freeRoom(state, instance)),
  };
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html (status) */
function statusOf(moment: Moment, instance: InstanceState): 'ACTIVE' | 'REGISTERING' | 'DRAINING' {
  if (instance.interruptedAt !== undefined) return 'DRAINING';
  return hasRegistered(moment, instance) ? 'ACTIVE' : 'REGISTERING';
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-constraints.html */
const attributesOf = ({ type, imageId }: InstanceState): readonly object[] => [
  { name: 'ecs.instance-type', value: type },
  ...(imageId === undefined ? [] : [{ name: 'ecs.ami-id', value: imageId }]),
];

const resources = ({ cpu, memory, gpus }: Room): readonly object[] => [
  { name: 'CPU', type: 'INTEGER', integerValue: cpu },
  { name: 'MEMORY', type: 'INTEGER', integerValue: memory },
  {
    name: 'GPU',
    type: 'STRINGSET',
    stringSetValue: Array.from({ length: gpus }, (_, index) => `GPU-${index}`),
  },
];

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html */
export function describedDefinition(definition: TaskDefinitionState): object {
  const { content, arn, revision, status, registeredAt, registeredBy, deregisteredAt } = definition;
  const { tags: _, ...kept } = content;
  return {
    ...kept,
    volumes: content.volumes ?? [],
    placementConstraints: content.placementConstraints ?? [],
    taskDefinitionArn: arn,
    revision,
    status,
    compatibilities: content.requiresCompatibilities?.includes('FARGATE')
      ? ['EC2', 'FARGATE']
      : ['EC2', 'EXTERNAL'],
    requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.ecr-auth' }],
    registeredAt: seconds(registeredAt),
    ...(registeredBy === undefined ? {} : { registeredBy }),
    deregisteredAt: seconds(deregisteredAt),
  };
}
