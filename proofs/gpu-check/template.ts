import type { Artefacts, Resource } from '../artefacts';
import { TemplateIndex } from '../flow/capacity/template-index';
import { list, record } from '../flow/capacity/template-values';
import { type GpuCheck, gpuChecksOf } from './spec';

/** Where tasks of one EC2 type run, as the template makes it. */
export interface CheckCapacity {
  /** EC2 type that the manifest gives the provider. */
  readonly instanceType: string;
  readonly provider: Resource;
  readonly group?: Resource;
  readonly launchTemplate?: Resource;
}

/** A check beside what its templates make of it. What is missing is found among the names. */
export interface TemplateCheck extends GpuCheck {
  readonly index: TemplateIndex;
  readonly repository?: Resource;
  readonly definition?: Resource;
  readonly capacities: readonly CheckCapacity[];
}

const known = new WeakMap<Artefacts, readonly TemplateCheck[]>();

/** Every check of the manifest. Found once. */
export function templateChecks(artefacts: Artefacts): readonly TemplateCheck[] {
  const before = known.get(artefacts);
  if (before) return before;
  const index = new TemplateIndex(artefacts.resources);
  const checks = gpuChecksOf(artefacts.manifest).map((check) => ofCheck(check, artefacts.resources, index));
  known.set(artefacts, checks);
  return checks;
}

function ofCheck(check: GpuCheck, resources: readonly Resource[], index: TemplateIndex): TemplateCheck {
  const { entry, spec } = check;
  const named = (type: string, property: string, name: string): Resource | undefined =>
    resources.find(
      (one) =>
        one.type === type &&
        one.account === entry.account &&
        one.region === entry.region &&
        one.properties[property] === name,
    );
  const repository = named('AWS::ECR::Repository', 'RepositoryName', entry.image.repository.name);
  const definition = named('AWS::ECS::TaskDefinition', 'Family', spec.taskDefinitionFamily);
  return {
    ...check,
    index,
    ...(repository && { repository }),
    ...(definition && { definition }),
    capacities: spec.capacityProviders.flatMap(({ instanceType, name }) => {
      const provider = named('AWS::ECS::CapacityProvider', 'Name', name);
      return provider ? [capacityOf(instanceType, provider, index)] : [];
    }),
  };
}

function capacityOf(instanceType: string, provider: Resource, index: TemplateIndex): CheckCapacity {
  const { AutoScalingGroupArn } = record(provider.properties.AutoScalingGroupProvider);
  const group = index.find(provider, AutoScalingGroupArn, 'AWS::AutoScaling::AutoScalingGroup');
  const given = record(group?.properties.LaunchTemplate).LaunchTemplateId;
  const launchTemplate = group && index.find(group, given, 'AWS::EC2::LaunchTemplate');
  return { instanceType, provider, ...(group && { group }), ...(launchTemplate && { launchTemplate }) };
}

/** EC2 types that a group launches. */
export const launchedTypes = ({ group, launchTemplate }: CheckCapacity): readonly string[] =>
  group?.properties.MixedInstancesPolicy === undefined
    ? [String(record(launchTemplate?.properties.LaunchTemplateData).InstanceType ?? 'nothing')]
    : ['several types'];

/** Clusters that have the provider, by the association in its template. */
export const clustersWith = (index: TemplateIndex, { provider }: CheckCapacity): readonly string[] =>
  index
    .all(provider, 'AWS::ECS::ClusterCapacityProviderAssociations')
    .filter(({ properties }) =>
      list(properties.CapacityProviders).some(
        (one) => one === provider.properties.Name || index.refersTo(one, provider.logicalId),
      ),
    )
    .map(({ properties }) => String(properties.Cluster));
