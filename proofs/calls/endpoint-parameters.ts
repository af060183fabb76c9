import { isDeepStrictEqual } from 'node:util';
import { type Fault, NOTHING_RELEASED, type TargetEntry } from '../../contract';
import type { Resource, Value } from '../artefacts';
import type { PhysicalNames } from './arn-names';
import type { Differs, EndpointSpec } from './endpoint-spec';

/** The settings that the stack declares, which a deployment reads, are those of the spec. */
export function settingsFaults(
  spec: EndpointSpec,
  parameters: readonly Resource[],
  differs: Differs,
): readonly Fault[] {
  const { executionRoleArn, instanceType, instanceCount, dataCapture } = spec;
  const wanted = { executionRoleArn, instanceType, instanceCount, ...(dataCapture && { dataCapture }) };
  // A parameter that no template makes is found among the names.
  return parameters
    .filter(({ properties }) => !isDeepStrictEqual(parsed(properties.Value), wanted))
    .map(({ path, properties }) =>
      differs('parameters.declaredSettings', `${String(properties.Value)} (${path})`, JSON.stringify(wanted)),
    );
}

/** What the pipeline writes about a release has a parameter of its own, which says at first that there is none. */
export function parameterFaults(
  target: TargetEntry,
  { parameters }: EndpointSpec,
  physical: PhysicalNames,
  differs: Differs,
): readonly Fault[] {
  const { declaredSettings, ...released } = parameters;
  const names = [declaredSettings, ...Object.values(released)];
  const twice = Object.entries(parameters).filter(
    ([, name]) => names.indexOf(name) !== names.lastIndexOf(name),
  );
  const odd = Object.entries(released).flatMap(([field, name]) =>
    physical
      .find('AWS::SSM::Parameter', name, target)
      .filter(({ properties: { Type, Value: value } }) => Type !== 'String' || value !== NOTHING_RELEASED)
      .map(({ path, properties: { Type, Value: value } }) =>
        differs(
          `parameters.${field}`,
          `${name} (${path}): ${String(Type)} "${String(value)}"`,
          `String "${NOTHING_RELEASED}", until the pipeline writes what it released`,
        ),
      ),
  );
  return [
    ...twice.map(([field, name]) => differs(`parameters.${field}`, name, 'a parameter of its own for each')),
    ...odd,
  ];
}

function parsed(value: Value | undefined): unknown {
  try {
    return JSON.parse(String(value));
  } catch {
    return undefined;
  }
}
