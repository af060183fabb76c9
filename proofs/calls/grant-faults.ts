import type { DeployManifest, Fault } from '../../contract';
import type { IamReference } from '../iam';
import { ecrImages } from './ecr-images';
import { allows, type Grant, hasWildcard } from './grants';
import type { RoleCall } from './role-review';

/** Reasons that the manifest gives for patterns, by action and resource. */
export type Reasons = ReadonlyMap<string, string>;

export function reasonsOf(manifest: DeployManifest): Reasons {
  const calls = [
    ...ecrImages(manifest).flatMap((image) => [...image.calls.publish, ...image.calls.scan]),
    ...manifest.targets.flatMap((target) => [
      ...Object.values(target.calls).flat(),
      ...(target.inspection?.calls ?? []),
      ...(target.postbox?.calls ?? []),
    ]),
    ...manifest.gpuChecks.flatMap((check) => [...check.calls.build, ...check.calls.run]),
  ];
  return new Map(
    calls.flatMap(({ action, resources, because }) =>
      because === undefined ? [] : resources.map((resource) => [`${action} ${resource}`, because] as const),
    ),
  );
}

/**
 * What is too much about one grant.
 *
 * @param calls those of the role with the same action
 */
export function grantFaults(
  grant: Grant,
  calls: readonly RoleCall[],
  role: string,
  reasons: Reasons,
  reference: IamReference,
): readonly Fault[] {
  const { action, resource } = grant;
  const place = `${role}, ${grant.place}`;
  const granted = `${action} on ${resource}`;
  if (hasWildcard(action)) {
    return [
      {
        place,
        value: action,
        allowed: 'actions without wildcard',
        change: 'name each action that a step calls',
      },
    ];
  }
  const users = calls.filter((call) => allows(grant, call));
  const [user] = users;
  if (!user) {
    const made = calls.map(({ call }) => call.resource).join(', ');
    const conditions = grant.conditions.map(
      ({ operator, key, values }) => `${operator} ${key} ${values.join(' or ')}`,
    );
    return [
      {
        place,
        value: `${granted}${conditions.length > 0 ? ` if ${conditions.join(' and ')}` : ''}`,
        allowed:
          made === '' ? 'nothing: no job with this role calls it' : `what jobs with this role call: ${made}`,
        change: 'remove it from the calls that the role is made of, or run the verb that needs it',
      },
    ];
  }
  return [
    ...patternFaults(grant, users, place, reasons, reference),
    ...conditionFaults(grant, users, place),
    ...valueFaults(grant, users, place),
  ];
}

/** A pattern must be the call's own, and must be the least that IAM offers. */
function patternFaults(
  { action, resource, conditions }: Grant,
  users: readonly RoleCall[],
  place: string,
  reasons: Reasons,
  reference: IamReference,
): readonly Fault[] {
  if (!hasWildcard(resource)) return [];
  const value = `${action} on ${resource}`;
  const { resourceTypes, conditionKeys } = reference.action(action);
  if (resource === '*' && resourceTypes.length > 0) {
    const allowed = resourceTypes.map(({ name, arn }) => `a ${name}: ${arn}`).join(' or ');
    return [
      {
        place,
        value,
        allowed,
        change: `name the resource: ${users.map(({ call }) => call.resource).join(', ')}`,
      },
    ];
  }
  const tested = conditions.map(({ key }) => key.toLowerCase());
  const offered = conditionKeys.filter((key) => !key.includes('Tag') && !tested.includes(key.toLowerCase()));
  if (resource === '*' && offered.length > 0 && tested.length === 0) {
    return [
      {
        place,
        value,
        allowed: `a condition on ${offered.join(' or ')}`,
        change: 'give the call the key in its context',
      },
    ];
  }
  if (!users.some(({ call }) => call.resource === resource)) {
    const allowed = users.map(({ call }) => call.resource).join(', ');
    return [{ place, value, allowed, change: 'grant only what the steps call' }];
  }
  if (reasons.has(`${action} ${resource}`)) return [];
  return [
    {
      place,
      value,
      allowed: 'a pattern whose call in the manifest says why (`because`)',
      change: 'name the resource, or say in the call why AWS leaves only a pattern',
    },
  ];
}

/** What the calls carry, the grant must test: it must refuse another value and no value at all. */
function conditionFaults(grant: Grant, users: readonly RoleCall[], place: string): readonly Fault[] {
  const keys = new Set(users.flatMap(({ call }) => Object.keys(call.context)));
  return [...keys].flatMap((key): Fault[] => {
    const [user] = users.filter(({ call }) => call.context[key] !== undefined);
    if (!user) return [];
    const { [key]: value = '', ...others } = user.call.context;
    const strangers = [others, { ...others, [key]: strangerTo(value) }];
    if (!strangers.some((context) => allows(grant, user, context))) return [];
    return [
      {
        place,
        value: `${grant.action} on ${grant.resource}, whatever ${key} is`,
        allowed: `${key} = ${value}, which each of its calls carries`,
        change: `test ${key} for equality in the statement`,
      },
    ];
  });
}

/** Operators that hold when one of their values is, or fits, the value of the request. */
const FITS =
  /^(?:For(?:All|Any)Values?:)?(?:String(?:Equals|EqualsIgnoreCase|Like)|Arn(?:Equals|Like))(?:IfExists)?$/;

/** Each value that a condition takes must be one that a call carries, and no pattern of several. */
function valueFaults(grant: Grant, users: readonly RoleCall[], place: string): readonly Fault[] {
  return grant.conditions
    .filter(({ operator }) => FITS.test(operator))
    .flatMap(({ operator, key, values }) => {
      const carried = new Set(users.flatMap(({ call }) => valuesOf(call.context, key)));
      return values
        .filter((value) => !carried.has(value))
        .map((value) => ({
          place,
          value: `${grant.action} on ${grant.resource} where ${operator} ${key} is ${value}`,
          allowed: `values that its calls carry: ${[...carried].join(', ') || 'none'}`,
          change: `remove ${value} from the values of ${key}`,
        }));
    });
}

/** Keys are compared without regard to case. */
const valuesOf = (context: Readonly<Record<string, string>>, key: string): readonly string[] =>
  Object.entries(context).flatMap(([name, value]) =>
    name.toLowerCase() === key.toLowerCase() ? [value] : [],
  );

/** A value of the same form that differs at its end. */
const strangerTo = (value: string): string => `${value}-of-a-stranger`;
