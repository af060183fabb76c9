import { ARN_PARTS, arnParts } from './operators';
import type { NamedPolicy, Statement } from './policy';
import { accountOf, nameCaller, type Naming } from './principal';
import { unsupported } from './refusal';
import { type IamRequest, lookupIn } from './request';
import { type Call, type Hit, quoted, type Scan, scan } from './statement';

/**
 * Puts a call to the policies of its resource.
 *
 * @throws LockstepError `UnsupportedPolicy` for key policies and trust policies, which decide by rules of
 * their own, and where the caller is not known
 */
export function scanResourcePolicies(
  policies: readonly NamedPolicy<'resource'>[],
  call: Call,
  request: IamRequest,
): Scan {
  if (/^(kms|sts):/.test(call.action)) {
    const allowed = 'services whose resource policies add to identity policies';
    throw unsupported('resource policy', request.action, allowed, 'Leave the policy of the resource out.');
  }
  const caller = callerOf(request);
  return scan(policies, call, ({ principal }) => {
    if (principal && nameCaller(principal, caller) !== 'none') return undefined;
    return `Principal: got "${caller}", allowed ${quoted([...(principal?.aws ?? []), ...(principal?.services ?? [])])}`;
  });
}

/**
 * The statement that grants the call on its own, without an identity policy. One that names the account
 * does not: it leaves the decision to the account's identity policies.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function directGrant(hits: readonly Hit[], request: IamRequest): Hit | undefined {
  const naming = ({ principal }: Statement): Naming =>
    principal ? nameCaller(principal, callerOf(request)) : 'none';
  return hits.find(({ statement }) => naming(statement) !== 'account');
}

/**
 * True when the resource belongs to another account than the caller. Then both accounts must allow.
 *
 * @throws LockstepError `UnsupportedPolicy` where neither ARN nor context tell the resource's account
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function isForeign(request: IamRequest): boolean {
  const owner = accountOf(request.resource) || lookupIn(request.context)('aws:ResourceAccount');
  if (typeof owner === 'string') return owner !== accountOf(callerOf(request));
  const change = 'Give aws:ResourceAccount in the context.';
  throw unsupported('request resource', request.resource, 'a resource whose account is known', change);
}

function callerOf({ principal }: IamRequest): string {
  const parts = arnParts(principal ?? '');
  if (principal !== undefined && parts.length === ARN_PARTS && /^\d{12}$/.test(parts[4] ?? ''))
    return principal;
  throw unsupported('request principal', principal, 'the ARN of a user, role or session', 'Say who calls.');
}
