import type { Resource, Value } from '../../artefacts';
import { follow, type TemplateIndex } from './template-index';
import { number, record, said, unreadable } from './template-values';

/** Instances that a service places its tasks on, all of one type. */
export interface InstanceGroup {
  readonly resource: Resource;
  readonly instanceType: string;
  readonly maxInstances: number;
}

/** @throws Unreadable when the template does not lead to one group with one instance type */
export function instanceGroup(
  service: Resource,
  providers: readonly (Value | undefined)[],
  index: TemplateIndex,
): InstanceGroup {
  const [provider] = providers;
  if (providers.length !== 1) {
    throw unreadable(
      service,
      'CapacityProviderStrategy',
      `${providers.length} providers`,
      'one capacity provider',
    );
  }
  const capacity = follow(index, service, provider, 'AWS::ECS::CapacityProvider');
  const ofGroup = record(capacity.properties.AutoScalingGroupProvider);
  const group = follow(index, capacity, ofGroup.AutoScalingGroupArn, 'AWS::AutoScaling::AutoScalingGroup');
  if (group.properties.MixedInstancesPolicy !== undefined) {
    throw unreadable(
      group,
      'MixedInstancesPolicy',
      'several instance types',
      'one instance type, whose GPUs can be counted',
    );
  }
  const given = record(group.properties.LaunchTemplate).LaunchTemplateId;
  const template = follow(index, group, given, 'AWS::EC2::LaunchTemplate');
  const instanceType = record(template.properties.LaunchTemplateData).InstanceType;
  if (typeof instanceType !== 'string') {
    throw unreadable(template, 'InstanceType', said(instanceType), 'the name of an instance type');
  }
  return { resource: group, instanceType, maxInstances: number(group, 'MaxSize', group.properties.MaxSize) };
}
