import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import type { ActionRun } from '../github/action-stand-in';
import { refuseBeyondLoopback } from './loopback-request';

/** Retries after the first try, as the SDK does by itself. */
const RETRIES = 2;

/** Longest pause before the first retry; it doubles with each. The SDK draws a part of it, a rehearsal takes half. */
const PAUSE_SECONDS = 0.1;

/**
 * Base address of the emulated AWS, as the SDK reads it from the environment of the step.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 * @throws Error when it is missing or not on this machine
 */
export function endpointOf({ env }: ActionRun, service: 'STS' | 'ECR'): string {
  const endpoint = env[`AWS_ENDPOINT_URL_${service}`] ?? env.AWS_ENDPOINT_URL;
  if (endpoint === undefined) throw new Error('AWS_ENDPOINT_URL is missing from the environment of the step');
  refuseBeyondLoopback(endpoint);
  return endpoint.replace(/\/+$/, '');
}

/** Keys as the environment of a step carries them. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Keys of the environment; nothing when there are none. An empty variable is none. */
export function keysOf(env: Readonly<Record<string, string>>): Keys | undefined {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) return undefined;
  const session = AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {};
  return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, ...session };
}

/**
 * Settings of an SDK client that calls the emulated AWS and waits in virtual time.
 *
 * @param keys not needed for the operations that nobody signs
 */
export function clientSettings(step: ActionRun, service: 'STS' | 'ECR', region: string, keys?: Keys) {
  return {
    endpoint: endpointOf(step, service),
    region,
    ...(keys === undefined ? {} : { credentials: keys }),
    retryStrategy: new ConfiguredRetryStrategy(RETRIES, (attempt) => {
      step.clock.pass((PAUSE_SECONDS * 2 ** attempt) / 2);
      return 0;
    }),
  };
}
