import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs';
import type { Input } from '../service';

/** Members whose keys are the user's own: they keep their case. */
const OWN_KEYS = ['Options', 'DockerLabels', 'DriverOpts', 'Labels'];

const isObject = (value: unknown): value is Input => typeof value === 'object' && value !== null;

/**
 * A value of a template in the form of the API: CloudFormation writes the same members with a capital letter.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ecs-taskdefinition.html
 */
export function asApi(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asApi);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => [
    key.charAt(0).toLowerCase() + key.slice(1),
    OWN_KEYS.includes(key) ? member : asApi(member),
  ]);
  return Object.fromEntries(entries);
}

/** A task definition of a template as the request that would register it. */
export function contentOf({ Tags: _, ...properties }: Input, family: string): RegisterTaskDefinitionRequest {
  // The proofs have checked the template; the server checks it again when it is described.
  return { ...(asApi(properties) as RegisterTaskDefinitionRequest), family };
}
