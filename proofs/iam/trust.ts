import { allowed, type Decision, explicitlyDenied, implicitlyDenied } from './decision';
import type { NamedPolicy } from './policy';
import { namesProvider } from './principal';
import { checkRequest, lookupIn, type RequestContext } from './request';
import { quoted, scan } from './statement';

/** Somebody signed in at an identity provider asks for a session of a role. */
export interface TrustRequest {
  /** ARN of the identity provider that issued the token. */
  readonly provider: string;
  /** Such as `sts:AssumeRoleWithWebIdentity`. */
  readonly action: string;
  /** Claims of the token as condition keys, such as `token.actions.githubusercontent.com:sub`. */
  readonly context: RequestContext;
}

/**
 * Decides whether a role's trust policy lets a federated caller in.
 *
 * @throws LockstepError `UnsupportedPolicy` where the answer would be a guess
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 * @see https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws
 */
export function evaluateTrust(policy: NamedPolicy<'trust'>, request: TrustRequest): Decision {
  checkRequest({ action: request.action, resource: '*' });
  const call = { action: request.action.toLowerCase(), lookup: lookupIn(request.context) };
  const { denies, allows, misses } = scan([policy], call, ({ principal }) => {
    if (principal && namesProvider(principal, request.provider)) return undefined;
    const names = [
      ...(principal?.federated ?? []),
      ...(principal?.aws ?? []),
      ...(principal?.services ?? []),
    ];
    return `Principal: got "${request.provider}", allowed ${quoted(names)}`;
  });
  const [denied] = denies;
  if (denied) return explicitlyDenied(denied);
  const [grant] = allows;
  if (grant) return allowed(grant);
  return implicitlyDenied(
    misses.length > 0 ? misses : [`no statement of policy "${policy.name}" allows ${request.action}`],
  );
}
