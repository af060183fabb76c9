import { z } from 'zod';
import { LockstepError } from '../../../contract';
import { isAt } from '../place';
import { readProperties } from '../resource-properties';
import type { Made, TemplateResource } from '../service';
import { launch } from './capacity';
import { clusterOf, groupOf, type Moment, nextId } from './moment';
import { ecsArn, lastPart } from './names';
import { isFargate } from './placement';
import type { CapacityProviderState, ClusterState } from './state';

const launchTemplateSchema = z.looseObject({
  LaunchTemplateData: z.looseObject({
    InstanceType: z.string().optional(),
    ImageId: z.string().optional(),
  }),
});

const clusterSchema = z.looseObject({ ClusterName: z.string().optional() });

const providerSchema = z.strictObject({
  Name: z.string().optional(),
  AutoScalingGroupProvider: z.looseObject({
    AutoScalingGroupArn: z.string(),
    ManagedScaling: z.looseObject({ Status: z.enum(['ENABLED', 'DISABLED']).optional() }).optional(),
  }),
  Tags: z.unknown().optional(),
});

const associationsSchema = z.strictObject({
  Cluster: z.string(),
  CapacityProviders: z.array(z.string()),
  /** Which of several providers a task gets is not modelled. */
  DefaultCapacityProviderStrategy: z.array(z.looseObject({ CapacityProvider: z.string() })).max(1),
});

/** What a template refers to, which its own account and region must have. */
export function referred<T>(found: T | undefined, resource: TemplateResource, name: string, kind: string): T {
  if (found !== undefined) return found;
  throw new LockstepError('NotRehearsed', {
    place: `${resource.stack} ${resource.logicalId} (${resource.type})`,
    value: name,
    allowed: `a ${kind} that a template of the same account and region makes before`,
    change: `add the ${kind} to a template, or refer to one that there is`,
  });
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-launchtemplate.html */
export function makeLaunchTemplate({ state }: Moment, resource: TemplateResource, id: string): Made {
  const { account, region } = resource;
  const { LaunchTemplateData: data } = readProperties(resource, launchTemplateSchema);
  const image = data.ImageId === undefined ? {} : { imageId: data.ImageId };
  state.launchTemplates.push({ account, region, id, instanceType: data.InstanceType ?? '', ...image });
  return { ref: id, attributes: { LatestVersionNumber: '1', DefaultVersionNumber: '1' } };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-capacityprovider.html */
export function makeCapacityProvider({ state }: Moment, resource: TemplateResource): Made {
  const { account, region, stack, logicalId } = resource;
  const { Name, AutoScalingGroupProvider: provider } = readProperties(resource, providerSchema);
  const name = Name ?? `${stack}-${logicalId}`;
  const named = provider.AutoScalingGroupArn;
  const group = referred(
    state.groups.find((each) => isAt(each, resource) && (each.arn === named || each.name === named)),
    resource,
    named,
    'Auto Scaling group',
  );
  state.capacityProviders.push({
    account,
    region,
    arn: ecsArn(resource, `capacity-provider/${name}`),
    name,
    group: group.arn,
    managedScaling: provider.ManagedScaling !== undefined && provider.ManagedScaling.Status !== 'DISABLED',
  });
  return { ref: name };
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-cluster.html */
export function makeCluster({ state }: Moment, resource: TemplateResource): Made {
  const { account, region, stack, logicalId } = resource;
  const { ClusterName: name = `${stack}-${logicalId}` } = readProperties(resource, clusterSchema);
  const arn = ecsArn(resource, `cluster/${name}`);
  state.clusters.push({ account, region, arn, name, capacityProviders: [] });
  return { ref: name, attributes: { Arn: arn } };
}

/**
 * Gives a cluster its capacity providers; the instances of their groups join it.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-clustercapacityproviderassociations.html
 */
export function makeAssociations(moment: Moment, resource: TemplateResource): Made {
  const read = readProperties(resource, associationsSchema);
  const cluster = clusterNamed(moment, resource, read.Cluster);
  cluster.capacityProviders = read.CapacityProviders.map((name) => providerNamed(moment, resource, name));
  const [first] = read.DefaultCapacityProviderStrategy;
  if (first) cluster.defaultProvider = providerNamed(moment, resource, first.CapacityProvider);
  for (const arn of cluster.capacityProviders) {
    const provider = moment.state.capacityProviders.find((each) => each.arn === arn);
    if (provider) fill(moment, clusterOf(moment.state, cluster.arn), provider);
  }
  return { ref: nextId(moment, 'associations') };
}

function fill(moment: Moment, cluster: ClusterState, provider: CapacityProviderState): void {
  const { desired } = groupOf(moment.state, provider);
  for (let count = 0; count < desired; count += 1) launch(moment, cluster, provider, moment.now);
}

export function clusterNamed({ state }: Moment, resource: TemplateResource, name: string): ClusterState {
  const found = state.clusters.find((each) => isAt(each, resource) && each.name === lastPart(name));
  return referred(found, resource, name, 'cluster');
}

/** @returns ARN, or `FARGATE` */
export function providerNamed({ state }: Moment, resource: TemplateResource, name: string): string {
  if (isFargate(name)) return name;
  const found = state.capacityProviders.find((each) => isAt(each, resource) && each.name === lastPart(name));
  return referred(found, resource, name, 'capacity provider').arn;
}
