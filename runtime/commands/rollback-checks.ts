import type { Check, RollbackOutcome, Version } from '../../contract/deployer';
import type { LockstepError } from '../../contract/errors';
import type { Session } from '../session';
import { failedOf, sentenceOf, verificationFailure, verifyUntilGood } from './verification';
import type { DeployerFor } from './verbs';

export interface RollbackChecks {
  /** Absent when there is no version to check. */
  readonly checks?: readonly Check[];
  readonly failure?: LockstepError;
}

/**
 * Checks what a rollback has led to. A version that Lockstep went back to must run, or the rollback has
 * failed. Where Lockstep changed nothing, it looks once and warns: what it finds is not its doing. What passes is
 * confirmed. There
 * is no version to check after going back to zero tasks, and none of one's own after `leftToOther`.
 */
export async function checkOutcome(
  session: Session,
  deployer: DeployerFor<'rollback --image'>,
  { result, to }: RollbackOutcome,
  name: string,
): Promise<RollbackChecks> {
  if (to === undefined || result === 'leftToOther') return {};
  session.phase('Verify');
  if (result !== 'rolledBack') return lookOnce(session, deployer, to);
  const checks = await verifyUntilGood(deployer, to, session.context);
  const failure = verificationFailure(checks, name);
  if (failure) return { checks, failure };
  await deployer.confirm?.(to, session.context);
  return { checks };
}

async function lookOnce(
  session: Session,
  deployer: DeployerFor<'rollback --image'>,
  version: Version,
): Promise<RollbackChecks> {
  const warn = (message: string) => session.emit({ code: 'rollback.unverified', level: 'warning', message });
  try {
    const checks = await deployer.verify(version, session.context);
    const failed = failedOf(checks);
    if (failed.length > 0) warn(`${version.name} is not as it should be: ${sentenceOf(failed)}`);
    else await deployer.confirm?.(version, session.context);
    return { checks };
  } catch (error) {
    warn(`${version.name} could not be checked: ${error instanceof Error ? error.message : String(error)}`);
    return {};
  }
}
