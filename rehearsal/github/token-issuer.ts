import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GITHUB_ISSUER, type JobRun, mint, type Token } from '../../proofs/claims';
import { ApiFault } from '../aws/service';
import type { TokenReader } from '../aws/sts/token-reader';
import type { VirtualClock } from '../clock/virtual-clock';
import { readToken, signToken } from './json-web-token';

/** Seconds for which a token is good. */
const LIFETIME = 300;

/** A job that may ask for tokens. */
export interface TokenHolder extends Omit<JobRun, 'audience'> {
  readonly sha: string;
  readonly runId: string;
  readonly runAttempt: number;
  /** What a token says besides the claims that trust policies read. @default - nothing */
  readonly claims?: Token;
}

/** What lets a job ask, until it has ended. */
export interface TokenGrant {
  readonly environment: Readonly<
    Record<'ACTIONS_ID_TOKEN_REQUEST_URL' | 'ACTIONS_ID_TOKEN_REQUEST_TOKEN', string>
  >;
  /** Hidden in logs. */
  readonly secret: string;
  close(): void;
}

/**
 * GitHub's issuer of OIDC tokens, on loopback. Tokens live by the virtual clock.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export class TokenIssuer implements TokenReader {
  static async start(clock: VirtualClock): Promise<TokenIssuer> {
    const issuer = new TokenIssuer(clock);
    await new Promise<void>((resolve, reject) => {
      issuer.server.once('error', reject);
      issuer.server.listen(0, '127.0.0.1', resolve);
    });
    return issuer;
  }

  private readonly key = randomBytes(32);
  private readonly holders = new Map<string, TokenHolder>();
  private readonly server = createServer((request, response) => this.answer(request, response));
  private grants = 0;
  private issued = 0;

  private constructor(private readonly clock: VirtualClock) {}

  /** Lets a job ask for tokens. */
  grant(holder: TokenHolder): TokenGrant {
    this.grants += 1;
    const secret = `rehearsed-request-token-${String(this.grants).padStart(16, '0')}`;
    this.holders.set(secret, holder);
    const { port } = this.server.address() as AddressInfo;
    return {
      environment: {
        ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${port}/idtoken?api-version=2.0`,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret,
      },
      secret,
      close: () => void this.holders.delete(secret),
    };
  }

  /** A token for a job, as the endpoint gives it. */
  issue(holder: TokenHolder, audience: string): string {
    this.issued += 1;
    const now = Math.floor(this.clock.now() / 1_000);
    const { sha, runId, runAttempt, claims } = holder;
    return signToken(
      {
        jti: `rehearsed-token-${this.issued}`,
        iss: `https://${GITHUB_ISSUER}`,
        ...mint({ ...holder, audience }),
        sha,
        run_id: runId,
        run_attempt: String(runAttempt),
        ...claims,
        nbf: now - LIFETIME,
        iat: now,
        exp: now + LIFETIME,
      },
      this.key,
    );
  }

  /**
   * What STS does with a token before it looks at the role.
   *
   * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html#API_AssumeRoleWithWebIdentity_Errors
   * @throws ApiFault `InvalidIdentityToken`, `ExpiredTokenException`
   */
  read(token: string): { readonly issuer: string; readonly claims: Token } {
    const claims = readToken(token, this.key);
    if (!claims) {
      throw new ApiFault(
        'InvalidIdentityToken',
        'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
      );
    }
    const now = Math.floor(this.clock.now() / 1_000);
    if (Number(claims.exp) <= now) {
      throw new ApiFault(
        'ExpiredTokenException',
        `Token expired: current date/time ${now} must be before the expiration date/time ${String(claims.exp)}`,
      );
    }
    const texts = Object.entries(claims).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    );
    return { issuer: String(claims.iss).replace(/^https:\/\//, ''), claims: Object.fromEntries(texts) };
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private answer({ headers, url = '', method }: IncomingMessage, response: ServerResponse): void {
    const holder = this.holders.get(/^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
    const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (method !== 'GET' || pathname !== '/idtoken') return send(404, { message: 'Not Found' });
    if (!holder) return send(401, { message: 'the job has ended, or was not given this request token' });
    const audience = searchParams.get('audience') || `https://github.com/${holder.repository.owner}`;
    send(200, { count: 1, value: this.issue(holder, audience) });
  }
}
