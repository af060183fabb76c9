import { refuseOthers } from '../modelled-members';
import { ApiFault, type Operation, stringsOf } from '../service';
import type { EcrHolder } from './repository';
import type { RegistrySession } from './state';

/** A password of the registry is good for twelve hours, whatever becomes of the session that asked. */
const VALID_MS = 12 * 3_600_000;

/** Passwords of the registry. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html */
export function sessionOperations(ecr: EcrHolder): Readonly<Record<string, Operation>> {
  return {
    GetAuthorizationToken: {
      source: 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html',
      questions: () => [{ action: 'ecr:GetAuthorizationToken', resource: '*' }],
      handle: (input, { caller, account, region, now }) => {
        refuseOthers('ecr:GetAuthorizationToken', input, ['registryIds']);
        if (!caller) throw new ApiFault('InvalidParameterException', 'the call is not signed');
        const registries = input.registryIds === undefined ? [account] : stringsOf(input, 'registryIds');
        const password = `registry-password-${++ecr.state.lastId}`;
        const expiresAt = now + VALID_MS;
        ecr.state.sessions.set(password, { caller, expiresAt });
        const authorizationToken = Buffer.from(`AWS:${password}`).toString('base64');
        return {
          authorizationData: registries.map((registry) => ({
            authorizationToken,
            expiresAt: new Date(expiresAt),
            proxyEndpoint: `https://${registry}.dkr.ecr.${region}.amazonaws.com`,
          })),
        };
      },
    },
  };
}

/**
 * Whom a request of the Docker registry protocol comes from.
 *
 * @param header `Authorization`
 * @throws ApiFault `Unauthorized` with status 401, `Denied` with status 403 for a password of yesterday
 */
export function sessionOf({ state }: EcrHolder, header: string | undefined, now: number): RegistrySession {
  const [, encoded = ''] = /^Basic (\S+)$/i.exec(header ?? '') ?? [];
  const [, password = ''] = /^AWS:(.+)$/.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  const session = state.sessions.get(password);
  if (!session) throw new ApiFault('Unauthorized', 'Not Authorized', 401);
  if (session.expiresAt > now) return session;
  throw new ApiFault('Denied', 'Your authorization token has expired. Reauthenticate and try again.', 403);
}
