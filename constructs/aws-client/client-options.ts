import type { AwsConnection } from '../../contract/deployer';

const DEFAULT_MAX_ATTEMPTS = 8;
const DEFAULT_RETRY_DELAY_MS = 200;
const LONGEST_RETRY_DELAY_MS = 20_000;
const CONNECTION_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 30_000;

interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

interface RetryFailure {
  readonly errorType: 'TRANSIENT' | 'THROTTLING' | 'SERVER_ERROR' | 'CLIENT_ERROR';
}

/** The retry port of every client of the AWS SDK. */
export interface RetryStrategy {
  acquireInitialRetryToken(scope: string): Promise<RetryToken>;
  refreshRetryTokenForRetry(token: RetryToken, failure: RetryFailure): Promise<RetryToken>;
  recordSuccess(token: RetryToken): void;
}

/** What every client of the AWS SDK is made with. */
export interface ClientOptions {
  readonly region: string;
  readonly endpoint?: string;
  readonly retryStrategy: RetryStrategy;
  readonly requestHandler: {
    readonly connectionTimeout: number;
    readonly requestTimeout: number;
    readonly throwOnRequestTimeout: true;
  };
}

/**
 * Time limits, so that a dead connection does not outlive a deadline, and retries with back-off. The
 * pool of the SDK keeps connections alive between polls; `destroy()` of the client closes it.
 */
export function clientOptions(connection: AwsConnection): ClientOptions {
  return {
    region: connection.region,
    ...(connection.endpoint === undefined ? {} : { endpoint: connection.endpoint }),
    retryStrategy: retryWithBackOff(
      connection.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
      connection.retryDelayMs ?? DEFAULT_RETRY_DELAY_MS,
    ),
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
  };
}

/**
 * Doubles the delay with each retry, up to twenty seconds, and draws it at random below that, so that
 * jobs which were throttled together do not come back together.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function retryWithBackOff(
  maxAttempts: number,
  baseMs: number,
  random: () => number = Math.random,
): RetryStrategy {
  return {
    acquireInitialRetryToken: () => Promise.resolve(token(0, 0)),
    refreshRetryTokenForRetry: (previous, { errorType }) => {
      const retry = previous.getRetryCount() + 1;
      if (retry >= maxAttempts) return Promise.reject(new Error(`no success in ${maxAttempts} attempts`));
      if (errorType === 'CLIENT_ERROR') return Promise.reject(new Error('not worth another attempt'));
      const ceiling = Math.min(LONGEST_RETRY_DELAY_MS, baseMs * 2 ** (retry - 1));
      // Half is kept, so that a throttled caller never comes back at once.
      return Promise.resolve(token(retry, Math.round(ceiling / 2 + (random() * ceiling) / 2)));
    },
    recordSuccess: () => undefined,
  };
}

const token = (count: number, delay: number): RetryToken => ({
  getRetryCount: () => count,
  getRetryDelay: () => delay,
});
