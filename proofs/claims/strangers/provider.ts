import { contextOf, GITHUB_ISSUER, providerArn, WEB_IDENTITY_ACTION } from '../issuer';
import { mint } from '../mint';
import type { Base, Stranger } from './stranger';

/** An account that belongs to nobody of the platform. */
const FOREIGN_ACCOUNT = '999999999999';

/** Callers who do not come through the GitHub provider of the account. */
export function providerStrangers(base: Base): readonly Stranger[] {
  const { run, account, otherAccounts, context } = base;
  const { owner } = run.repository;
  const ours = providerArn(account);
  const stranger = (name: string, reason: string, attempt: Partial<Stranger['attempt']>): Stranger => ({
    name,
    reason,
    family: 'provider',
    attempt: { provider: ours, action: WEB_IDENTITY_ACTION, context, ...attempt },
  });
  // The keys of another issuer bear its name; the attacker is given ours as well.
  const issued = (name: string, reason: string, issuer: string): Stranger =>
    stranger(name, reason, {
      provider: providerArn(account, issuer),
      context: { ...context, ...contextOf(mint(run), issuer) },
    });
  const own = 'who runs an issuer writes any claim into its tokens';
  return [
    issued('GitHub Enterprise Server', own, `github.${owner}.example/_services/token`),
    issued('issuer of an enterprise', 'another enterprise has such a path', `${GITHUB_ISSUER}/${owner}`),
    issued('issuer that begins so', own, `${GITHUB_ISSUER}.evil.example`),
    issued('issuer that ends so', own, `evil.${GITHUB_ISSUER}`),
    issued('GitLab', 'its projects may have the same names', 'gitlab.com'),
    ...[...otherAccounts, FOREIGN_ACCOUNT].map((other) =>
      stranger(`GitHub provider of account ${other}`, 'a provider counts in its own account only', {
        provider: providerArn(other),
      }),
    ),
    stranger('Google', 'anybody has an account there', { provider: 'accounts.google.com' }),
    stranger('Cognito', 'anybody may make an identity pool', { provider: 'cognito-identity.amazonaws.com' }),
    stranger('SAML', 'it has no claims of GitHub', {
      provider: `arn:aws:iam::${account}:saml-provider/${owner}`,
      action: 'sts:AssumeRoleWithSAML',
    }),
    stranger('another account of AWS', 'it needs no token at all', {
      provider: `arn:aws:iam::${FOREIGN_ACCOUNT}:root`,
      action: 'sts:AssumeRole',
      context: {},
    }),
    stranger('a role of the same account', 'jobs of the account would become the pipeline', {
      provider: `arn:aws:iam::${account}:role/other`,
      action: 'sts:AssumeRole',
      context: {},
    }),
    stranger('sts:AssumeRole with our claims', 'a session without a check of the token', {
      action: 'sts:AssumeRole',
    }),
    stranger('sts:TagSession with our claims', 'tags of a session may open other doors', {
      action: 'sts:TagSession',
    }),
    stranger('token without claims', 'everybody on GitHub has one with more', { context: {} }),
  ];
}
