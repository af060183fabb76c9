import { resourcesOfStack, type Mutation, type SampleResource, type Sources } from '../sample';
import { set } from './set-property';

/** Stack of the service that is on Spot and sleeps. */
const STAGING = 'ml-platform-kvs-infer-staging';
/** Path of its group. */
const INSTANCES = `${STAGING}/Service/Gpu/Default/Instances`;
const POLICY = ['MixedInstancesPolicy', 'LaunchTemplate', 'Overrides'] as const;

function inStaging(sample: Sources, type: string): SampleResource {
  const found = Object.values(resourcesOfStack(sample, STAGING)).find((one) => one.Type === type);
  if (!found) throw new Error(`no ${type} in ${STAGING}`);
  return found;
}

const group = (sample: Sources): SampleResource => inStaging(sample, 'AWS::AutoScaling::AutoScalingGroup');
const overrides = (sample: Sources, value: unknown): void => set(group(sample), POLICY, value);

/** Adds a warm pool to a stack's group. */
function warmPool(sample: Sources, stack: string, properties: object): void {
  const resources = resourcesOfStack(sample, stack);
  const [id] =
    Object.entries(resources).find(([, one]) => one.Type === 'AWS::AutoScaling::AutoScalingGroup') ?? [];
  resources.Seeded = {
    Type: 'AWS::AutoScaling::WarmPool',
    Properties: { AutoScalingGroupName: { Ref: id }, MinSize: 1, ...properties },
  };
}

/** The scheduled actions: of the two branches, the one that comes with the first release. */
function actions(sample: Sources): Record<string, unknown>[] {
  const { ScheduledActions } = inStaging(sample, 'AWS::ApplicationAutoScaling::ScalableTarget').Properties;
  const [, , given] = (ScheduledActions as { 'Fn::If': [string, unknown, Record<string, unknown>[]] })[
    'Fn::If'
  ];
  return given;
}

/** Defects of Spot Instances, several types, warm pools and sleep. */
export const SPOT_AND_SLEEP_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a second type without known GPUs',
    owner: 'P10',
    place: `${STAGING}/Service`,
    apply: (sample) => overrides(sample, [{ InstanceType: 'g4dn.xlarge' }, { InstanceType: 'm7i.xlarge' }]),
  },
  {
    name: 'types that hide behind requirements',
    owner: 'P10',
    place: INSTANCES,
    apply: (sample) => overrides(sample, [{ InstanceRequirements: { AcceleratorCount: { Min: 1 } } }]),
  },
  {
    name: 'a type that counts as several',
    owner: 'P10',
    place: INSTANCES,
    apply: (sample) => overrides(sample, [{ InstanceType: 'g4dn.xlarge', WeightedCapacity: '4' }]),
  },
  {
    name: 'a launch template that the policy does not lead to',
    owner: 'P10',
    place: INSTANCES,
    apply: (sample) =>
      set(group(sample), ['MixedInstancesPolicy', 'LaunchTemplate', 'LaunchTemplateSpecification'], {
        LaunchTemplateId: 'lt-0123',
      }),
  },
  {
    name: 'no room where AWS has the smaller type only',
    owner: 'P10',
    place: `${STAGING}/Service`,
    apply: (sample) => {
      overrides(sample, [{ InstanceType: 'g4dn.12xlarge' }, { InstanceType: 'g4dn.xlarge' }]);
      set(group(sample), ['MaxSize'], '1');
    },
  },
  {
    name: 'Spot Instances that go without moving their tasks',
    owner: 'P10',
    place: INSTANCES,
    apply: (sample) =>
      set(inStaging(sample, 'AWS::EC2::LaunchTemplate'), ['LaunchTemplateData', 'UserData'], {
        'Fn::Base64': '#!/bin/bash\necho ECS_ENABLE_GPU_SUPPORT=true >> /etc/ecs/ecs.config',
      }),
  },
  {
    name: 'instances that are rebalanced behind the back of ECS',
    owner: 'P10',
    place: INSTANCES,
    apply: (sample) => {
      group(sample).Properties.CapacityRebalance = true;
    },
  },
  {
    name: 'a warm pool of several types',
    owner: 'P10',
    place: `${STAGING}/Seeded`,
    apply: (sample) => warmPool(sample, STAGING, {}),
  },
  {
    name: 'a warm pool whose instances join the cluster while they wait',
    owner: 'P10',
    place: 'ml-platform-kvs-infer-production/Seeded',
    apply: (sample) => warmPool(sample, 'ml-platform-kvs-infer-production', {}),
  },
  {
    name: 'instances that return to their warm pool',
    owner: 'P10',
    place: 'ml-platform-kvs-infer-production/Seeded',
    apply: (sample) =>
      warmPool(sample, 'ml-platform-kvs-infer-production', { InstanceReusePolicy: { ReuseOnScaleIn: true } }),
  },
  {
    name: 'a service that never wakes',
    owner: 'P10',
    place: `${STAGING}/Service`,
    apply: (sample) => {
      actions(sample).pop();
    },
  },
  {
    name: 'a service that wakes with more tasks than there are places',
    owner: 'P10',
    place: `${STAGING}/Service`,
    apply: (sample) => {
      const [, wake] = actions(sample);
      if (wake) wake.ScalableTargetAction = { MinCapacity: 1, MaxCapacity: 6 };
    },
  },
  {
    name: 'a schedule with limits in the wrong order',
    owner: 'P10',
    place: `${STAGING}/Service`,
    apply: (sample) => {
      const [, wake] = actions(sample);
      if (wake) wake.ScalableTargetAction = { MinCapacity: 2, MaxCapacity: 1 };
    },
  },
];
