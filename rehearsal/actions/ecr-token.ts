import { type AuthorizationData, ECRClient, GetAuthorizationTokenCommand } from '@aws-sdk/client-ecr';
import type { ActionRun } from '../github/action-stand-in';
import { clientSettings, keysOf } from './aws-client';

/** A key for a registry: user and password in Base64. */
export interface EcrLogin {
  /** Host, such as `111111111111.dkr.ecr.eu-central-1.amazonaws.com`. */
  readonly registry: string;
  readonly auth: string;
}

/**
 * Keys for registries, with the credentials in the environment of the step.
 *
 * @param accounts whose registries. @default - that of the caller
 * @param region @default - that of the environment
 * @see https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
 * @throws Error as AWS words it
 */
export async function ecrLogins(
  step: ActionRun,
  accounts: readonly string[] = [],
  region: string | undefined = step.env.AWS_REGION || step.env.AWS_DEFAULT_REGION,
): Promise<readonly EcrLogin[]> {
  const keys = keysOf(step.env);
  if (!region) throw new Error('Region is missing');
  if (keys === undefined) throw new Error('Could not load credentials from any providers');
  const client = new ECRClient(clientSettings(step, 'ECR', region, keys));
  const ids = accounts.length === 0 ? {} : { registryIds: [...accounts] };
  try {
    const { authorizationData = [] } = await client.send(new GetAuthorizationTokenCommand(ids));
    if (authorizationData.length === 0) {
      throw new Error('Could not retrieve an authorization token from Amazon ECR');
    }
    return authorizationData.map(loginFrom);
  } finally {
    client.destroy();
  }
}

function loginFrom({ authorizationToken, proxyEndpoint }: AuthorizationData): EcrLogin {
  if (!authorizationToken || !proxyEndpoint) throw new Error('ECR answered without token or address');
  return { registry: proxyEndpoint.replace(/^https?:\/\//, ''), auth: authorizationToken };
}
