import { createHmac, timingSafeEqual } from 'node:crypto';

/** Claims of a token as they are written; times are seconds since the epoch. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * A signed token. GitHub signs with RS256; who checks this one has the key, so HS256 does.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7519
 */
export function signToken(claims: Claims, key: Buffer): string {
  const signed = `${encoded({ typ: 'JWT', alg: 'HS256', kid: 'rehearsal' })}.${encoded(claims)}`;
  return `${signed}.${signature(signed, key)}`;
}

/** The claims of a token, or nothing when it was not signed with the key. */
export function readToken(token: string, key: Buffer): Claims | undefined {
  const [header = '', payload = '', given = '', ...more] = token.split('.');
  const expected = Buffer.from(signature(`${header}.${payload}`, key));
  const found = Buffer.from(given);
  if (more.length > 0 || found.length !== expected.length || !timingSafeEqual(found, expected))
    return undefined;
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

const signature = (text: string, key: Buffer): string =>
  createHmac('sha256', key).update(text).digest('base64url');
