import { GPU_INSTANCE_TYPES } from '../gpu-cluster';
import type { EcsServiceProps } from './props';
import { alarmNames } from './service-alarms';
import type { EcsServiceSpec, ServiceUpdate } from './spec';

/** First part of the names of log streams; the container and the id of the task follow. */
export const LOG_STREAM_PREFIX = 'task';

export const verificationArn = ({ account, region, names }: EcsServiceProps): string =>
  `arn:aws:lambda:${region}:${account}:function:${names.verificationFunction}`;

/** What the deployer has to know, made of names: an attribute of a construct is a token. */
export function specOf(props: EcsServiceProps): EcsServiceSpec {
  const { names, container, verification } = props;
  return {
    cluster: names.cluster,
    service: names.service,
    container: container.name,
    taskDefinitionFamily: names.taskDefinitionFamily,
    taskRoleArn: roleArn(props, names.taskRole),
    executionRoleArn: roleArn(props, names.executionRole),
    logGroup: names.logGroup,
    logStreamPrefix: LOG_STREAM_PREFIX,
    parameters: {
      declaredTaskDefinition: names.declaredTaskDefinition,
      releasedTaskDefinition: names.releasedTaskDefinition,
      releasedImage: names.releasedImage,
    },
    desiredCount: props.tasks.desired,
    minimumHealthyPercent: props.minimumHealthyPercent,
    maximumPercent: props.maximumPercent,
    update: updateOf(props),
    alarms: alarmNames(names.cluster),
    ...(verification && { verification: { functionName: names.verificationFunction } }),
    deployTimeoutMinutes: props.deployTimeout.toMinutes(),
    ...capacityOf(props),
    ...(props.sleep && { sleep: props.sleep }),
  };
}

function updateOf(props: EcsServiceProps): ServiceUpdate {
  const { update } = props;
  if (update.strategy === 'rolling') return { strategy: 'rolling' };
  const shifting = { bakeMinutes: update.bake.toMinutes(), ...hookOf(props) };
  switch (update.strategy) {
    case 'blueGreen':
      return { strategy: 'blueGreen', ...shifting };
    case 'canary':
      return {
        strategy: 'canary',
        ...shifting,
        canaryPercent: update.percent,
        canaryMinutes: update.wait.toMinutes(),
      };
    case 'linear':
      return {
        strategy: 'linear',
        ...shifting,
        stepPercent: update.percent,
        stepMinutes: update.wait.toMinutes(),
      };
  }
}

function hookOf(props: EcsServiceProps): Pick<Exclude<ServiceUpdate, { strategy: 'rolling' }>, 'hook'> {
  if (props.verification === undefined) return {};
  return {
    hook: { functionArn: verificationArn(props), roleArn: roleArn(props, props.names.hookRole) },
  };
}

function capacityOf({ compute, container }: EcsServiceProps): Pick<EcsServiceSpec, 'capacity'> {
  if (compute.kind === 'fargate') return {};
  return {
    capacity: {
      instanceTypes: compute.instanceTypes,
      purchase: compute.purchase.kind,
      gpusPerInstance: Math.min(...compute.instanceTypes.map((type) => GPU_INSTANCE_TYPES[type]?.gpus ?? 0)),
      maxInstances: compute.instances.max,
      gpusPerTask: container.gpus,
      placementTimeoutMinutes: compute.placementTimeout.toMinutes(),
    },
  };
}

const roleArn = ({ account }: EcsServiceProps, name: string): string =>
  `arn:aws:iam::${account}:role/${name}`;
