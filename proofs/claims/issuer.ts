/** Host of GitHub's token issuer. A GitHub Enterprise Server, or an enterprise with its own issuer path, has another. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';

/** What `configure-aws-credentials` asks for when its `audience` input is not given. */
export const DEFAULT_AUDIENCE = 'sts.amazonaws.com';

export const WEB_IDENTITY_ACTION = 'sts:AssumeRoleWithWebIdentity';

/**
 * Claims of a GitHub token that AWS makes into condition keys. Every other claim is in the token but
 * absent from the request, so that a condition on it denies everybody.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif
 */
export const CONDITION_CLAIMS: readonly string[] = [
  'aud',
  'sub',
  'actor',
  'actor_id',
  'enterprise_id',
  'environment',
  'job_workflow_ref',
  'ref',
  'repository',
  'repository_id',
  'repository_owner_id',
  'workflow',
];

/** Claims of a token. GitHub sends single values; the list is for tokens that somebody made up. */
export type Token = Readonly<Record<string, string | readonly string[]>>;

/** Name of the condition key for a claim. */
export const conditionKey = (claim: string, issuer: string = GITHUB_ISSUER): string => `${issuer}:${claim}`;

const GITHUB_KEYS = CONDITION_CLAIMS.map((claim) => [claim, conditionKey(claim)] as const);

/** The request context that AWS makes of a token. */
export function contextOf(token: Token, issuer: string = GITHUB_ISSUER): Token {
  const keys =
    issuer === GITHUB_ISSUER
      ? GITHUB_KEYS
      : CONDITION_CLAIMS.map((claim) => [claim, conditionKey(claim, issuer)] as const);
  const context: Record<string, string | readonly string[]> = {};
  for (const [claim, key] of keys) {
    const value = token[claim];
    if (value !== undefined) context[key] = value;
  }
  return context;
}

/** ARN of the identity provider that an account keeps for an issuer. */
export const providerArn = (account: string, issuer: string = GITHUB_ISSUER): string =>
  `arn:aws:iam::${account}:oidc-provider/${issuer}`;
