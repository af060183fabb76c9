import type { Fault } from '../../contract';
import { glob, type IamReference } from '../iam';
import type { StepCall } from './call';

/**
 * Whether IAM would be asked about a call in the form that it is declared: the action exists, each resource
 * is of a type that the action knows, all required types are there, and each condition key is one of the
 * action's. A condition on any other key never holds.
 *
 * @param others calls of the same role
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export function formFaults(
  call: StepCall,
  place: string,
  reference: IamReference,
  others: readonly StepCall[] = [],
): readonly Fault[] {
  const { action, resource, resources, context, source } = call;
  const at = `${place} (${source})`;
  const documented = describe(action, reference);
  if (!documented) {
    return [
      {
        place: at,
        value: action,
        allowed: 'an action of the Service Authorization Reference',
        change: 'correct the name of the action where the call is declared',
      },
    ];
  }
  const { resourceTypes, conditionKeys } = documented;
  const faults: Fault[] = [];
  const types = resourceTypes.map((type) => ({
    ...type,
    matches: glob(type.arn.replace(/\$\{[^}]+\}/g, '*')),
  }));
  const list = types.map(({ name, arn }) => `${name} (${arn})`).join(' or ');
  if (types.length === 0 && resource !== '*') {
    faults.push({
      place: at,
      value: `${action} on ${resource}`,
      allowed: 'the resource *, for IAM knows no resource of this action',
      change: 'declare the call with the resource *',
    });
  }
  if (types.length > 0 && !types.some(({ matches }) => matches(resource))) {
    faults.push({
      place: at,
      value: `${action} on ${resource}`,
      allowed: list,
      change: 'declare the call on the resource that IAM checks',
    });
  }
  // One call may be asked about in parts, each under conditions of its own.
  const asked = [
    ...resources,
    ...others.filter((one) => one.action === action && one.source === source).map((one) => one.resource),
  ];
  for (const { name, arn } of types.filter((type) => type.required && !asked.some(type.matches))) {
    faults.push({
      place: at,
      value: `${action} on ${resources.join(', ')}`,
      allowed: `a ${name} (${arn}) among the resources`,
      change: `add the ${name} to the resources of the call: AWS asks for the permission on it too`,
    });
  }
  for (const key of Object.keys(context)) {
    if (reference.isGlobalKey(key) || conditionKeys.some((known) => isKey(known, key))) continue;
    faults.push({
      place: at,
      value: `condition key ${key} of ${action}`,
      allowed: conditionKeys.join(', ') || 'no key but the global ones',
      change: 'remove the key from the context of the call: AWS does not send it',
    });
  }
  return faults;
}

function describe(action: string, reference: IamReference) {
  try {
    return reference.actionExists(action) ? reference.action(action) : undefined;
  } catch {
    // A service that AWS does not document was not loaded.
    return undefined;
  }
}

const isKey = (known: string, key: string): boolean =>
  glob(known.toLowerCase().replace(/\$\{[^}]+\}/g, '*'))(key.toLowerCase());
