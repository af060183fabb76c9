import type { Incoming } from '../protocol';

/** Who signed a request, and for which service and region. The signature itself is not checked. */
export interface Credential {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** Missing for keys of users, which have no session. */
  readonly sessionToken?: string;
}

const SCOPE = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/;

/**
 * From the header, or from the query of a presigned URL. Undefined for a request that nobody signed.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function credentialOf({ headers, query }: Incoming): Credential | undefined {
  const [, signed] = /Credential=([^,\s]+)/.exec(headers.authorization ?? '') ?? [];
  const [, accessKeyId, region, service] = SCOPE.exec(signed ?? query.get('X-Amz-Credential') ?? '') ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  const token = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token');
  return { accessKeyId, region, service, ...(typeof token === 'string' && { sessionToken: token }) };
}
