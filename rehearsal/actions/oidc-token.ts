import type { ActionRun } from '../github/action-stand-in';
import { loopbackRequest } from './loopback-request';

/** Whether the job may ask for a token: GitHub sets these only with `id-token: write`. */
export function mayAskForToken({ env }: ActionRun): boolean {
  return Boolean(env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) && Boolean(env.ACTIONS_ID_TOKEN_REQUEST_URL);
}

/**
 * Asks GitHub for the OIDC token of the job.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc#methods-for-requesting-the-oidc-token
 * @throws Error as `@actions/core` words it
 */
export async function oidcToken(step: ActionRun, audience: string): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: secret } = step.env;
  if (!secret) throw new Error('Unable to get ACTIONS_ID_TOKEN_REQUEST_TOKEN env variable');
  if (!url) throw new Error('Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable');
  const { status, body } = await loopbackRequest(`${url}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `Bearer ${secret}`, accept: 'application/json' },
  });
  const token = status === 200 ? valueOf(body.toString('utf8')) : undefined;
  if (token === undefined) {
    throw new Error(`Error message: Failed to get ID Token. \n \n        Error Code : ${status}\n`);
  }
  step.mask(token);
  return token;
}

function valueOf(body: string): string | undefined {
  const answer: unknown = JSON.parse(body);
  if (typeof answer !== 'object' || answer === null || !('value' in answer)) return undefined;
  return typeof answer.value === 'string' ? answer.value : undefined;
}
