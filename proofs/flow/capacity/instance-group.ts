import type { Resource, Value } from '../../artefacts';
import { follow, type TemplateIndex } from './template-index';
import { list, number, record, said, unreadable } from './template-values';

/** Instances that a service places its tasks on. */
export interface InstanceGroup {
  readonly resource: Resource;
  /** Which of several types AWS will have, nobody knows. */
  readonly instanceTypes: readonly string[];
  readonly maxInstances: number;
  /** Of the most instances, those that are on demand, and those on Spot. */
  readonly purchased: { readonly onDemand: number; readonly spot: number };
  /** Settings of the ECS agent and whatever else an instance does when it starts; empty where nothing is said. */
  readonly userData: string;
  /** Stopped instances that wait beside the group. */
  readonly warmPool?: Resource;
}

/** @throws Unreadable when the template does not lead to one group whose instance types can be counted */
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
  const mixed = group.properties.MixedInstancesPolicy;
  const launch =
    mixed === undefined
      ? record(group.properties.LaunchTemplate)
      : record(record(record(mixed).LaunchTemplate).LaunchTemplateSpecification);
  const template = follow(index, group, launch.LaunchTemplateId, 'AWS::EC2::LaunchTemplate');
  const maxInstances = number(group, 'MaxSize', group.properties.MaxSize);
  const warmPool = index
    .all(group, 'AWS::AutoScaling::WarmPool')
    .find(({ properties }) => index.refersTo(properties.AutoScalingGroupName, group.logicalId));
  const userData = record(template.properties.LaunchTemplateData).UserData;
  return {
    resource: group,
    instanceTypes: typesOf(group, mixed, template),
    maxInstances,
    purchased: purchasedOf(group, mixed, maxInstances),
    userData: userData === undefined ? '' : String(userData),
    ...(warmPool && { warmPool }),
  };
}

/**
 * Types of the overrides, where a mixed instances policy has any: the template's type counts only where it has none.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateOverrides.html
 */
function typesOf(group: Resource, mixed: Value | undefined, template: Resource): readonly string[] {
  const overrides = list(record(record(mixed).LaunchTemplate).Overrides).map(record);
  if (overrides.length === 0) {
    return [typeIn(template, record(template.properties.LaunchTemplateData).InstanceType)];
  }
  return overrides.map(({ InstanceType, ...others }) => {
    const [other] = Object.keys(others);
    if (other === undefined) return typeIn(group, InstanceType);
    // Weights count units in place of instances, which ECS does not; the others hide what is launched.
    throw unreadable(group, `Overrides.${other}`, said(others[other]), 'an instance type and nothing more');
  });
}

function typeIn(resource: Resource, type: Value | undefined): string {
  if (typeof type === 'string') return type;
  throw unreadable(resource, 'InstanceType', said(type), 'the name of an instance type');
}

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html */
function purchasedOf(group: Resource, mixed: Value | undefined, max: number): InstanceGroup['purchased'] {
  const distribution = record(record(mixed).InstancesDistribution);
  const base = number(group, 'OnDemandBaseCapacity', distribution.OnDemandBaseCapacity ?? 0);
  const percent = number(
    group,
    'OnDemandPercentageAboveBaseCapacity',
    distribution.OnDemandPercentageAboveBaseCapacity ?? 100,
  );
  const above = Math.max(0, max - base);
  const onDemand = Math.min(max, base) + Math.ceil((above * percent) / 100);
  return { onDemand, spot: max - onDemand };
}
