import { LockstepError, type RoleEntry } from '../../contract';
import type { AssumedRole, UsesStep } from '../plan/model';
import { usesStep } from './uses';

/** Shortest session that AWS gives, in minutes. */
const SHORTEST_SESSION = 15;
/** Longest name of a session, less the room for the id of the run and a hyphen. */
const LONGEST_PREFIX = 64 - 21;

/**
 * The session that a job asks for: as long as the job may run.
 *
 * @param place what runs, for the message
 * @throws LockstepError `SessionTooShort`
 */
export function assume(role: RoleEntry, timeoutMinutes: number, place: string): AssumedRole {
  if (timeoutMinutes > role.maxSessionMinutes) {
    throw new LockstepError('SessionTooShort', {
      place: `${place}, role ${role.name} (${role.constructPath})`,
      value: `a timeout of ${timeoutMinutes} minutes`,
      allowed: `at most ${role.maxSessionMinutes} minutes, the longest session of the role`,
      change: `raise the longest session of the role to ${timeoutMinutes} minutes or shorten the deployment timeout`,
    });
  }
  return { id: role.id, sessionMinutes: Math.max(timeoutMinutes, SHORTEST_SESSION) };
}

/**
 * Trades the job's own OIDC token for a session of the role.
 *
 * @see https://github.com/aws-actions/configure-aws-credentials#oidc
 */
export function signIn(role: RoleEntry, session: AssumedRole, region: string, purpose: string): UsesStep {
  return usesStep({
    name: 'Sign in to AWS',
    uses: 'aws-actions/configure-aws-credentials',
    with: {
      'role-to-assume': role.arn,
      'aws-region': region,
      'role-session-name': `${purpose.slice(0, LONGEST_PREFIX)}-\${{ github.run_id }}`,
      'role-duration-seconds': session.sessionMinutes * 60,
      'allowed-account-ids': role.account,
      'mask-aws-account-id': true,
    },
  });
}
