import { type DeployManifest, type Fault, MANIFEST_PATH, type TargetEntry } from '../../contract';
import { type Artefacts, functionArn, type Resource, roleArn, type Value } from '../artefacts';
import { namesInArn, PhysicalNames } from './arn-names';
import { containerNames } from './container-names';
import { ecrImages } from './ecr-images';
import { endpointNames } from './endpoint-names';
import { isSetting } from './endpoint-spec';
import { inspectionNames } from './inspection-names';
import { nodeNames } from '../node/names';
import { isNodeSetting } from '../node/spec';
import { isServiceSetting } from '../service/spec';
import { type Checked, type Text, textsIn } from './text';

/** Text that stands for a value which is known only at deployment. */
const MARKER = /\$\{Token\[|#\{Token\[|`\{Token\[|<unresolved|<Ref |"Ref":/;
/** An ARN, a path, or a name with something besides letters. A plain word, such as a strategy, is none. */
const NAME = /^(?=.*[^A-Za-z\s])[\w+=,.@/:*-]+$/;

/** Names of the manifest that no template gives. */
export function manifestNames(artefacts: Artefacts): Checked {
  const { manifest, resources } = artefacts;
  const physical = new PhysicalNames(resources);
  const values = valuesByPlace(resources);
  const parts = [
    markers(manifest),
    roleNames(manifest, resources),
    imageNames(manifest, physical),
    ...manifest.targets.map((target) => targetNames(target, physical, values)),
    ...manifest.targets.flatMap((target) => [
      containerNames(target, physical),
      endpointNames(target, artefacts, physical),
      inspectionNames(target, manifest, physical),
      nodeNames(target, artefacts, physical),
    ]),
  ];
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

function markers(manifest: DeployManifest): Checked {
  const texts = textsIn(manifest);
  const findings = texts
    .filter(({ text }) => MARKER.test(text))
    .map(({ path, text }) => ({
      place: `${MANIFEST_PATH} ${path}`,
      value: text,
      allowed: 'values that are known when the manifest is written',
      change: 'give the value as a literal prop, or publish it through an SSM parameter',
    }));
  return { checked: texts.length, findings };
}

function roleNames({ roles }: DeployManifest, resources: readonly Resource[]): Checked {
  const findings = roles.flatMap((role): Fault[] => {
    const place = `${MANIFEST_PATH} roles.${role.id} (${role.constructPath})`;
    const resource = resources.find(
      ({ type, account, properties }) =>
        type === 'AWS::IAM::Role' && account === role.account && properties.RoleName === role.name,
    );
    if (!resource) return [missing(place, `role ${role.name} in account ${role.account}`)];
    const arn = roleArn(role.account, role.name, resource.properties.Path);
    if (role.arn === arn) return [];
    return [{ place, value: role.arn, allowed: arn, change: 'run `npx projen` to write the manifest anew' }];
  });
  return { checked: roles.length, findings };
}

function imageNames(manifest: DeployManifest, physical: PhysicalNames): Checked {
  const images = ecrImages(manifest);
  const findings = images.flatMap((image): Fault[] => {
    const { name, uri, account, region } = image.repository;
    const place = `${MANIFEST_PATH} images.${image.id} (${image.constructPath})`;
    const expected = `${account}.dkr.ecr.${region}.amazonaws.com/${name}`;
    const arns = [...image.calls.publish, ...image.calls.scan].flatMap(({ resources }) => resources);
    return [
      ...(physical.find('AWS::ECR::Repository', name, { account, region }).length === 0
        ? [missing(place, `image repository ${name} in ${account}, ${region}`)]
        : []),
      ...(uri === expected
        ? []
        : [{ place, value: uri, allowed: expected, change: 'run `npx projen` to write the manifest anew' }]),
      ...[...new Set(arns)].flatMap((arn) => arnFaults(arn, `${place} calls`, physical)),
    ];
  });
  return { checked: images.length * 2, findings };
}

function targetNames(
  target: TargetEntry,
  physical: PhysicalNames,
  values: ReadonlyMap<string, ReadonlySet<string>>,
): Checked {
  const place = `${MANIFEST_PATH} targets.${target.id} (${target.constructPath})`;
  const here = values.get(`${target.account} ${target.region}`) ?? new Set();
  const { releasedImage, spec, calls, inspection } = target;
  const arns = new Set(
    [...Object.values(calls).flat(), ...(inspection?.calls ?? [])]
      .flatMap(({ resources, context = {} }) => [...resources, ...Object.values(context)])
      .filter((text) => text.startsWith('arn:')),
  );
  const names = textsIn(spec).filter(
    ({ path, text }) =>
      NAME.test(text) &&
      !isSetting(target, path) &&
      !isNodeSetting(target, path) &&
      !isServiceSetting(target, path),
  );
  const parameter = releasedImage?.from === 'ssmParameter' ? releasedImage.name : undefined;
  return {
    checked: arns.size + names.length + (parameter === undefined ? 0 : 1),
    findings: [
      ...[...arns].flatMap((arn) => arnFaults(arn, `${place} calls`, physical)),
      ...names
        .filter(({ text }) => !here.has(text))
        .map(({ path, text }: Text) =>
          missing(`${place} spec.${path}`, `"${text}" in ${target.account}, ${target.region}`),
        ),
      ...(parameter !== undefined && physical.find('AWS::SSM::Parameter', parameter, target).length === 0
        ? [missing(`${place} releasedImage`, `parameter ${parameter} in ${target.account}, ${target.region}`)]
        : []),
    ],
  };
}

/** What is wrong with the names in an ARN. */
export function arnFaults(arn: string, place: string, physical: PhysicalNames): readonly Fault[] {
  if (arn === '*') return [];
  const names = namesInArn(arn);
  if (!names) {
    return [
      {
        place,
        value: arn,
        allowed: 'an ARN of a form that proofs/calls/arn-names.ts lists',
        change: 'correct the ARN, or add its form and the type of the resource that it names',
      },
    ];
  }
  return physical.missing(names).map((what) => missing(place, `${what} (${arn})`));
}

/** Every text of every template, by account and region; ARNs of roles and functions stand for them too. */
function valuesByPlace(resources: readonly Resource[]): ReadonlyMap<string, ReadonlySet<string>> {
  const byPlace = new Map<string, Set<string>>();
  const collect = (value: Value, into: Set<string>): void => {
    if (typeof value === 'string') into.add(value);
    else if (typeof value === 'object' && value !== null)
      Object.values(value).forEach((item: Value) => {
        collect(item, into);
      });
  };
  for (const { account, region, type, properties } of resources) {
    const key = `${account} ${region}`;
    const texts = byPlace.get(key) ?? new Set<string>();
    byPlace.set(key, texts);
    // A policy only mentions names; it does not give them.
    if (!type.startsWith('AWS::IAM::')) collect(properties, texts);
    if (type === 'AWS::IAM::Role' && typeof properties.RoleName === 'string') {
      texts.add(roleArn(account, properties.RoleName, properties.Path));
    }
    if (type === 'AWS::Lambda::Function' && typeof properties.FunctionName === 'string') {
      texts.add(functionArn(properties.FunctionName, { account, region }));
    }
  }
  return byPlace;
}

function missing(place: string, value: string): Fault {
  return {
    place,
    value: `${value}: no template gives that name`,
    allowed: 'names of resources that a stack of the same account and region makes',
    change: 'give the resource this name, or run `npx projen` so that the manifest follows the stacks',
  };
}
