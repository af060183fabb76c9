import type { Place } from '../place';
import type { ClusterState, DeploymentState, InstanceState, ServiceState, TaskState } from './state';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html */
export const ecsArn = ({ account, region }: Place, resource: string): string =>
  `arn:aws:ecs:${region}:${account}:${resource}`;

/** The part after the last slash: a name from an ARN, or the name itself. */
export const lastPart = (text: string): string => text.slice(text.lastIndexOf('/') + 1);

/** `cluster/service` of a service. */
const pathOf = (service: ServiceState): string => `${lastPart(service.cluster)}/${service.name}`;

export const deploymentArn = (service: ServiceState, { id }: DeploymentState): string =>
  ecsArn(service, `service-deployment/${pathOf(service)}/${id}`);

export const revisionArn = (service: ServiceState, id: string): string =>
  ecsArn(service, `service-revision/${pathOf(service)}/${id}`);

export const taskArn = (task: TaskState): string => ecsArn(task, `task/${lastPart(task.cluster)}/${task.id}`);

export const instanceArn = (cluster: ClusterState, id: InstanceState['id']): string =>
  ecsArn(cluster, `container-instance/${cluster.name}/${id}`);
