import { arnParts } from './operators';
import { unsupported } from './refusal';

/** `Principal` or, negated, `NotPrincipal`. `"*"` stands as AWS principal `*`: everyone. */
export interface PrincipalSelection {
  readonly place: string;
  readonly negated: boolean;
  /** `*`, account ids, and ARNs of accounts, users, roles and role sessions. */
  readonly aws: readonly string[];
  readonly services: readonly string[];
  /** ARNs of OIDC and SAML providers, and names of public providers. */
  readonly federated: readonly string[];
  readonly canonicalUsers: readonly string[];
}

/** The `Principal` element as the grammar has it. */
export interface PrincipalDocument {
  readonly AWS?: readonly string[] | undefined;
  readonly Service?: readonly string[] | undefined;
  readonly Federated?: readonly string[] | undefined;
  readonly CanonicalUser?: readonly string[] | undefined;
}

const EVERYONE = '*';
const AWS_PRINCIPAL = /^(\*|\d{12}|arn:[a-z-]+:(iam|sts)::\d{12}:[^*?]+)$/;

/**
 * @throws LockstepError `UnsupportedPolicy` for a wildcard inside a name, a unique id, or an `Allow` for
 * everybody but some
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function parsePrincipals(
  statement: string,
  document: PrincipalDocument,
  negated: boolean,
  effect: 'Allow' | 'Deny',
): PrincipalSelection {
  const place = `${statement}.${negated ? 'NotPrincipal' : 'Principal'}`;
  const { AWS: aws = [], Service: services = [], Federated: federated = [] } = document;
  const odd =
    aws.find((principal) => !AWS_PRINCIPAL.test(principal)) ??
    [...services, ...federated].find((principal) => /[*?]/.test(principal));
  if (odd !== undefined) {
    const change = 'Name the principal in full; * alone means everyone, as AWS principal.';
    throw unsupported(place, odd, 'whole ARNs, account ids and provider names', change);
  }
  if (negated && effect === 'Allow') {
    throw unsupported(place, document, 'NotPrincipal with Deny only', 'List the principals that are meant.');
  }
  return { place, negated, aws, services, federated, canonicalUsers: document.CanonicalUser ?? [] };
}

/** How a statement names a caller: by its own name, by its account, as everyone, or not at all. */
export type Naming = 'itself' | 'account' | 'everyone' | 'none';

/**
 * How a statement of a resource policy names the user, role or role session that calls.
 *
 * @throws LockstepError `UnsupportedPolicy` for `NotPrincipal`, federated and canonical principals
 */
export function nameCaller(selection: PrincipalSelection, caller: string): Naming {
  const { place, negated, aws, federated, canonicalUsers } = selection;
  if (negated || federated.length > 0 || canonicalUsers.length > 0) {
    const allowed = 'AWS and service principals in a resource policy';
    throw unsupported(place, selection, allowed, 'Name users, roles or accounts in Principal.');
  }
  if (aws.some((principal) => isSame(principal, caller))) return 'itself';
  if (aws.includes(EVERYONE)) return 'everyone';
  const account = accountOf(caller);
  const ownsCaller = (principal: string) =>
    principal === account || (/:iam::\d{12}:root$/.test(principal) && accountOf(principal) === account);
  return aws.some(ownsCaller) ? 'account' : 'none';
}

/**
 * True when a trust statement is about the federated caller.
 *
 * @throws LockstepError `UnsupportedPolicy` for `NotPrincipal`
 */
export function namesProvider(selection: PrincipalSelection, provider: string): boolean {
  refuseNegated(selection, 'Name the provider in Principal.');
  return selection.federated.includes(provider) || selection.aws.includes(EVERYONE);
}

/**
 * True when a trust statement is about the service of AWS.
 *
 * @throws LockstepError `UnsupportedPolicy` for `NotPrincipal`
 */
export function namesService(selection: PrincipalSelection, service: string): boolean {
  refuseNegated(selection, 'Name the service in Principal.');
  return selection.services.includes(service) || selection.aws.includes(EVERYONE);
}

function refuseNegated(selection: PrincipalSelection, change: string): void {
  if (selection.negated) throw unsupported(selection.place, selection, 'Principal', change);
}

/** The account of a principal's ARN. */
export const accountOf = (arn: string): string => arnParts(arn)[4] ?? '';

/**
 * A session is named by its own ARN or by that of its role. The session's ARN does not hold the path
 * of the role; names of roles are unique in an account, whatever their path.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
function isSame(principal: string, caller: string): boolean {
  if (principal === caller) return true;
  const [, sessionRole] = /^assumed-role\/([^/]+)\/[^/]+$/.exec(arnParts(caller)[5] ?? '') ?? [];
  const [, role] = /^role\/(?:.*\/)?([^/]+)$/.exec(arnParts(principal)[5] ?? '') ?? [];
  return role !== undefined && role === sessionRole && accountOf(principal) === accountOf(caller);
}
