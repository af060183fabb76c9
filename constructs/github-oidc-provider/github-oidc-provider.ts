import { RemovalPolicy } from 'aws-cdk-lib';
import { OidcProviderNative } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

/** Host of GitHub's token issuer; condition keys of trust policies begin with it. */
export const GITHUB_ISSUER = 'token.actions.githubusercontent.com';

/** Audience that `configure-aws-credentials` asks for. */
export const STS_AUDIENCE = 'sts.amazonaws.com';

/** ARN of the one GitHub provider that an account can have. */
export function githubOidcProviderArn(account: string): string {
  return `arn:aws:iam::${account}:oidc-provider/${GITHUB_ISSUER}`;
}

/**
 * GitHub as identity provider of an AWS account. Needed once in each account; where one is there
 * already, leave this construct out: roles refer to it by `githubOidcProviderArn`.
 *
 * It is the native resource, without Lambda function. AWS verifies GitHub by its own certificate
 * authorities, so no thumbprint is given.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html
 */
export class GithubOidcProvider extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const provider = new OidcProviderNative(this, 'Provider', {
      url: `https://${GITHUB_ISSUER}`,
      clientIds: [STS_AUDIENCE],
    });
    // Every role of every repository that signs in to this account hangs on it.
    provider.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
