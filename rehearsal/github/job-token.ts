import { z } from 'zod';
import type { Permissions } from './permissions';

const PREFIX = 'ghs_rehearsedTokenOfTheJob_';

const Written = z.record(z.string(), z.string());

/** The token of a job. What it may stands in it, so that whoever is asked with it knows. */
export const jobToken = (permissions: Permissions): string =>
  `${PREFIX}${Buffer.from(JSON.stringify(permissions)).toString('base64url')}`;

/** What a token may; undefined for what is no token of a job. */
export function permissionsOf(token: string): Permissions | undefined {
  if (!token.startsWith(PREFIX)) return undefined;
  return Written.parse(JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString('utf8')));
}
