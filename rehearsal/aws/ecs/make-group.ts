import { z } from 'zod';
import { isAt } from '../place';
import { readProperties } from '../resource-properties';
import type { Made, TemplateResource } from '../service';
import { roomOf } from './instance-types';
import { referred } from './make-capacity';
import type { Moment } from './moment';

const size = z.coerce.number().int().min(0);

const launchTemplateSchema = z.looseObject({ LaunchTemplateId: z.string() });

const groupSchema = z.looseObject({
  AutoScalingGroupName: z.string().optional(),
  LaunchTemplate: launchTemplateSchema.optional(),
  MixedInstancesPolicy: z
    .strictObject({
      LaunchTemplate: z.strictObject({
        LaunchTemplateSpecification: launchTemplateSchema,
        // Weights and requirements are not modelled.
        Overrides: z.array(z.strictObject({ InstanceType: z.string() })).default([]),
      }),
      InstancesDistribution: z
        .looseObject({
          OnDemandBaseCapacity: size.default(0),
          // Either all above the base are on demand, or none.
          OnDemandPercentageAboveBaseCapacity: z.literal([0, 100]).default(100),
        })
        .default({ OnDemandBaseCapacity: 0, OnDemandPercentageAboveBaseCapacity: 100 }),
    })
    .optional(),
  MinSize: size,
  MaxSize: size,
  DesiredCapacity: size.optional(),
});

type GroupProperties = z.output<typeof groupSchema>;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-autoscalinggroup.html */
export function makeGroup({ state }: Moment, resource: TemplateResource): Made {
  const { account, region, stack, logicalId } = resource;
  const read = readProperties(resource, groupSchema);
  const name = read.AutoScalingGroupName ?? `${stack}-${logicalId}`;
  const { MixedInstancesPolicy: mixed } = read;
  const given = (mixed?.LaunchTemplate.LaunchTemplateSpecification ?? read.LaunchTemplate)?.LaunchTemplateId;
  const template = referred(
    state.launchTemplates.find(({ id }) => id === given),
    resource,
    given ?? 'none',
    'launch template',
  );
  const overrides = mixed?.LaunchTemplate.Overrides.map(({ InstanceType }) => InstanceType) ?? [];
  const instanceTypes = overrides.length > 0 ? overrides : [template.instanceType];
  for (const type of instanceTypes) roomOf(type, `${stack} ${logicalId} instance type`);
  const arn = `arn:aws:autoscaling:${region}:${account}:autoScalingGroup:${name}:autoScalingGroupName/${name}`;
  state.groups.push({
    account,
    region,
    arn,
    name,
    instanceTypes,
    ...spotOf(mixed),
    ...(template.imageId === undefined ? {} : { imageId: template.imageId }),
    minSize: read.MinSize,
    maxSize: read.MaxSize,
    desired: read.DesiredCapacity ?? read.MinSize,
    launches: true,
  });
  return { ref: name, attributes: { AutoScalingGroupARN: arn } };
}

/** @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html */
function spotOf(mixed: GroupProperties['MixedInstancesPolicy']): {
  readonly onSpotAbove?: number;
} {
  if (mixed === undefined) return {};
  const { OnDemandBaseCapacity, OnDemandPercentageAboveBaseCapacity: percent } = mixed.InstancesDistribution;
  return percent === 100 ? {} : { onSpotAbove: OnDemandBaseCapacity };
}

const warmPoolSchema = z.strictObject({
  AutoScalingGroupName: z.string(),
  MinSize: size.default(0),
  MaxGroupPreparedCapacity: z.coerce.number().int().optional(),
  PoolState: z.literal('Stopped').default('Stopped'),
});

/**
 * Stopped instances beside a group. Those that wait beyond the least number are not modelled.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-autoscaling-warmpool.html
 */
export function makeWarmPool({ state }: Moment, resource: TemplateResource, id: string): Made {
  const { AutoScalingGroupName: name, MinSize } = readProperties(resource, warmPoolSchema);
  const group = referred(
    state.groups.find((each) => isAt(each, resource) && each.name === name),
    resource,
    name,
    'Auto Scaling group',
  );
  group.warm = Array.from({ length: MinSize }, () => 0);
  return { ref: id };
}
