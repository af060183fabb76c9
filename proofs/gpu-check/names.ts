import type { Fault } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import { type NamedResourceType, PhysicalNames } from '../calls/arn-names';
import { definitionFaults } from '../calls/container-names';
import { arnFaults } from '../calls/manifest-names';
import type { Checked } from '../calls/text';
import { unless, type Wrong, wrongAt } from '../wrong';
import { list, record } from '../flow/capacity/template-values';
import { gpuCheckSpecOf, type GpuCheckSpec, placeOfCheck } from './spec';
import { clustersWith, launchedTypes, type TemplateCheck, templateChecks } from './template';

const ANEW = 'run `npx projen`, so that manifest and stacks follow the platform file';

/** Names of each check that no template gives, and those that mean another thing there. */
export function gpuCheckNames(artefacts: Artefacts): Checked {
  const { manifest, resources } = artefacts;
  const physical = new PhysicalNames(resources);
  const unread = manifest.gpuChecks.flatMap((entry): readonly Fault[] => {
    const read = gpuCheckSpecOf(entry);
    return 'spec' in read
      ? []
      : wrongAt(
          placeOfCheck(entry),
          ANEW,
          read.unread.map((field) => [`spec.${field} that cannot be read`, 'a spec of a GPU check']),
        );
  });
  const checks = templateChecks(artefacts);
  return {
    checked: manifest.gpuChecks.length + checks.length * 12,
    findings: [
      ...unread,
      ...checks.flatMap((check) => [
        ...entryFaults(check, artefacts),
        ...repositoryFaults(check),
        ...declaredFaults(check, physical),
        ...providerFaults(check),
        ...definitionNames(check),
      ]),
    ],
  };
}

/** Workload, environment and role that the entry names. */
function entryFaults({ entry }: TemplateCheck, { manifest }: Artefacts): readonly Fault[] {
  const { workload, environment, account, role: id } = entry;
  const role = manifest.roles.find((one) => one.id === id);
  const wanted = `the role to check of ${environment} in ${account}`;
  return wrongAt(placeOfCheck(entry), ANEW, [
    ...unless(
      manifest.workloads.some((one) => one.id === workload),
      `workload ${workload}`,
      manifest.workloads.map((one) => one.id).join(', '),
    ),
    ...unless(
      manifest.environments.some((one) => one.name === environment && one.account === account),
      `environment ${environment} in ${account}`,
      manifest.environments.map((one) => `${one.name} in ${one.account}`).join(', '),
    ),
    ...unless(
      role?.purpose === 'check' && role.environment === environment && role.account === account,
      `role ${id}${role ? `, to ${role.purpose} in ${role.environment ?? 'no environment'}, ${role.account}` : ', which is not listed'}`,
      wanted,
    ),
  ]);
}

function repositoryFaults({ entry, repository }: TemplateCheck): readonly Fault[] {
  const { name, uri, account, region } = entry.image.repository;
  const expected = `${account}.dkr.ecr.${region}.amazonaws.com/${name}`;
  const home = account === entry.account && region === entry.region;
  return wrongAt(`${placeOfCheck(entry)} image`, ANEW, [
    ...unless(
      repository !== undefined && home,
      `image repository ${name} in ${account}, ${region}: no template gives that name`,
      `a repository in ${entry.account}, ${entry.region}`,
    ),
    ...unless(uri === expected, uri, expected),
  ]);
}

/** ARNs of the calls, and single names of the spec. */
function declaredFaults({ entry, spec }: TemplateCheck, physical: PhysicalNames): readonly Fault[] {
  const place = placeOfCheck(entry);
  const arns = new Set(
    [...entry.calls.build, ...entry.calls.run]
      .flatMap(({ resources, context = {} }) => [...resources, ...Object.values(context)])
      .filter((text) => text.startsWith('arn:')),
  );
  const names: readonly (readonly [string, NamedResourceType, string])[] = [
    ['cluster', 'AWS::ECS::Cluster', spec.cluster],
    ['taskDefinitionFamily', 'AWS::ECS::TaskDefinition', spec.taskDefinitionFamily],
    ['logGroup', 'AWS::Logs::LogGroup', spec.logGroup],
    ['parameters.declaredTaskDefinition', 'AWS::SSM::Parameter', spec.parameters.declaredTaskDefinition],
    ...spec.capacityProviders.map(
      ({ name }) => ['capacityProviders', 'AWS::ECS::CapacityProvider', name] as const,
    ),
  ];
  return [
    ...[...arns].flatMap((arn) => arnFaults(arn, `${place} calls`, physical)),
    ...names
      .filter(([, type, name]) => physical.find(type, name, entry).length === 0)
      .map(([field, type, name]) => ({
        place: `${place} spec.${field}`,
        value: `${type} ${name} in ${entry.account}, ${entry.region}: no template gives that name`,
        allowed: 'names of resources that a stack of the same account and region makes',
        change: ANEW,
      })),
  ];
}

/** Each type that people may choose has one provider, of this cluster. */
function providerFaults({ entry, spec, capacities, index }: TemplateCheck): readonly Fault[] {
  const offered = entry.instanceTypes.join(', ');
  const provided = spec.capacityProviders.map(({ instanceType }) => instanceType).join(', ');
  return wrongAt(`${placeOfCheck(entry)} spec.capacityProviders`, ANEW, [
    ...unless(offered === provided, provided, `one for each of ${offered}, in that order`),
    ...capacities.flatMap((capacity): readonly Wrong[] => {
      const clusters = clustersWith(index, capacity);
      const name = String(capacity.provider.properties.Name);
      return [
        ...unless(
          clusters.includes(spec.cluster),
          `${name}, a provider of ${clusters.join(', ') || 'no cluster'}`,
          `a provider of ${spec.cluster}`,
        ),
        ...unless(
          launchedTypes(capacity).includes(capacity.instanceType),
          `${name}, which launches ${launchedTypes(capacity).join(', ')}`,
          capacity.instanceType,
        ),
      ];
    }),
  ]);
}

/** What the definition calls container, roles and logs, and the parameter that leads to it. */
function definitionNames({ entry, spec, definition, index }: TemplateCheck): readonly Fault[] {
  // A family that no template makes is found beside the other names.
  if (!definition) return [];
  const place = `${placeOfCheck(entry)} spec`;
  const parameter = index
    .all(definition, 'AWS::SSM::Parameter')
    .find(({ properties }) => properties.Name === spec.parameters.declaredTaskDefinition);
  const leads = parameter === undefined || index.refersTo(parameter.properties.Value, definition.logicalId);
  return [
    ...definitionFaults(definition, spec, place),
    ...wrongAt(`${place}.task`, ANEW, sizeFaults(definition, spec)),
    ...wrongAt(
      `${place}.parameters.declaredTaskDefinition`,
      'write the ARN of the definition to the parameter',
      unless(
        leads,
        `a parameter with ${String(parameter?.properties.Value)}`,
        `the ARN of ${definition.path}`,
      ),
    ),
  ];
}

/** What the container asks of an instance; CloudFormation takes numbers as text too. */
function sizeFaults({ properties }: Resource, { container: name, task }: GpuCheckSpec): readonly Wrong[] {
  const container = list(properties.ContainerDefinitions)
    .map(record)
    .find((one) => one.Name === name);
  const gpus = list(container?.ResourceRequirements)
    .map(record)
    .filter(({ Type }) => Type === 'GPU')
    .map(({ Value: count }) => count);
  const made = [container?.Cpu, container?.Memory, ...gpus].map(String).join(' and ');
  const declared = [task.cpu, task.memoryMib, task.gpus].join(' and ');
  // A container that is not there is found by its name.
  return container
    ? unless(made === declared, declared, `${made}: CPU units, MiB and GPUs of the container`)
    : [];
}
