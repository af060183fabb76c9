import type { Construct } from 'constructs';
import { GithubOidcProvider } from '../../constructs/github-oidc-provider';
import { PlatformStack } from './platform-stack';

/** Once for each account: GitHub may sign in here at all. Roles say who. */
export class AccessStack extends PlatformStack {
  constructor(scope: Construct, id: string, env: { readonly account: string; readonly region: string }) {
    super(scope, id, {
      env,
      stackName: id,
      description: 'GitHub as identity provider of this account',
      terminationProtection: true,
    });
    new GithubOidcProvider(this, 'Github');
  }
}
