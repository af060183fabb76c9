import type { Call, Input, Question } from '../service';
import { stringOf } from '../service';
import { ecsArn, lastPart } from './names';

/**
 * What IAM is asked before an operation of ECS. Resource types and condition keys are those of the reference.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export type Ask = (input: Input, call: Call) => readonly Question[];

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

/** A call that leaves the cluster out means the one named `default`. */
export const clusterName = (input: Input): string => lastPart(textOf(input.cluster) || 'default');

const inCluster = (call: Call, name: string) => ({ 'ecs:cluster': ecsArn(call, `cluster/${name}`) });

/** Actions that IAM offers no resource type for. */
export const onAnything =
  (action: string): Ask =>
  () => [{ action, resource: '*' }];

export const onServices =
  (action: string, field: 'service' | 'services'): Ask =>
  (input, call) => {
    const names = field === 'service' ? [stringOf(input, field)] : listOf(input[field]);
    const cluster = clusterName(input);
    return names.map((name) => ({
      action,
      resource: ecsArn(call, `service/${cluster}/${lastPart(name)}`),
      context: inCluster(call, cluster),
    }));
  };

/** Deployments and revisions: IAM asks for them and for their service. */
export const onPartsOfService =
  (action: string, field: string): Ask =>
  (input, call) => {
    const arns = field.endsWith('s') ? listOf(input[field]) : [stringOf(input, field)];
    const services = arns.map((arn) => arn.replace(/:service-[a-z]+\/(.*)\/[^/]*$/, ':service/$1'));
    return [...new Set([...services, ...arns])].map((resource) => ({
      action,
      resource,
      context: inCluster(call, resource.split('/')[1] ?? ''),
    }));
  };

/** Listed tasks are authorised on the container instances of the cluster. */
export const onInstancesOfCluster =
  (action: string): Ask =>
  (input, call) => {
    const cluster = clusterName(input);
    const resource = ecsArn(call, `container-instance/${cluster}/*`);
    return [{ action, resource, context: inCluster(call, cluster) }];
  };

/** Tasks or container instances, by ARN or id. */
export const onMembers =
  (action: string, field: string, type: 'task' | 'container-instance'): Ask =>
  (input, call) => {
    const cluster = clusterName(input);
    const ids = field.endsWith('s') ? listOf(input[field]) : [stringOf(input, field)];
    return ids.map((id) => ({
      action,
      resource: id.startsWith('arn:') ? id : ecsArn(call, `${type}/${cluster}/${id}`),
      context: inCluster(call, cluster),
    }));
  };

export const onClusters =
  (action: string, field: 'cluster' | 'clusters'): Ask =>
  (input, call) => {
    const names = field === 'cluster' ? [clusterName(input)] : listOf(input.clusters ?? ['default']);
    return names.map((name) => ({ action, resource: ecsArn(call, `cluster/${lastPart(name)}`) }));
  };

export const onCapacityProviders =
  (action: string): Ask =>
  (input, call) => {
    const names = listOf(input.capacityProviders ?? ['*']);
    return names.map((name) => ({ action, resource: ecsArn(call, `capacity-provider/${lastPart(name)}`) }));
  };

/** A call that hands roles to tasks, or to ECS itself, needs `iam:PassRole` for each. */
export function passRoles(
  roles: readonly unknown[],
  service = 'ecs-tasks.amazonaws.com',
): readonly Question[] {
  const arns = roles.filter((role) => typeof role === 'string');
  return [...new Set(arns)].map((resource) => ({
    action: 'iam:PassRole',
    resource,
    context: { 'iam:PassedToService': service },
  }));
}

/**
 * Authorised on the service, and on passing the roles by which ECS calls hooks.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-permissions.html
 */
export const onUpdate: Ask = (input, call) => {
  const { lifecycleHooks } = (input.deploymentConfiguration ?? {}) as {
    readonly lifecycleHooks?: readonly { readonly roleArn?: unknown }[];
  };
  return [
    ...onServices('ecs:UpdateService', 'service')(input, call),
    ...passRoles(
      (lifecycleHooks ?? []).map(({ roleArn }) => roleArn),
      'ecs.amazonaws.com',
    ),
  ];
};

/** ECS chooses the revision: a policy names the family. */
export const onFamily: Ask = (input, call) => [
  {
    action: 'ecs:RegisterTaskDefinition',
    resource: ecsArn(call, `task-definition/${stringOf(input, 'family')}:*`),
  },
  ...passRoles([input.taskRoleArn, input.executionRoleArn]),
];
