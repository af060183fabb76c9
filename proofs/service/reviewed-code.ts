import { z } from 'zod';
import { checksumOf } from '../node/reviewed-scripts';
import reviewed from './reviewed-code.json';
import type { Wrong } from './template';

/** What judges a version before and after a deployment. */
export const VERIFICATION_CODE = 'constructs/ecs-service/verification/handler.js';

/**
 * Checksum of what was reviewed, by its path in the repository. A template is made of the file itself, so that comparing
 * the two would show nothing: the checksum is changed in the commit in which the change of the code was reviewed.
 */
export const REVIEWED_CODE: Readonly<Record<string, string>> = z
  .record(z.string(), z.string().regex(/^[0-9a-f]{64}$/))
  .parse(reviewed);

/** @returns what is wrong, and what is allowed; nothing for the code that was reviewed */
export function codeDifference(code: string): Wrong | undefined {
  const sha256 = checksumOf(code);
  const expected = REVIEWED_CODE[VERIFICATION_CODE];
  if (sha256 === expected) return undefined;
  return [
    `code with the SHA-256 ${sha256}`,
    `${VERIFICATION_CODE} as it was reviewed, ${String(expected)}: a change that was reviewed is written to proofs/service/reviewed-code.json`,
  ];
}
