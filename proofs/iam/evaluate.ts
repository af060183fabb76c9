import { allowed, type Decision, explicitlyDenied, implicitlyDenied } from './decision';
import type { NamedPolicy } from './policy';
import { unsupported } from './refusal';
import { checkRequest, type IamRequest, lookupIn } from './request';
import { directGrant, isForeign, scanResourcePolicies } from './resource-policy';
import { describe, type Hit, quoted, type Scan, scan } from './statement';

/** The policies that decide about a call. */
export interface PolicySet {
  /** Inline and managed policies of the user or role. */
  readonly identity: readonly NamedPolicy<'identity'>[];
  /** Permissions boundary: exactly one policy. @default - none */
  readonly boundary?: readonly NamedPolicy<'identity'>[];
  /** Policy of the resource that the call names. @default - none */
  readonly resource?: readonly NamedPolicy<'resource'>[];
}

/** What the caller's own account says: a grant that its boundary leaves standing, or what is missing. */
interface OwnAccount {
  readonly grant?: Hit;
  readonly limit?: Hit;
  readonly lacking: readonly string[];
}

/**
 * Decides about one call as IAM does: an explicit deny wins, what nobody allows is denied, and a
 * boundary must allow as well. Policies of AWS Organizations, session policies and key policies of KMS
 * are not modelled.
 *
 * @throws LockstepError `UnsupportedPolicy` where the answer would be a guess
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function evaluate(policies: PolicySet, request: IamRequest): Decision {
  checkRequest(request);
  const { identity, boundary, resource } = policies;
  if (boundary && boundary.length !== 1) {
    const names = boundary.map(({ name }) => name);
    throw unsupported('boundary', names, 'one policy', 'Give one policy, or leave the boundary out.');
  }
  const { action } = request;
  const lookup = lookupIn(request.context);
  const call = { action: action.toLowerCase(), resource: request.resource, lookup };
  const byIdentity = scan(identity, call);
  const byBoundary = boundary && scan(boundary, call);
  const byResource = resource && scanResourcePolicies(resource, call, request);

  const [denied] = [byIdentity, byBoundary, byResource].flatMap((found) => found?.denies ?? []);
  if (denied) return explicitlyDenied(denied);

  const own = ownAccount(byIdentity, byBoundary, policies, action);
  if (!byResource || !resource) return decide(own, []);
  const missing = reasons(byResource, resource, action, 'resource policy: ');
  if (isForeign(request)) {
    const [theirs] = byResource.allows;
    return theirs
      ? decide(own, [`and by ${describe(theirs)}`])
      : implicitlyDenied([...own.lacking, ...missing]);
  }
  const direct = directGrant(byResource.allows, request);
  if (own.grant || !direct) return decide({ ...own, lacking: [...own.lacking, ...missing] }, []);
  if (!boundary) return allowed(direct);
  // Whether a boundary limits such a grant depends on how it names the caller and on the session.
  const change = 'Allow the call in the identity policy and in the boundary.';
  throw unsupported(direct.statement.place, action, 'no grant by a resource alone under a boundary', change);
}

function ownAccount(
  byIdentity: Scan,
  byBoundary: Scan | undefined,
  { identity, boundary = [] }: PolicySet,
  action: string,
): OwnAccount {
  const [grant] = byIdentity.allows;
  const [limit] = byBoundary?.allows ?? [];
  const lacking = [
    ...(grant ? [] : reasons(byIdentity, identity, action, '')),
    ...(byBoundary && !limit ? reasons(byBoundary, boundary, action, 'boundary: ') : []),
  ];
  return { ...(grant && lacking.length === 0 && { grant }), ...(limit && { limit }), lacking };
}

function decide({ grant, limit, lacking }: OwnAccount, more: readonly string[]): Decision {
  if (!grant) return implicitlyDenied(lacking);
  return allowed(grant, ...(limit ? [`within the boundary by ${describe(limit)}`] : []), ...more);
}

/** Why some policies do not allow the action. */
function reasons(
  { misses, allows }: Scan,
  policies: readonly NamedPolicy[],
  action: string,
  prefix: string,
): readonly string[] {
  if (allows.length > 0) return allows.map((hit) => `${prefix}${describe(hit)} leaves it to the account`);
  if (misses.length > 0) return misses.map((miss) => prefix + miss);
  const names = policies.length > 0 ? `policy ${quoted(policies.map(({ name }) => name))}` : 'any policy';
  return [`${prefix}no statement of ${names} allows ${action}`];
}
