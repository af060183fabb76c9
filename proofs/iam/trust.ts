import { allowed, type Decision, explicitlyDenied, implicitlyDenied } from './decision';
import type { NamedPolicy } from './policy';
import { namesProvider, namesService, type PrincipalSelection } from './principal';
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
  const { provider, action, context } = request;
  return decide(policy, action, context, provider, (principal) => namesProvider(principal, provider));
}

/** A service of AWS asks for a session of a role, to work in somebody's name. */
export interface ServiceTrustRequest {
  /** Such as `sagemaker.amazonaws.com`. */
  readonly service: string;
  readonly action: string;
  /** What the service says about whom it works for, such as `aws:SourceAccount`. */
  readonly context: RequestContext;
}

/**
 * Decides whether a role's trust policy lets a service in.
 *
 * @throws LockstepError `UnsupportedPolicy` where the answer would be a guess
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export function evaluateServiceTrust(policy: NamedPolicy<'trust'>, request: ServiceTrustRequest): Decision {
  const { service, action, context } = request;
  return decide(policy, action, context, service, (principal) => namesService(principal, service));
}

function decide(
  policy: NamedPolicy<'trust'>,
  action: string,
  context: RequestContext,
  caller: string,
  names: (principal: PrincipalSelection) => boolean,
): Decision {
  checkRequest({ action, resource: '*' });
  const call = { action: action.toLowerCase(), lookup: lookupIn(context) };
  const { denies, allows, misses } = scan([policy], call, ({ principal }) => {
    if (principal && names(principal)) return undefined;
    const named = [
      ...(principal?.federated ?? []),
      ...(principal?.aws ?? []),
      ...(principal?.services ?? []),
    ];
    return `Principal: got "${caller}", allowed ${quoted(named)}`;
  });
  const [denied] = denies;
  if (denied) return explicitlyDenied(denied);
  const [grant] = allows;
  if (grant) return allowed(grant);
  return implicitlyDenied(
    misses.length > 0 ? misses : [`no statement of policy "${policy.name}" allows ${action}`],
  );
}
